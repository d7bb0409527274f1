import type { RejectCode, Rejection } from './reject-code.js';

/** The words of the input files. */
export const INDICATOR_KINDS = [
  'phone', 'org_name', 'device_id', 'url', 'email', 'social', 'bank_card', 'id_hash', 'complaint_text',
] as const;
export type IndicatorKind = (typeof INDICATOR_KINDS)[number];

/** What is tokenised: a kind of the file for an exact form, a kind of its own for each weak variant (docs/protocol/derivations.md). */
export type FormKind = Exclude<IndicatorKind, 'complaint_text'> | 'phone_base' | 'org_core' | 'url_host' | 'email_base';

/** How hard the value space is to enumerate, were a dump and t key shares in one hand. */
export type Entropy = 'high' | 'enumerable' | 'frequency-leaking';

export interface Form {
  readonly kind: FormKind;
  readonly value: string;
  readonly strength: 'exact' | 'weak';
  /** `canonical`, or what was taken away to derive a weak form. */
  readonly variant: 'canonical' | 'without-extension' | 'without-legal-form' | 'host-only' | 'without-tag';
}

export interface LocalNotice {
  readonly code: 'NOT_MATCHED_YET';
  readonly notice: string;
  readonly noticeZh: string;
}

/** Forms: the first is the exact canonical one. Local: accepted, kept in the agent's vault, never tokenised. */
export type NormaliseResult =
  | { readonly forms: readonly [Form, ...Form[]] }
  | { readonly reject: Rejection }
  | { readonly local: LocalNotice };

export interface Example {
  readonly raw: string;
  /** Value of the exact form; null for a kind that stays local. */
  readonly canonical: string | null;
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
  readonly entropy: Entropy;
  /** Longest accepted raw value in UTF-16 units; longer is rejected before any work. */
  readonly maxLength: number;
  normalise(raw: string): NormaliseResult;
  /** Documentation, tests and demo at once. */
  examples(): readonly Example[];
  rejects(): readonly RejectExample[];
}

export function exactForm(kind: FormKind & IndicatorKind, value: string): Form {
  return { kind, value, strength: 'exact', variant: 'canonical' };
}
