/**
 * How the roster changes (docs/protocol/budgets.md): an officer of a coordinator signs a proposal for one member, t holders judge it and
 * sign the next roster. A proposal alone admits nobody and raises nothing; the bounds below are checked by each holder that signs.
 */
import { DomainError, isUuid, type Json } from '#kernel';
import { parseRoster, type Roster, type RosterMember } from './manifest.js';
import { BUDGETS, type Budget } from './oprf-wire.js';

export const ROSTER_PROPOSAL_TYP = 'tally-roster-proposal+1';
/** An older proposal is no longer signed on: what was lowered since is not raised again by it. */
export const PROPOSAL_VALID_DAYS = 30;
export const ROSTER_VALID_DAYS_MAX = 400;
const DAY_MS = 86_400_000;

export interface RosterProposal {
  readonly v: 1;
  readonly federation: string;
  readonly epoch: number;
  readonly memberId: string;
  /** The member's whole entry; null takes it out of the roster. */
  readonly entry: RosterMember | null;
  readonly proposedAt: string;
}

/** What an attested count allows at most, and what is proposed when nothing else is said. */
export function budgetsAtMost(attested: number): Readonly<Record<Budget, number>> {
  return {
    publish: Math.max(200_000, Math.floor(attested / 10)),
    enrolment: attested + Math.floor(attested / 10),
    daily: Math.max(10_000, Math.floor(attested / 1_000)),
  };
}

/** @throws DomainError POLICY_FORBIDS {member, budget, most} */
export function checkBudgets(entry: RosterMember): void {
  const most = budgetsAtMost(entry.attested);
  for (const budget of BUDGETS) {
    if (entry.budgets[budget] > most[budget]) throw new DomainError('POLICY_FORBIDS', 'budget above what the attested count allows', { member: entry.memberId, budget, most: most[budget] });
  }
  if (daysOf(entry) > ROSTER_VALID_DAYS_MAX) throw new DomainError('POLICY_FORBIDS', 'entry is valid too long', { member: entry.memberId, days: ROSTER_VALID_DAYS_MAX });
}

/** @throws DomainError MANIFEST_INVALID */
export function parseRosterProposal(json: Json): RosterProposal {
  const proposal = (typeof json === 'object' && json !== null ? json : {}) as unknown as RosterProposal;
  const names = ['v', 'federation', 'epoch', 'memberId', 'entry', 'proposedAt'];
  need(Object.keys(proposal).length === names.length && names.every((name) => name in proposal), 'members');
  need(isUuid(proposal.memberId) && (proposal.entry === null || proposal.entry?.memberId === proposal.memberId), 'memberId');
  // A roster of this one entry: federation, epoch, instants and the entry are read as strictly as there.
  const { v, federation, epoch, proposedAt } = proposal;
  parseRoster({ v, federation, epoch, serial: 0, members: proposal.entry === null ? [] : [proposal.entry], validFrom: proposedAt, validUntil: proposedAt } as unknown as Json);
  return proposal;
}

export interface NextRoster extends Pick<Roster, 'federation' | 'epoch' | 'serial' | 'validFrom' | 'validUntil'> {
  /** The entries that stand, as the holders signed them last. */
  readonly standing: readonly RosterMember[];
  /** One a member; later ones of the same member are refused. */
  readonly proposals: readonly RosterProposal[];
}

/** The same for everybody who has the same roster and proposals: each holder computes it and signs nothing else. */
export function nextRoster({ standing, proposals, federation, epoch, serial, validFrom, validUntil }: NextRoster): Roster {
  const entries = new Map(standing.map((entry) => [entry.memberId, entry]));
  if (new Set(proposals.map(({ memberId }) => memberId)).size !== proposals.length) throw new DomainError('BAD_INPUT', 'two proposals for one member', { reason: 'proposals' });
  for (const { memberId, entry } of proposals) {
    if (entry === null) entries.delete(memberId);
    else entries.set(memberId, entry);
  }
  const members = [...entries.values()].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  return { v: 1, federation, epoch, serial, members, validFrom, validUntil };
}

export function daysOf({ validFrom, validUntil }: { readonly validFrom: string; readonly validUntil: string }): number {
  return (Date.parse(validUntil) - Date.parse(validFrom)) / DAY_MS;
}

function need(good: boolean, field: string): void {
  if (!good) throw new DomainError('MANIFEST_INVALID', `roster proposal: ${field}`, { document: 'roster proposal', field });
}
