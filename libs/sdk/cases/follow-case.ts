/** What a liaison answered, verified by the member itself: receipts and outcomes with the pinned key, own openings by their proofs. */
import { verifyWithPins } from '#crypto';
import { parseOutcome, parseReceipt } from '#protocol';
import type { PartyHome } from '../keys/index.js';
import { partySubject } from '../verify/pins.js';
import { openingProof } from '../verify/verify-package.js';
import type { HubCase } from './case-view.js';
import { ownOpenings } from './contribute.js';

export interface FollowedCase {
  readonly receipts: readonly { readonly kind: string; readonly time: string; readonly officerReference: string; readonly reason: string }[];
  readonly outcomes: readonly { readonly kind: string; readonly persons: number | null; readonly amountCny: number | null; readonly reference: string; readonly time: string }[];
  /** Own contributions that the liaison has proven to have decrypted. */
  readonly opened: readonly string[];
}

/** @throws DomainError KEY_NOT_TRUSTED, SIGNATURE_INVALID: an answer that does not verify is no answer */
export async function followCase(home: PartyHome, one: HubCase): Promise<FollowedCase> {
  const keys = home.trust.of(partySubject(one.liaisonId), 'evidence').map((pin) => pin.jwk);
  const openings = ownOpenings(home, one.id);
  const opened = new Set<string>();
  const receipts = [];
  for (const { jws } of one.package?.receipts ?? []) {
    const receipt = parseReceipt((await verifyWithPins('tally-receipt+1', jws, keys)).payload);
    if (receipt.package !== one.packageId) continue;
    for (const { contribution, proof } of receipt.openings) {
      const opening = openings.get(contribution);
      if (opening !== undefined && openingProof(opening, receipt.id) === proof) opened.add(contribution);
    }
    receipts.push({ kind: receipt.kind, time: receipt.time, officerReference: receipt.officerReference, reason: receipt.reason });
  }
  const outcomes = [];
  for (const { jws } of one.package?.outcomes ?? []) {
    const outcome = parseOutcome((await verifyWithPins('tally-outcome+1', jws, keys)).payload);
    if (outcome.package === one.packageId) outcomes.push({ kind: outcome.kind, persons: outcome.persons, amountCny: outcome.amountCny, reference: outcome.reference, time: outcome.time });
  }
  return { receipts, outcomes, opened: [...opened].sort() };
}
