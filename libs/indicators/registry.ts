import { DomainError } from '#kernel';
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
