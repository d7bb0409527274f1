import { isCode, type Bilingual } from './taxonomy.js';

/**
 * Kinds of tokens as the hub sees them: names and classes only, never how a value is spelled (libs/indicators knows that, and the hub
 * cannot import it). Each derived variant is a kind of its own below its base (docs/protocol/derivations.md) and is always of strength WEAK.
 */
export interface TokenKind extends Bilingual {
  /** Sensitive personal information (PIPL 28): stricter quota. */
  readonly sensitive: boolean;
  /** false: kept at the member, the hub refuses it. */
  readonly matched: boolean;
  /** Compared by bands (docs/complaint-texts.md): its own token meets nothing, and it has no sealed detail. */
  readonly byBands?: boolean;
}

export const TOKEN_KINDS = {
  phone: { zh: '电话号码', en: 'phone number', sensitive: false, matched: true },
  org_name: { zh: '机构名称', en: "organisation's name", sensitive: false, matched: true },
  org_id: { zh: '统一社会信用代码', en: 'unified social credit code', sensitive: false, matched: true },
  device_id: { zh: '设备标识', en: 'device identifier', sensitive: false, matched: true },
  url: { zh: '网址', en: 'web address', sensitive: false, matched: true },
  domain: { zh: '域名', en: 'domain name', sensitive: false, matched: true },
  email: { zh: '电子邮箱', en: 'e-mail address', sensitive: false, matched: true },
  social: { zh: '社交账号', en: 'social account', sensitive: false, matched: true },
  bank_card: { zh: '银行账户', en: 'bank account or card', sensitive: true, matched: true },
  iban: { zh: '国际银行账号', en: 'international bank account number', sensitive: true, matched: true },
  crypto_address: { zh: '虚拟货币地址', en: 'crypto-currency address', sensitive: false, matched: true },
  licence_plate: { zh: '机动车号牌', en: 'number plate', sensitive: false, matched: true },
  id_hash: { zh: '证件号摘要', en: 'hash of an identity number', sensitive: true, matched: true },
  voiceprint: { zh: '声纹聚类标识', en: 'token of a voiceprint cluster', sensitive: true, matched: true },
  document_template: { zh: '伪造材料模板标识', en: 'token of a template of forged documents', sensitive: false, matched: true },
  complaint_text: { zh: '投诉文本', en: 'text of a complaint', sensitive: false, matched: true, byBands: true },
} as const satisfies Record<string, TokenKind>;
export type TokenKindCode = keyof typeof TOKEN_KINDS;

export interface WeakTokenKind extends Bilingual {
  /** Kinds whose values it is derived from: several where two kinds shall meet, as an address and a domain do on what was registered. */
  readonly of: readonly TokenKindCode[];
  /** Name of the variant: an overlap says on which it rests. */
  readonly variant: string;
}

/** Weak kinds: each is a variant with a name (the same table, with its rules, is WEAK_FORMS of the member's side). */
export const WEAK_TOKEN_KINDS = {
  phone_base: { of: ['phone'], variant: 'switchboard', zh: '总机号码', en: 'number without its extension' },
  org_core: { of: ['org_name'], variant: 'core-name', zh: '核心名称', en: 'core of the name' },
  url_host: { of: ['url'], variant: 'host', zh: '网址主机名', en: 'host of the address' },
  registrable_domain: { of: ['url', 'domain'], variant: 'registrable-domain', zh: '可注册域名', en: 'domain as registered' },
  email_base: { of: ['email'], variant: 'alias-free-mailbox', zh: '去别名邮箱', en: 'mailbox behind its aliases' },
} as const satisfies Record<string, WeakTokenKind>;

/** On which variant an overlap rests: `canonical`, or the name of the weak one; null for a kind that this version does not know. */
export function variantOf(tokenKind: string): string | null {
  if (isCode(TOKEN_KINDS, tokenKind)) return 'canonical';
  return isCode(WEAK_TOKEN_KINDS, tokenKind) ? WEAK_TOKEN_KINDS[tokenKind].variant : null;
}
