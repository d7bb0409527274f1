/**
 * Domain and host names: lower case, IDNA (WHATWG URL Standard, domain to ASCII), no final dot, no leading wildcard. The exact form keeps
 * the whole name; the registrable domain is a weak form of its own, which a web address on the same domain gives as well. `www.` stays:
 * it is a host of its own, and the weak form meets.
 */
import { exactForm, weakForm, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection } from '../reject-code.js';
import { screened } from '../screen.js';
import { asciiHost, isAddress, isPrivateSuffix, isPublicHost, registrableDomain } from '../text/host.js';
import { refanged } from '../text/refang.js';
import { unlabelled } from '../text/wrapping.js';

const LABEL = /^(?:domain(?: ?name)?|host(?:name)?|fqdn|website|(?:钓鱼|诈骗|恶意|涉诈|仿冒|邮箱)?(?:域名|主机名?|网域|網域|网站|網站|官网|網址|网址|后缀)) ?[:=] ?/iu;
/** A whole address is taken for its host where nothing but the host is in it: a path names a page, not everybody on the host. */
const BARE_ADDRESS = /^https?:\/\/([^/?#@\\]+?)(?::(?:80|443))?\/?$/i;

function normaliseDomain(text: string): NormaliseResult {
  const bare = refanged(unlabelled(text, LABEL)).replace(/ (?:dot|点) | ?(?<=\S )\. ?| \./giu, '.').replace(/^@|[/,、;]$/gu, '');
  if (/[\s,;、|]/u.test(bare)) return rejection(/\.[^\s,;、|]*[\s,;、|]+[^\s,;、|]*\./u.test(bare) ? 'SEVERAL_VALUES' : 'DOMAIN_INVALID');
  const name = (BARE_ADDRESS.exec(bare)?.[1] ?? bare).replace(/^(?:\*?\.)+/, '');
  const host = asciiHost(name);
  if (host === null || isAddress(host) || !host.includes('.') || /\.\.|^\.|\.$/.test(host)) return rejection('DOMAIN_INVALID');
  if (!isPublicHost(host)) return rejection('HOST_NOT_PUBLIC');
  if (host.split('.').some((label) => label.length > 63)) return rejection('DOMAIN_INVALID');
  const registrable = registrableDomain(host);
  if (registrable !== null) return { forms: [exactForm('domain', host), weakForm('registrable_domain', registrable)] };
  // pages.dev is registered, by a host whose customers are others: exact only; com.cn is nobody's
  return isPrivateSuffix(host) ? { forms: [exactForm('domain', host)] } : rejection('DOMAIN_IS_SUFFIX');
}

export const domainNormaliser: Normaliser = screened({
  kind: 'domain',
  version: 2,
  description: { en: 'domain or host name', zh: '域名或主机名' },
  entropy: 'enumerable',
  weakForms: ['registrable_domain'],
  maxLength: 512,
  examples: () => [
    { raw: 'WWW.Example.COM.', canonical: 'www.example.com' },
    { raw: '域名：pay.example.com.cn', canonical: 'pay.example.com.cn' },
    { raw: 'evil[.]example', canonical: 'evil.example' },
    { raw: 'https://login.example.com/', canonical: 'login.example.com' },
    { raw: '【evil[dot]example】（已封）', canonical: 'evil.example' },
    { raw: '*.example.net', canonical: 'example.net' },
    { raw: '中国银行.example', canonical: 'xn--fiqs8s856bruk.example' },
    { raw: 'wallet-fix.pages.dev', canonical: 'wallet-fix.pages.dev' },
    { raw: 'pages.dev', canonical: 'pages.dev' },
  ],
  rejects: () => [
    { raw: 'com.cn', code: 'DOMAIN_IS_SUFFIX' },
    { raw: 'https://example.com/login', code: 'DOMAIN_INVALID' },
    { raw: '192.0.2.7', code: 'DOMAIN_INVALID' },
    { raw: 'printer.local', code: 'HOST_NOT_PUBLIC' },
    { raw: 'a.example, b.example', code: 'SEVERAL_VALUES' },
    { raw: '官网', code: 'DOMAIN_INVALID' },
  ],
}, normaliseDomain);
