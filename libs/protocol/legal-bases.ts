/**
 * Legal bases a publication, query or disclosure may state: a closed list after PIPL art. 13(1), plus duties and powers in other laws by
 * citation. A basis is checked as a pair with the category: the Anti-Telecom and Online Fraud Law covers telecom and online fraud only
 * (its art. 2), so proxy rights protection, anti-collection and the like cannot cite it.
 */
import type { Bilingual } from './taxonomy.js';

export interface LegalBasis extends Bilingual {
  readonly citation: string;
  /** The law and the article must be named. */
  readonly needsArticle: boolean;
}

export const LEGAL_BASES = {
  CONSENT: { zh: '个人同意（含向他人提供的单独同意）', en: 'consent, with separate consent to providing it to others', citation: 'PIPL 13(1)(1), 23', needsArticle: false },
  CONTRACT: { zh: '订立、履行合同所必需', en: 'necessary for a contract with the person', citation: 'PIPL 13(1)(2)', needsArticle: false },
  STATUTORY_DUTY: { zh: '履行法定职责或法定义务', en: 'statutory duty, by law and article', citation: 'PIPL 13(1)(3)', needsArticle: true },
  EMERGENCY: { zh: '紧急情况下保护生命健康和财产安全', en: 'emergency: life, health and property', citation: 'PIPL 13(1)(4)', needsArticle: false },
  PUBLIC_INTEREST: { zh: '为公共利益实施舆论监督等', en: 'public interest, within reason', citation: 'PIPL 13(1)(5)', needsArticle: false },
  LAWFULLY_PUBLIC: { zh: '已合法公开的个人信息', en: 'lawfully public', citation: 'PIPL 13(1)(6), 27', needsArticle: false },
  OTHER_LAW: { zh: '其他法律、行政法规规定', en: 'another law or administrative regulation, by citation', citation: 'PIPL 13(1)(7)', needsArticle: true },
} as const satisfies Record<string, LegalBasis>;
export type LegalBasisCode = keyof typeof LEGAL_BASES;

/** Laws with a code. Any other law is cited by its name; a name or alias of one of these is read as its code. */
export const LAWS = {
  ANTI_TELECOM_FRAUD_LAW: { zh: '中华人民共和国反电信网络诈骗法', en: 'Anti-Telecom and Online Fraud Law', onlineFraudOnly: true },
  ANTI_MONEY_LAUNDERING_LAW: { zh: '中华人民共和国反洗钱法', en: 'Anti-Money Laundering Law', onlineFraudOnly: false },
  CYBERSECURITY_LAW: { zh: '中华人民共和国网络安全法', en: 'Cybersecurity Law', onlineFraudOnly: false },
  BANKING_SUPERVISION_LAW: { zh: '中华人民共和国银行业监督管理法', en: 'Banking Supervision Law', onlineFraudOnly: false },
  CONSUMER_RIGHTS_LAW: { zh: '中华人民共和国消费者权益保护法', en: 'Consumer Rights Protection Law', onlineFraudOnly: false },
} as const satisfies Record<string, Bilingual & { onlineFraudOnly: boolean }>;
export type LawCode = keyof typeof LAWS;

/** As a clue or a query states it. `law` is a code of LAWS or the name of another law; `article` e.g. "18" or "第十八条". */
export interface StatedBasis {
  readonly code: LegalBasisCode;
  readonly law?: string | null;
  readonly article?: string | null;
}

const ALIASES: readonly (readonly [RegExp, LawCode])[] = [
  [/电信.{0,3}网络.{0,2}(诈骗|詐騙)|反电诈|反電詐|反诈法|電信網路詐騙|電信網絡詐騙|telecom.*fraud|fraud.*telecom|^atfl$|^aotfl$/u, 'ANTI_TELECOM_FRAUD_LAW'],
  [/反洗钱|反洗錢|money-?laundering|^aml/u, 'ANTI_MONEY_LAUNDERING_LAW'],
];

/** The code a stated law stands for, or null for a law without one. Spelling is folded so that a name cannot dodge the pair check. */
export function lawCodeOf(law: string): LawCode | null {
  if (Object.hasOwn(LAWS, law)) return law as LawCode;
  const folded = law.normalize('NFKC').toLowerCase().replace(/[\s\p{P}\p{S}\p{Cf}]+/gu, '');
  for (const [code, { zh, en }] of Object.entries(LAWS)) {
    if (folded === zh || folded === zh.replace('中华人民共和国', '') || folded === en.toLowerCase().replace(/[\s\p{P}]+/gu, '')) return code as LawCode;
  }
  return ALIASES.find(([pattern]) => pattern.test(folded))?.[1] ?? null;
}
