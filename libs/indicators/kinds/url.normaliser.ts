/**
 * Web addresses by the WHATWG URL Standard: scheme and host in lower case, IDNA, default port and fragment dropped, dot
 * segments resolved; percent-encodings as RFC 3986 6.2.2 wants them; tracking parameters and credentials dropped. Path,
 * its case and the remaining query stay as they are: servers tell them apart. Without a scheme https is assumed.
 * Share links of short videos and articles become the thing's own address, links of mini-programs the program's (data/link-rules.ts,
 * text/mini-program.ts). Weak forms: what was registered, and the host where that is more; none on hosts that many share.
 */
import { canonicalLink } from '../data/link-rules.js';
import { isCrowdedDomain } from '../data/crowded-hosts.js';
import { isTrackingParameter } from '../data/tracking-parameters.js';
import { exactForm, weakForm, type Form, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection, type RejectCode } from '../reject-code.js';
import { screened } from '../screen.js';
import { asciiHost, isPublicHost, registrableDomain } from '../text/host.js';
import { miniProgramLink } from '../text/mini-program.js';
import { parseUrl } from '#kernel';
import { plainText, trimmedBy, unquoted } from '../text/plain-text.js';
import { refanged } from '../text/refang.js';

const LABEL = /^(?:url|(?:钓鱼|诈骗|恶意|涉诈|下载|推广|登录|落地页|短)?(?:网址|網址|网站|網站|链接|鏈接|連結|网页|網頁|官网|地址)(?:地址)?|link|website|site|域名) ?(?:[:=] ?|(?=h[tx*]{2}p))/iu;
const MAX_LENGTH = 4096;
const SCHEME = /^([a-z][a-z0-9+.-]*):(?=\/\/|[^\d/])/i;
/** The one address inside the text that an app's share button makes: letters of a URL only, so that the Chinese around it ends it. */
const EMBEDDED = /https?:\/\/[\w\-.~:/?#@!$&*+;=%]+/gi;

const OPENING = /[<(【《〈〔「『]/;
const CLOSING = /[>】》〉〕」』]/;
const STOPS = ',;!?.:、。…>》〉】〕」』\'"';
const BEFORE_MESSAGE = /[,;!:、。…(【《「“]+$/u;
const HAN = /\p{Script=Han}/u;
/** A second address behind the host or a stop: not one that the first carries in its query. */
const SECOND = /^https?:\/\/(?:[^/?#]*|[^?#]*[,;|、]\s?)https?:\/\//i;

/** Without the stops of the sentence around it; a closing bracket goes where none was opened. */
function withoutMessageEnd(text: string): string {
  let end = text.length;
  const isUnopened = (close: string, open: string): boolean => text.charAt(end - 1) === close && !text.includes(open);
  while (end > 0 && (STOPS.includes(text.charAt(end - 1)) || isUnopened(')', '(') || isUnopened(']', '['))) end--;
  return text.slice(0, end);
}

/** What a message goes on with behind its address: Han after a stop, or after a letter or digit of the path. Han after `/`, `=` or `-` is the path's. */
function withoutMessage(address: string): string {
  if (!/^https?:\/\//i.test(address) || !HAN.test(address)) return address;
  const behindHost = address.slice(8).search(/[/?#]/);
  const hostEnd = behindHost < 0 ? address.length : behindHost + 8;
  const host = /[,;!、(【《「](?=\p{Script=Han})/u.exec(address.slice(0, hostEnd));
  if (host !== null) return address.slice(0, host.index);
  const from = address.slice(hostEnd).search(HAN);
  if (from < 0) return address;
  const head = address.slice(0, hostEnd + from);
  if (BEFORE_MESSAGE.test(head)) return head.replace(BEFORE_MESSAGE, '');
  return /[A-Za-z0-9]$/.test(head) && !/[?#]/.test(head) ? head : address;
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
  const url = parseUrl(address);
  if (url === null) return null;
  url.hash = '';
  url.username = '';
  url.password = '';
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
  url.pathname = plainEscapes(url.pathname).replaceAll('^', '%5E'); // Node 20 leaves it, later ones encode it (URL Standard, path percent-encode set)
  const link = canonicalLink(url);
  if (link !== null) return new URL(link);
  url.search = withoutTracking(plainEscapes(url.search));
  return url;
}

/** Upper bound of what percent-encoding makes of it: a canonical address must be short enough to be one again. */
function encodedLength(text: string): number {
  let length = text.length;
  for (const char of text) if (char > '~') length += 3 * Math.min(4, Math.max(2, Buffer.byteLength(char))) - char.length;
  return length;
}

function weakForms(host: string): Form[] {
  const registrable = registrableDomain(host);
  if (registrable === null) return [weakForm('url_host', host)];
  if (isCrowdedDomain(registrable)) return [];
  const domain = weakForm('registrable_domain', registrable);
  return host === registrable ? [domain] : [domain, weakForm('url_host', host)];
}

type Read = { readonly url: URL } | { readonly mini: string } | { readonly code: RejectCode };

/** One reading of the text; what is uncovered by it (%2e%2e, a stop at the end) may read anew. */
function readOnce(text: string): Read {
  let bare = refanged(unquoted(trimmedBy(unquoted(text).replace(LABEL, ''), OPENING, CLOSING)).replace(/^\[(?=h[tx*]{2}p)/i, ''));
  const mini = miniProgramLink(bare);
  if (mini !== null) return { mini };
  if (SECOND.test(bare)) return { code: 'SEVERAL_VALUES' };
  if (/[\s\p{Script=Han}]/u.test(bare)) {
    const embedded = bare.match(EMBEDDED) ?? [];
    if (embedded.length > 1) return { code: 'SEVERAL_VALUES' };
    if (/\s/.test(bare) && embedded[0] === undefined) return { code: 'URL_INVALID' };
    if (/\s/.test(bare) || !/^[a-z]/i.test(bare)) bare = embedded[0] ?? bare;
  }
  bare = withoutMessageEnd(withoutMessage(bare));
  const scheme = SCHEME.exec(bare)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return { code: 'URL_SCHEME_UNSUPPORTED' };
  if (encodedLength(bare) > MAX_LENGTH) return { code: 'TOO_LONG' };
  const url = canonicalUrl(scheme !== undefined ? bare : `https://${bare.replace(/^\/\//, '')}`);
  if (url === null || asciiHost(url.hostname) === null || plainText(url.href) !== url.href) return { code: 'URL_INVALID' };
  return url.href.length > MAX_LENGTH ? { code: 'TOO_LONG' } : { url };
}

function normaliseUrl(text: string): NormaliseResult {
  let read = readOnce(text);
  for (let round = 0; 'url' in read; round++) {
    const again = readOnce(read.url.href);
    if ('url' in again && again.url.href === read.url.href) break;
    read = round < 4 ? again : { code: 'URL_INVALID' };
  }
  if ('code' in read) return rejection(read.code);
  if ('mini' in read) return { forms: [exactForm('url', read.mini)] };
  const { hostname, href } = read.url;
  if (!isPublicHost(hostname)) return rejection(hostname.includes('.') || hostname.startsWith('[') || hostname === 'localhost' ? 'HOST_NOT_PUBLIC' : 'URL_INVALID');
  return { forms: [exactForm('url', href), ...weakForms(hostname)] };
}

export const urlNormaliser: Normaliser = screened({
  kind: 'url',
  version: 3,
  description: {
    en: 'web address, link of a short video or mini-program',
    zh: '网址、短视频链接或小程序链接',
  },
  entropy: 'enumerable',
  weakForms: ['url_host', 'registrable_domain'],
  maxLength: MAX_LENGTH,
  examples: () => [
    { raw: 'HTTPS://EXAMPLE.COM:443/Login?id=7&utm_source=sms#top', canonical: 'https://example.com/Login?id=7' },
    { raw: 'example.com/login', canonical: 'https://example.com/login' },
    { raw: 'hxxps://example[.]com', canonical: 'https://example.com/' },
    { raw: '7.43 复制打开抖音，看看【理财课堂】 https://v.douyin.com/iRNBho6/ 07/12', canonical: 'https://v.douyin.com/iRNBho6' },
    { raw: '【理财】https://example.com/pay，点击领取100元。', canonical: 'https://example.com/pay' },
    { raw: '網址：hxxp[://]example。com/pay（已封）', canonical: 'http://example.com/pay' },
    { raw: 'https://www.iesdouyin.com/share/video/7301234567890123456/?region=CN&mid=1', canonical: 'https://www.douyin.com/video/7301234567890123456' },
    { raw: 'https://mp.weixin.qq.com/s?__biz=MzA5&mid=265&idx=1&sn=9ab&chksm=84&scene=27', canonical: 'https://mp.weixin.qq.com/s?__biz=MzA5&mid=265&idx=1&sn=9ab' },
    { raw: '#小程序://微贷助手/AbCdEf123456', canonical: '#小程序://微贷助手/AbCdEf123456' },
    { raw: 'alipays://platformapi/startapp?appId=2021001234567890&page=pages%2Findex&chInfo=ch_share', canonical: 'alipays://platformapi/startapp?appId=2021001234567890&page=pages%2Findex' },
    { raw: 'https://银行.example/%7euser', canonical: 'https://xn--jn2a72x.example/~user' },
  ],
  rejects: () => [
    { raw: 'ftp://example.com/a', code: 'URL_SCHEME_UNSUPPORTED' },
    { raw: 'http://192.168.1.1/', code: 'HOST_NOT_PUBLIC' },
    { raw: 'http://localhost:8080/', code: 'HOST_NOT_PUBLIC' },
    { raw: '点击链接', code: 'URL_INVALID' },
    { raw: 'https://a.example https://b.example', code: 'SEVERAL_VALUES' },
    { raw: 'https://a.example，https://b.example', code: 'SEVERAL_VALUES' },
  ],
}, normaliseUrl);
