/**
 * Web addresses by the WHATWG URL Standard: scheme and host in lower case, IDNA, default port and fragment dropped, dot
 * segments resolved; percent-encodings as RFC 3986 6.2.2 wants them; tracking parameters and credentials dropped. Path,
 * its case and the remaining query stay as they are: servers tell them apart. Without a scheme https is assumed.
 */
import { isTrackingParameter } from '../data/tracking-parameters.js';
import { exactForm, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection } from '../reject-code.js';
import { screened } from '../screen.js';
import { isPublicHost } from '../text/host.js';
import { plainText, unquoted } from '../text/plain-text.js';

const LABEL = /^(?:url|网址|网站|链接|链接地址|网页|地址|link|website|site|域名) ?[:=] ?/iu;
const SCHEME = /^([a-z][a-z0-9+.-]*):(?=\/\/|[^\d/])/i;

/** Undoes the usual ways of making an address unclickable in reports: hxxp, [.], (dot). */
function refanged(text: string): string {
  return text.replace(/^h(?:xx|\*\*|tt)p(s?)(?:\[:\]|:)/i, 'http$1:').replace(/\[(?:\.|dot)\]|\((?:\.|dot)\)|\{\.\}/gi, '.').replace(/\[:\/\/\]/, '://');
}

/** RFC 3986 6.2.2.1 and 6.2.2.2: upper-case hex digits, unreserved characters unencoded. */
function plainEscapes(part: string): string {
  return part.replace(/%([0-9a-f]{2})/gi, (escape, hex: string) => {
    const char = String.fromCharCode(parseInt(hex, 16));
    return /[A-Za-z0-9\-._~]/.test(char) ? char : escape.toUpperCase();
  });
}

function withoutTracking(search: string): string {
  const kept = search.slice(1).split('&').filter((pair) => pair !== '' && !isTrackingParameter((pair.split('=')[0] ?? '').toLowerCase()));
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

function canonicalUrl(address: string): URL | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null) return null;
  url.hash = '';
  url.username = '';
  url.password = '';
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
  url.pathname = plainEscapes(url.pathname);
  url.search = withoutTracking(plainEscapes(url.search));
  return url;
}

function normaliseUrl(text: string): NormaliseResult {
  const bare = refanged(unquoted(text).replace(LABEL, '').replace(/^<|>$/g, ''));
  if (/\s/.test(bare)) return rejection(/\shttps?:\/\//i.test(bare) ? 'SEVERAL_VALUES' : 'URL_INVALID');
  const scheme = SCHEME.exec(bare)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return rejection('URL_SCHEME_UNSUPPORTED');
  const address = scheme !== undefined ? bare : `https://${bare.replace(/^\/\//, '')}`;
  // unescaping can uncover what the parser reads anew (%2e%2e): parse until nothing changes
  let url = canonicalUrl(address);
  for (let round = 0; round < 4 && url !== null; round++) {
    const again = canonicalUrl(url.href);
    if (again?.href === url.href) break;
    url = again;
  }
  if (url === null || url.hostname === '') return rejection('URL_INVALID');
  if (!isPublicHost(url.hostname)) return rejection(url.hostname.includes('.') || url.hostname.startsWith('[') || url.hostname === 'localhost' ? 'HOST_NOT_PUBLIC' : 'URL_INVALID');
  if (plainText(url.href) !== url.href) return rejection('URL_INVALID');
  return { forms: [exactForm('url', url.href), { kind: 'url_host', value: url.hostname, strength: 'weak', variant: 'host-only' }] };
}

export const urlNormaliser: Normaliser = screened({
  kind: 'url',
  version: 1,
  entropy: 'enumerable',
  maxLength: 4096,
  examples: () => [
    { raw: 'HTTPS://EXAMPLE.COM:443/Login?id=7&utm_source=sms#top', canonical: 'https://example.com/Login?id=7' },
    { raw: 'example.com/login', canonical: 'https://example.com/login' },
    { raw: 'hxxps://example[.]com', canonical: 'https://example.com/' },
    { raw: 'https://银行.example/%7euser', canonical: 'https://xn--jn2a72x.example/~user' },
  ],
  rejects: () => [
    { raw: 'ftp://example.com/a', code: 'URL_SCHEME_UNSUPPORTED' },
    { raw: 'http://192.168.1.1/', code: 'HOST_NOT_PUBLIC' },
    { raw: 'http://localhost:8080/', code: 'HOST_NOT_PUBLIC' },
    { raw: '点击链接', code: 'URL_INVALID' },
    { raw: 'https://a.example https://b.example', code: 'SEVERAL_VALUES' },
  ],
}, normaliseUrl);
