import type { RejectCode, Rejection } from './reject-code.js';

/** The words of the input files. */
export const INDICATOR_KINDS = [
  'phone', 'org_name', 'org_id', 'device_id', 'url', 'domain', 'email', 'social', 'bank_card', 'iban', 'crypto_address', 'licence_plate', 'id_hash',
  'voiceprint', 'document_template', 'complaint_text',
] as const;
export type IndicatorKind = (typeof INDICATOR_KINDS)[number];

export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

/**
 * Derived forms. Each is a kind of token of its own, so that a weak form never meets an exact one; `variant` is its name for people and
 * programs, and says what was taken away (docs/protocol/derivations.md).
 */
export const WEAK_FORMS = {
  phone_base: { variant: 'switchboard', en: 'the number without its extension', zh: '去除分机号的总机号码' },
  org_core: { variant: 'core-name', en: 'the name without legal form, group words and brackets', zh: '去除组织形式、集团字样与括号的核心名称' },
  url_host: { variant: 'host', en: 'the host alone', zh: '网址的主机名' },
  registrable_domain: { variant: 'registrable-domain', en: 'the domain as registered, below its public suffix', zh: '可注册域名（公共后缀之下一级）' },
  email_base: { variant: 'alias-free-mailbox', en: 'the mailbox behind tags, dots and alias domains', zh: '去除别名标记后的邮箱' },
} as const satisfies Record<string, Bilingual & { readonly variant: string }>;
export type WeakFormKind = keyof typeof WEAK_FORMS;
export type WeakVariant = (typeof WEAK_FORMS)[WeakFormKind]['variant'];

/** What is tokenised: a kind of the file for an exact form, a kind of its own for each weak variant (docs/protocol/derivations.md). */
export type FormKind = IndicatorKind | WeakFormKind;
/** Kind of the OPRF input of a text's band: no form, and no row of a file (docs/complaint-texts.md). */
export const TEXT_BAND_KIND = 'complaint_band';

/**
 * How hard the value space is to guess, were a dump and t key shares in one hand: `high` (64 bits and more), `enumerable` (a list
 * of all values can be tried). `frequency-leaking` (parts of names, single words: the count alone tells the value) may not be tokenised.
 */
export type Entropy = 'high' | 'enumerable' | 'frequency-leaking';

export interface Form {
  readonly kind: FormKind;
  readonly value: string;
  readonly strength: 'exact' | 'weak';
  /** `canonical`, or the name of what was derived. */
  readonly variant: 'canonical' | WeakVariant;
}

/** The first form is the exact canonical one. Bands: what a text is compared by, beside its form; such a kind matches by them alone. */
export type NormaliseResult =
  | { readonly forms: readonly [Form, ...Form[]]; readonly bands?: readonly string[] }
  | { readonly reject: Rejection };

export interface Example {
  readonly raw: string;
  /** Value of the exact form. */
  readonly canonical: string;
}
export interface RejectExample {
  readonly raw: string;
  readonly code: RejectCode;
}

/**
 * One kind of indicator. `normalise` is deterministic, total on any string and never throws; it is idempotent: the
 * canonical value normalises to itself. Changing what it returns changes tokens: raise `version` (docs/protocol/derivations.md).
 */
export interface Normaliser {
  readonly kind: IndicatorKind;
  readonly version: number;
  readonly description: Bilingual;
  readonly entropy: Entropy;
  /** The derived forms that it can give beside the exact one. */
  readonly weakForms: readonly WeakFormKind[];
  /** Longest accepted raw value in UTF-16 units; longer is rejected before any work. */
  readonly maxLength: number;
  /** Characters from the beginning that are read at all, where that is less. */
  readonly readMax?: number;
  normalise(raw: string): NormaliseResult;
  /** Documentation, tests and demo at once. */
  examples(): readonly Example[];
  rejects(): readonly RejectExample[];
}

export function exactForm(kind: FormKind & IndicatorKind, value: string): Form {
  return { kind, value, strength: 'exact', variant: 'canonical' };
}

export function weakForm(kind: WeakFormKind, value: string): Form {
  return { kind, value, strength: 'weak', variant: WEAK_FORMS[kind].variant };
}
