import type { Bilingual } from './taxonomy.js';

/**
 * Kinds of tokens as the hub sees them: names and classes only, never how a value is spelled (libs/indicators knows that, and the hub
 * cannot import it). Each derived variant is a kind of its own below its base (docs/protocol/derivations.md) and is always of strength WEAK.
 */
export interface TokenKind extends Bilingual {
  /** Sensitive personal information (PIPL 28): stricter quota. */
  readonly sensitive: boolean;
  /** false: kept at the member, the hub refuses it. */
  readonly matched: boolean;
}

export const TOKEN_KINDS = {
  phone: { zh: '电话号码', en: 'phone number', sensitive: false, matched: true },
  org_name: { zh: '机构名称', en: "organisation's name", sensitive: false, matched: true },
  device_id: { zh: '设备标识', en: 'device identifier', sensitive: false, matched: true },
  url: { zh: '网址', en: 'web address', sensitive: false, matched: true },
  email: { zh: '电子邮箱', en: 'e-mail address', sensitive: false, matched: true },
  social: { zh: '社交账号', en: 'social account', sensitive: false, matched: true },
  bank_card: { zh: '银行账户', en: 'bank account or card', sensitive: true, matched: true },
  id_hash: { zh: '证件号摘要', en: 'hash of an identity number', sensitive: true, matched: true },
  complaint_text: { zh: '投诉文本', en: 'text of a complaint', sensitive: false, matched: false },
} as const satisfies Record<string, TokenKind>;
export type TokenKindCode = keyof typeof TOKEN_KINDS;

/** Weak kinds and the kind whose value they are derived from. */
export const WEAK_TOKEN_KINDS = {
  phone_base: 'phone',
  org_core: 'org_name',
  url_host: 'url',
  email_base: 'email',
} as const satisfies Record<string, TokenKindCode>;
export type WeakTokenKindCode = keyof typeof WEAK_TOKEN_KINDS;
