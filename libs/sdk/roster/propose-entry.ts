/** A coordinator's officer proposes what one member may ask of the key-holders. Nobody is admitted by it: t holders sign a roster. */
import { type GeneralJws, publicJwk, signerOf, signGeneralJws, type PrivateJwk } from '#crypto';
import { DomainError, type Json } from '#kernel';
import { type Budget, budgetsAtMost, checkBudgets, parseRosterProposal, ROSTER_PROPOSAL_TYP, type RosterMember, type RosterProposal } from '#protocol';
import type { PublicFile } from '../keys/public-file.js';

export interface ProposedEntry {
  readonly federation: string;
  readonly epoch: number;
  /** The member's public.json, compared over another channel. */
  readonly member: PublicFile;
  /** Indicators the member attests to hold; null takes the member out. */
  readonly attested: number | null;
  /** What differs from the most that the attested count allows. */
  readonly budgets: Partial<Readonly<Record<Budget, number>>>;
  readonly days: number;
  readonly now: Date;
}

/** @throws BAD_INPUT for a file of no party; POLICY_FORBIDS for budgets above the bounds */
export function proposeEntry(proposed: ProposedEntry, officerKey: PrivateJwk): { readonly jws: GeneralJws; readonly proposal: RosterProposal } {
  const { federation, epoch, member, now } = proposed;
  if (member.partyId === undefined) throw new DomainError('BAD_INPUT', 'not a party\'s public file', { reason: 'partyId' });
  const entry = entryOf(proposed, member.partyId);
  if (entry !== null) checkBudgets(entry);
  const proposal: RosterProposal = { v: 1, federation, epoch, memberId: member.partyId, entry, proposedAt: now.toISOString() };
  const payload = parseRosterProposal(proposal as unknown as Json) as unknown as Json;
  return { jws: signGeneralJws({ typ: ROSTER_PROPOSAL_TYP, payload, signers: [signerOf(officerKey)] }), proposal };
}

function entryOf({ member, attested, budgets, days, now }: ProposedEntry, memberId: string): RosterMember | null {
  if (attested === null) return null;
  const evidenceKeys = member.keys.filter(({ use }) => use === 'evidence').map(({ jwk }) => publicJwk(jwk));
  return {
    memberId, evidenceKeys, attested, budgets: { ...budgetsAtMost(attested), ...budgets },
    validFrom: now.toISOString(), validUntil: new Date(now.getTime() + days * 86_400_000).toISOString(),
  };
}
