/**
 * The recognition codes of the network as versioned data, in Chinese and English: what a clue may be said to be, how it was
 * recognised, in which role its subject stands, how sure the publisher is, and what the hub and other members may do with it.
 * Codes are never reused or renamed inside a major version; texts may be improved. docs/recognition-codes.md is printed from here.
 */
export const TAXONOMY_VERSION = '1.1.0';

export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** Subject roles. `matchable: false` = the clue is on record for its publisher only and never takes part in a match. */
export const ROLES = {
  AGENT: { zh: '代理人（黑灰产中介）', en: 'agent', matchable: true },
  SUSPECT: { zh: '嫌疑人', en: 'suspect', matchable: true },
  IMPERSONATED: { zh: '被冒用者', en: 'impersonated', matchable: true },
  VICTIM: { zh: '受害人', en: 'victim', matchable: false },
  COMPLAINANT: { zh: '投诉人', en: 'complainant', matchable: false },
} as const satisfies Record<string, Bilingual & { matchable: boolean }>;
export type Role = keyof typeof ROLES;

const DAY = 1;
/** Confirmation levels (docs/recognition-codes.md). L0 stays local: it has no expiry here because it is never published. */
export const LEVELS = {
  L0: { rank: 0, days: 0, zh: '本地记录', en: 'local only', rule: { zh: '不得发布', en: 'stays at the member, refused by the hub' } },
  L1: { rank: 1, days: 90 * DAY, zh: '疑似', en: 'suspected', rule: { zh: '至少一项认定手段；仅作预警', en: 'one recognised means; alerts only' } },
  L2: { rank: 2, days: 365 * DAY, zh: '佐证', en: 'corroborated', rule: { zh: '两项认定手段，或两家独立成员', en: 'two means, or two independent members' } },
  L3: { rank: 3, days: 730 * DAY, zh: '机构确认', en: 'confirmed by the institution', rule: { zh: '证据清单齐备并有署名审批人', en: 'every piece of evidence its means require, and a named approver' } },
  L4: { rank: 4, days: 730 * DAY, zh: '机关确认', en: 'confirmed by an authority', rule: { zh: '须引用机关决定文号', en: 'a reference to the decision' } },
} as const satisfies Record<string, Bilingual & { rank: number; days: number; rule: Bilingual }>;
export type Level = keyof typeof LEVELS;

/** FIRST TLP 2.0 labels from loosest to strictest. CLEAR may label a document, never a clue: a token is personal information. */
export const TLPS = {
  CLEAR: { rank: 0, publishable: false, zh: '可公开', en: 'no limit on disclosure' },
  GREEN: { rank: 1, publishable: true, zh: '社区内', en: 'within the network' },
  AMBER: { rank: 2, publishable: true, zh: '机构及其客户需知范围', en: 'need to know, organisation and its clients' },
  AMBER_STRICT: { rank: 3, publishable: true, zh: '仅限机构内需知', en: 'need to know, organisation only' },
  RED: { rank: 4, publishable: true, zh: '仅限指名接收人', en: 'named recipients only' },
} as const satisfies Record<string, Bilingual & { rank: number; publishable: boolean }>;
export type Tlp = keyof typeof TLPS;

/**
 * What data may be used for: closed. There is no word for marketing, credit scoring, pricing or collection, so such a purpose cannot
 * be stated, and a request without a stated purpose is refused.
 */
export const PURPOSES = {
  FRAUD_PREVENTION: { zh: '防范欺诈', en: 'preventing and investigating fraud' },
  CONSUMER_PROTECTION: { zh: '保护金融消费者', en: 'protecting consumers from grey-industry intermediaries' },
  ANTI_MONEY_LAUNDERING: { zh: '反洗钱', en: 'anti-money-laundering duties' },
  ACCOUNT_SECURITY: { zh: '账户与系统安全', en: 'security of accounts and systems' },
  CRIME_REPORTING: { zh: '向机关报案或移送线索', en: 'reporting to police, prosecutors or regulators' },
  DATA_SUBJECT_REQUEST: { zh: '处理个人信息主体请求', en: 'answering a data subject' },
} as const satisfies Record<string, Bilingual>;
export type Purpose = keyof typeof PURPOSES;

/** Why a clue is taken back. */
export const RETRACTION_REASONS = {
  FALSE_POSITIVE: { zh: '误报', en: 'the clue was wrong' },
  WRONG_SUBJECT: { zh: '主体错误', en: 'it names the wrong subject' },
  DISPUTE_UPHELD: { zh: '异议成立', en: 'a dispute or appeal was upheld' },
  BASIS_LAPSED: { zh: '合法性基础消失', en: 'consent withdrawn or legal basis lapsed' },
  SUPERSEDED: { zh: '被新记录取代', en: 'replaced by another clue' },
  NOT_RELEVANT: { zh: '不再相关', en: 'no longer relevant' },
} as const satisfies Record<string, Bilingual>;
export type RetractionReason = keyof typeof RETRACTION_REASONS;

/** How numbers of other members are told (docs/glossary.md). */
export const BANDS = ['ZERO', 'ONE', 'TWO_OR_MORE'] as const;
export type Band = (typeof BANDS)[number];

export type Strength = 'EXACT' | 'WEAK';

/** Own-key lookup: `toString` and `__proto__` are not codes. */
export function isCode<T extends object>(table: T, code: unknown): code is keyof T & string {
  return typeof code === 'string' && Object.hasOwn(table, code);
}
