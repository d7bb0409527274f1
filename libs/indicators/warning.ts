import type { Form } from './normaliser.js';
import { parseUrl } from './text/parse-url.js';
import { isAuthorityNumber, isMemberHotline, isReservedPhone, isReservedHost, isTestCard, isTestDevice } from './data/warning-lists.js';

/**
 * Warning lists (docs/indicators.md): what must not be published against somebody although it is well
 * formed. The agent asks for each exact form before it publishes. In a `synthetic` federation (demo, tests) no row stands
 * for a real party and test data is made of exactly such ranges: there every finding is told and none refuses.
 */
export type FederationPolicy = 'standard' | 'synthetic';
export type SubjectRole = 'agent' | 'suspect' | 'victim' | 'impersonated' | 'complainant';
export type WarningCode = 'AUTHORITY_NUMBER' | 'MEMBER_HOTLINE' | 'RESERVED_RANGE';

export interface Warning {
  readonly code: WarningCode;
  /** True: the row is refused. False: it is published, and the answer says so. */
  readonly refuse: boolean;
  readonly reason: string;
  readonly reasonZh: string;
}

const TEXTS: Readonly<Record<WarningCode, readonly [en: string, zh: string]>> = {
  AUTHORITY_NUMBER: ['an emergency or authority number; it cannot belong to an agent or suspect', '属于应急或政府部门号码，不得作为中介或嫌疑方上报'],
  MEMBER_HOTLINE: ['a hotline of a bank or carrier; it may only be reported as impersonated', '属于金融机构或运营商客服号码，只能以“被冒用”身份上报'],
  RESERVED_RANGE: ['from a range reserved for tests, fiction or documentation', '属于保留、虚构或测试号段'],
};

function findingOf(form: Form): WarningCode | null {
  switch (form.kind) {
    case 'phone':
      if (isAuthorityNumber(form.value)) return 'AUTHORITY_NUMBER';
      if (isMemberHotline(form.value)) return 'MEMBER_HOTLINE';
      return isReservedPhone(form.value) ? 'RESERVED_RANGE' : null;
    case 'domain': return isReservedHost(form.value) ? 'RESERVED_RANGE' : null;
    case 'url': return isReservedHost(parseUrl(form.value)?.hostname ?? '') ? 'RESERVED_RANGE' : null;
    case 'email': return isReservedHost(form.value.slice(form.value.lastIndexOf('@') + 1)) ? 'RESERVED_RANGE' : null;
    case 'bank_card': return isTestCard(form.value) ? 'RESERVED_RANGE' : null;
    case 'device_id': return isTestDevice(form.value) ? 'RESERVED_RANGE' : null;
    default: return null;
  }
}

/** Null: nothing is known against publishing this canonical form in this role. */
export function warningFor(form: Form, role: SubjectRole, policy: FederationPolicy): Warning | null {
  const code = findingOf(form);
  if (code === null) return null;
  const accused = role === 'agent' || role === 'suspect';
  const refuse = policy === 'standard' && (code === 'RESERVED_RANGE' || (code === 'AUTHORITY_NUMBER' ? accused : role !== 'impersonated'));
  const [reason, reasonZh] = TEXTS[code];
  return { code, refuse, reason, reasonZh };
}
