import { DomainError } from '#kernel';
import { bankCardNormaliser } from './kinds/bank-card.normaliser.js';
import { complaintTextNormaliser } from './kinds/complaint-text.normaliser.js';
import { deviceIdNormaliser } from './kinds/device-id.normaliser.js';
import { emailNormaliser } from './kinds/email.normaliser.js';
import { idHashNormaliser } from './kinds/id-hash.normaliser.js';
import { orgNameNormaliser } from './kinds/org-name.normaliser.js';
import { phoneNormaliser } from './kinds/phone.normaliser.js';
import { socialNormaliser } from './kinds/social.normaliser.js';
import { urlNormaliser } from './kinds/url.normaliser.js';
import { INDICATOR_KINDS, type IndicatorKind, type NormaliseResult, type Normaliser } from './normaliser.js';

/** Every kind has exactly one normaliser: a missing or surplus one does not compile. */
export const normalisers: { readonly [K in IndicatorKind]: Normaliser } = {
  phone: phoneNormaliser,
  org_name: orgNameNormaliser,
  device_id: deviceIdNormaliser,
  url: urlNormaliser,
  email: emailNormaliser,
  social: socialNormaliser,
  bank_card: bankCardNormaliser,
  id_hash: idHashNormaliser,
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
