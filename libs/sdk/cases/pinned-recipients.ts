/** The one place where a seal key becomes trusted: it is pinned for that liaison, or nothing is sealed and nothing is signed. */
import { publicJwk, type PublicJwk } from '#crypto';
import { DomainError } from '#kernel';
import type { Recipient } from '#protocol';
import type { TrustStore } from '../trust/index.js';
import { partySubject } from '../verify/pins.js';

/** Every pinned seal key of a liaison, as recipients. @throws DomainError KEY_NOT_TRUSTED when there is none */
export function recipientsOf(trust: TrustStore, liaisonId: string): readonly Recipient[] {
  const pins = trust.of(partySubject(liaisonId), 'seal');
  if (pins.length === 0) throw new DomainError('KEY_NOT_TRUSTED', 'no pinned seal key of the liaison', { subject: partySubject(liaisonId), use: 'seal' });
  return pins.map((pin) => ({ agency: liaisonId, key: pin.kid }));
}

/**
 * The public keys of a case's recipients, from the pins.
 * @param recipients as the hub tells them
 * @throws DomainError KEY_NOT_TRUSTED when one is not pinned for this liaison: the hub may be serving a key of its own
 */
export function pinnedRecipientKeys(trust: TrustStore, liaisonId: string, recipients: readonly Recipient[]): readonly PublicJwk[] {
  if (recipients.length === 0) throw new DomainError('KEY_NOT_TRUSTED', 'case without recipients');
  return recipients.map(({ agency, key }) => {
    if (agency !== liaisonId) throw new DomainError('KEY_NOT_TRUSTED', 'recipient of another agency', { subject: partySubject(liaisonId), use: 'seal' });
    return publicJwk(trust.require(partySubject(liaisonId), 'seal', key).jwk);
  });
}
