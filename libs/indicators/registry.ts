import { DomainError } from '#kernel';
import { kindNamed, type KindWord } from './data/kind-words.js';
import { detectKind } from './detect-kind.js';
import { bankCardNormaliser } from './kinds/bank-card.normaliser.js';
import { complaintTextNormaliser } from './kinds/complaint-text.normaliser.js';
import { cryptoAddressNormaliser } from './kinds/crypto-address.normaliser.js';
import { deviceIdNormaliser } from './kinds/device-id.normaliser.js';
import { documentTemplateNormaliser } from './kinds/document-template.normaliser.js';
import { domainNormaliser } from './kinds/domain.normaliser.js';
import { emailNormaliser } from './kinds/email.normaliser.js';
import { ibanNormaliser } from './kinds/iban.normaliser.js';
import { idHashNormaliser } from './kinds/id-hash.normaliser.js';
import { licencePlateNormaliser } from './kinds/licence-plate.normaliser.js';
import { orgIdNormaliser } from './kinds/org-id.normaliser.js';
import { orgNameNormaliser } from './kinds/org-name.normaliser.js';
import { phoneNormaliser } from './kinds/phone.normaliser.js';
import { socialNormaliser } from './kinds/social.normaliser.js';
import { urlNormaliser } from './kinds/url.normaliser.js';
import { voiceprintNormaliser } from './kinds/voiceprint.normaliser.js';
import { INDICATOR_KINDS, type IndicatorKind, type NormaliseResult, type Normaliser } from './normaliser.js';

/** Every kind has exactly one normaliser: a missing or surplus one does not compile. */
export const normalisers: { readonly [K in IndicatorKind]: Normaliser } = {
  phone: phoneNormaliser,
  org_name: orgNameNormaliser,
  org_id: orgIdNormaliser,
  device_id: deviceIdNormaliser,
  url: urlNormaliser,
  domain: domainNormaliser,
  email: emailNormaliser,
  social: socialNormaliser,
  bank_card: bankCardNormaliser,
  iban: ibanNormaliser,
  crypto_address: cryptoAddressNormaliser,
  licence_plate: licencePlateNormaliser,
  id_hash: idHashNormaliser,
  voiceprint: voiceprintNormaliser,
  document_template: documentTemplateNormaliser,
  complaint_text: complaintTextNormaliser,
};

export function isIndicatorKind(kind: string): kind is IndicatorKind {
  return (INDICATOR_KINDS as readonly string[]).includes(kind);
}

/** The word that a clue row carries, e.g. `phone@1` (docs/protocol/derivations.md). */
export function kindVersion(kind: IndicatorKind): string {
  return `${kind}@${String(normalisers[kind].version)}`;
}

/** @throws DomainError KIND_UNKNOWN; the kind itself is not echoed, it came from a file. */
export function normalise(kind: string, raw: string): NormaliseResult {
  if (!isIndicatorKind(kind)) throw new DomainError('KIND_UNKNOWN', 'unknown kind of indicator', { known: INDICATOR_KINDS });
  return normalisers[kind].normalise(raw);
}

export type Reading =
  | { readonly kind: IndicatorKind; readonly result: NormaliseResult }
  | { readonly kind: null; readonly unknown: 'KIND_UNKNOWN' | 'KIND_NOT_DETECTED' };

export interface ReadingHints {
  /** What stands in the type column; null when there is none. Any word of data/kind-words.ts. */
  readonly word: string | null;
  /** What the column's name or an option says; used where the word says nothing that is known. */
  readonly fallback: string | null;
  /** May the kind be detected from the value where neither says it? */
  readonly detect: boolean;
}

/** A value as a file holds it: under the kind that is named, else under the one its shape shows. Total; the value is not echoed. */
export function readIndicator(raw: string, { word, fallback, detect }: ReadingHints): Reading {
  const named = word === null || word.trim() === '' ? null : kindNamed(word);
  const wanted = named ?? (fallback === null ? null : kindNamed(fallback));
  if (wanted !== null) return { kind: wanted.kind, result: labelled(wanted, raw) };
  if (!detect) return { kind: null, unknown: 'KIND_UNKNOWN' };
  const kind = detectKind(raw);
  if (kind !== null) return { kind, result: normalisers[kind].normalise(raw) };
  const empty = phoneNormaliser.normalise(raw); // what every kind refuses alike is told as such
  if ('reject' in empty && ['EMPTY', 'PLACEHOLDER', 'MALFORMED_TEXT'].includes(empty.reject.code)) return { kind: 'phone', result: empty };
  return { kind: null, unknown: 'KIND_NOT_DETECTED' };
}

function labelled({ kind, label }: KindWord, raw: string): NormaliseResult {
  const bare = (): NormaliseResult => normalisers[kind].normalise(raw);
  if (label === '') return bare();
  const withLabel = normalisers[kind].normalise(`${label}${raw.trim()}`);
  return 'forms' in withLabel ? withLabel : bare();
}
