import { getDomain } from 'tldts';
import { BENIGN_DOMAINS, isAuthorityDomain, isEverydayDomain, isFreeMailDomain } from './data/benign-domains.js';
import { isCrowdedDomain } from './data/crowded-hosts.js';
import type { Form } from './normaliser.js';
import { parseUrl } from '#kernel';
import { AUTHORITY_NUMBERS, isAuthorityNumber, isMemberHotline, isReservedPhone, isReservedHost, isTestCard, isTestDevice } from './data/warning-lists.js';

/**
 * Warning lists (docs/runbooks/warning-lists.md): what must not be published against somebody although it is well
 * formed. The agent asks for each exact form before it publishes. In a `synthetic` federation (demo, tests) no row stands
 * for a real party and test data is made of exactly such ranges: there every finding is told and none refuses.
 */
export type FederationPolicy = 'standard' | 'synthetic';
export type SubjectRole = 'agent' | 'suspect' | 'victim' | 'impersonated' | 'complainant';
export type WarningCode = 'AUTHORITY_NUMBER' | 'AUTHORITY_DOMAIN' | 'MEMBER_HOTLINE' | 'BRAND_OWN' | 'RESERVED_RANGE' | 'FREE_MAIL_DOMAIN' | 'BENIGN_DOMAIN';

export interface Warning {
  readonly code: WarningCode;
  /** True: the row is refused. False: it is published, and the answer says so. */
  readonly refuse: boolean;
  readonly reason: string;
  readonly reasonZh: string;
}

const TEXTS: Readonly<Record<WarningCode, readonly [en: string, zh: string]>> = {
  AUTHORITY_NUMBER: ['an emergency or authority number; it cannot belong to an agent or suspect', '属于应急或政府部门号码，不得作为中介或嫌疑方上报'],
  AUTHORITY_DOMAIN: ['the website of an authority; it cannot belong to an agent or suspect', '属于政府或监管机构网站，不得作为中介或嫌疑方上报'],
  BRAND_OWN: ['a name, number, domain or account that a member has registered as its own; it may only be reported as impersonated', '属于成员机构登记的名称、号码、域名或账号，只能以“被冒用”身份上报'],
  FREE_MAIL_DOMAIN: ['the domain of a mail provider that everybody uses; report the mailbox', '属于公共邮箱服务商域名，请上报具体邮箱'],
  BENIGN_DOMAIN: ['the domain of a platform that everybody uses; report the page or the account', '属于公众平台域名，请上报具体页面或账号'],
  MEMBER_HOTLINE: ['a hotline of a bank or carrier; it may only be reported as impersonated', '属于金融机构或运营商客服号码，只能以“被冒用”身份上报'],
  RESERVED_RANGE: ['from a range reserved for tests, fiction or documentation', '属于保留、虚构或测试号段'],
};

function findingOf(form: Form): WarningCode | null {
  switch (form.kind) {
    case 'phone':
      if (isAuthorityNumber(form.value)) return 'AUTHORITY_NUMBER';
      if (isMemberHotline(form.value)) return 'MEMBER_HOTLINE';
      return isReservedPhone(form.value) ? 'RESERVED_RANGE' : null;
    case 'domain': return hostFinding(form.value, true);
    case 'url': { const url = parseUrl(form.value); return url === null ? null : hostFinding(url.hostname, isFrontPage(url)); }
    case 'email': return isReservedHost(form.value.slice(form.value.lastIndexOf('@') + 1)) ? 'RESERVED_RANGE' : null;
    case 'bank_card': return isTestCard(form.value) ? 'RESERVED_RANGE' : null;
    case 'device_id': return isTestDevice(form.value) ? 'RESERVED_RANGE' : null;
    default: return null;
  }
}

/** A page of a platform is somebody's; its domain or front page is everybody's. */
function hostFinding(host: string, whole: boolean): WarningCode | null {
  if (isReservedHost(host)) return 'RESERVED_RANGE';
  if (isAuthorityDomain(host) || isAuthorityDomain(getDomain(host) ?? '')) return 'AUTHORITY_DOMAIN';
  const site = host.replace(/^www\./, '');
  if (!whole) return null;
  if (isFreeMailDomain(site)) return 'FREE_MAIL_DOMAIN';
  return isEverydayDomain(site) || isCrowdedDomain(site) ? 'BENIGN_DOMAIN' : null;
}

function isFrontPage({ pathname, search }: URL): boolean {
  return pathname === '/' && search === '';
}

/** Codes that stop a row that accuses; the others stop every row that is not about a victim of false use. */
const OF_THE_ACCUSED: ReadonlySet<WarningCode> = new Set(['AUTHORITY_NUMBER', 'AUTHORITY_DOMAIN', 'FREE_MAIL_DOMAIN', 'BENIGN_DOMAIN']);

function warningOf(code: WarningCode, role: SubjectRole, policy: FederationPolicy): Warning {
  const stops = code === 'RESERVED_RANGE' || (OF_THE_ACCUSED.has(code) ? role === 'agent' || role === 'suspect' : role !== 'impersonated');
  const [reason, reasonZh] = TEXTS[code];
  return { code, refuse: policy === 'standard' && stops, reason, reasonZh };
}

/** For a value that is a registered brand's own (docs/impersonation.md). */
export function brandWarning(role: SubjectRole, policy: FederationPolicy): Warning {
  return warningOf('BRAND_OWN', role, policy);
}

/** Null: nothing is known against publishing this canonical form in this role. */
export function warningFor(form: Form, role: SubjectRole, policy: FederationPolicy): Warning | null {
  const code = findingOf(form);
  if (code === null) return null;
  return warningOf(code, role, policy);
}

/** A list small enough to be tokenised whole, for the hub to look at (docs/runbooks/warning-lists.md). Ranges stay with the agents. */
export interface TokenisedWarningList {
  readonly list: 'AUTHORITY' | 'BENIGN';
  readonly version: string;
  readonly kind: 'phone' | 'domain';
  /** Raw values; the normaliser spells them. */
  readonly values: readonly string[];
}

export const TOKENISED_WARNING_LISTS: readonly TokenisedWarningList[] = [
  { list: 'AUTHORITY', version: '2026-11', kind: 'phone', values: AUTHORITY_NUMBERS },
  { list: 'BENIGN', version: '2026-11', kind: 'domain', values: BENIGN_DOMAINS },
];
