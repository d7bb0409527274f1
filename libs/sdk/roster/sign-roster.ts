/**
 * A key-holder's operator judges proposals and signs the next roster, in a process of its own with its own evidence key. The roster is
 * computed from the one that stands and the proposals; a draft that another holder signed is signed only when it is exactly that.
 */
import {
  type PrivateJwk, type GeneralJws, type HolderPins, keyIdOf, publicJwk, ROSTER_TYP, signerOf, signGeneralJws, type PinnedKey, verifyGeneralJws, verifyRoster,
} from '#crypto';
import { canonicalJson, DomainError, type Json } from '#kernel';
import {
  checkBudgets, daysOf, nextRoster, parseRoster, parseRosterProposal, PROPOSAL_VALID_DAYS, ROSTER_PROPOSAL_TYP, ROSTER_VALID_DAYS_MAX, type Manifest, type Roster, type RosterMember,
  type RosterProposal,
} from '#protocol';
import type { TrustStore } from '../trust/trust-store.js';
import { remembered, type RosterMemory } from './roster-memory.js';

const DAY_MS = 86_400_000;
const CLOCK_MS = 86_400_000;

export interface RosterToSign {
  /** Verified: names federation and epoch. */
  readonly manifest: Pick<Manifest, 'federation' | 'epoch'>;
  readonly pins: HolderPins;
  /** Pinned officers of coordinators. */
  readonly trust: TrustStore;
  /** The roster that stands, as the holders signed it; null for the first of an epoch. */
  readonly current: unknown;
  readonly proposals: readonly unknown[];
  /** What another holder signed over the same proposals; null when this holder is the first. */
  readonly draft: unknown;
  readonly days: number;
  readonly now: Date;
  /** What this holder's home remembers; null before its first signature in the epoch. */
  readonly memory: RosterMemory | null;
}

export interface RosterChange {
  readonly memberId: string;
  readonly before: RosterMember | null;
  readonly after: RosterMember | null;
}

export interface JudgedRoster {
  readonly roster: Roster;
  readonly changes: readonly RosterChange[];
  /** What is to be on disk before it is signed. */
  readonly memory: RosterMemory;
}

/**
 * What a holder would sign, with every check made.
 * @throws KEY_NOT_TRUSTED, SIGNATURE_INVALID for a proposal of nobody pinned, and for another key of a member that nobody compared; POLICY_FORBIDS for bounds; MANIFEST_INVALID
 * for another federation, epoch or serial, and for a draft that is not what the proposals make; STATE_CONFLICT for what would undo what this
 * holder signed before
 */
export function judgeRoster(input: RosterToSign): JudgedRoster {
  const { manifest, now } = input;
  const standing = input.current === null ? null : rosterOf(input.current, input);
  const proposals = input.proposals.map((jws) => readProposal(jws, input.trust));
  for (const proposal of proposals) checkProposal(proposal, input);
  const changes = changesOf(standing, proposals);
  for (const change of keyChanges(changes)) assertCompared(change, input.trust);
  const draft = input.draft === null ? null : draftOf(input.draft, input);
  const own = { serial: Math.max(now.getTime(), (standing?.serial ?? 0) + 1), validFrom: now.toISOString(), validUntil: new Date(now.getTime() + input.days * DAY_MS).toISOString() };
  const { serial, validFrom, validUntil } = draft ?? own;
  const roster = nextRoster({ federation: manifest.federation, epoch: manifest.epoch, serial, validFrom, validUntil, standing: standing?.members ?? [], proposals });
  checkRoster(roster, standing, now);
  if (draft !== null && canonical(draft) !== canonical(roster)) throw new DomainError('MANIFEST_INVALID', 'the draft is not what roster and proposals make', { document: 'roster', field: differingMember(draft, roster) });
  return { roster, changes, memory: remembered({ memory: input.memory, standing, proposals, roster }) };
}

/** One holder's signature over the roster that judgeRoster() computed. */
export function signRosterAs(roster: Roster, key: PrivateJwk): GeneralJws {
  return signGeneralJws({ typ: ROSTER_TYP, payload: parseRoster(roster as unknown as Json) as unknown as Json, signers: [signerOf(key)] });
}

/** Who of the pinned holders signed; `enough` when a key-holder will accept it. */
export function rosterSigners(jws: unknown, pins: HolderPins): { readonly roster: Roster; readonly owners: readonly string[]; readonly enough: boolean } {
  const { payload, owners } = verifyGeneralJws(jws, { typ: ROSTER_TYP, pins: pins.holders, threshold: 1 });
  return { roster: parseRoster(payload), owners, enough: owners.length >= pins.threshold };
}

/** @throws KEY_NOT_TRUSTED when no pinned officer of a coordinator signed it */
export function readProposal(jws: unknown, trust: TrustStore): RosterProposal {
  const officers: PinnedKey[] = trust.list().filter(({ use, role }) => use === 'officer' && role === 'coordinator').map(({ subject, jwk }) => ({ owner: subject, jwk }));
  if (officers.length === 0) throw new DomainError('KEY_NOT_TRUSTED', 'no coordinator\'s officer is pinned', { subject: 'coordinator', use: 'officer' });
  return parseRosterProposal(verifyGeneralJws(jws, { typ: ROSTER_PROPOSAL_TYP, pins: officers, threshold: 1 }).payload);
}

function rosterOf(jws: unknown, { manifest, pins }: RosterToSign): Roster {
  const roster = verifyRoster({ jws, pins, now: null, parse: parseRoster });
  if (roster.federation !== manifest.federation || roster.epoch !== manifest.epoch) throw refused('federation or epoch');
  return roster;
}

/** Whatever its signatures are worth: the payload is compared with what this holder computes. */
function draftOf(jws: unknown, { pins }: RosterToSign): Roster {
  return rosterSigners(jws, pins).roster;
}

function checkProposal({ federation, epoch, entry, proposedAt }: RosterProposal, { manifest, now }: RosterToSign): void {
  if (federation !== manifest.federation || epoch !== manifest.epoch) throw refused('proposal of another federation or epoch');
  const age = now.getTime() - Date.parse(proposedAt);
  if (age > PROPOSAL_VALID_DAYS * DAY_MS || age < -CLOCK_MS) throw refused('proposal is too old');
  if (entry !== null) checkBudgets(entry);
}

function checkRoster(roster: Roster, standing: Roster | null, now: Date): void {
  if (standing !== null && roster.serial <= standing.serial) throw refused('serial');
  if (daysOf(roster) > ROSTER_VALID_DAYS_MAX || Math.abs(Date.parse(roster.validFrom) - now.getTime()) > PROPOSAL_VALID_DAYS * DAY_MS) throw refused('validity');
  if (roster.serial > now.getTime() + CLOCK_MS && roster.serial !== (standing?.serial ?? 0) + 1) throw refused('serial');
}

function changesOf(standing: Roster | null, proposals: readonly RosterProposal[]): RosterChange[] {
  return proposals.map(({ memberId, entry }) => ({ memberId, before: standing?.members.find((member) => member.memberId === memberId) ?? null, after: entry }));
}

export interface KeyChange {
  readonly memberId: string;
  /** Thumbprints; none for a member that is new. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Whom the next roster would admit: a proposal may leave every figure as it is and name another key. */
export function keyChanges(changes: readonly RosterChange[]): KeyChange[] {
  return changes.map(({ memberId, before, after }) => ({ memberId, before: kidsOf(before), after: kidsOf(after) })).filter(({ before, after }) => after.some((kid) => !before.includes(kid)));
}

/** A key that takes the place of a member's was compared with the member, over another channel: an officer's word alone would hand its budget to a thief of the officer's key. */
function assertCompared({ memberId, before, after }: KeyChange, trust: TrustStore): void {
  if (before.length === 0) return;
  const pinned = trust.of(`party:${memberId}`, 'evidence').map(({ kid }) => kid);
  if (after.every((kid) => before.includes(kid) || pinned.includes(kid))) return;
  throw new DomainError('KEY_NOT_TRUSTED', 'another evidence key of a member, which is not pinned here', { subject: `party:${memberId}`, use: 'evidence' });
}

function kidsOf(entry: RosterMember | null): string[] {
  return (entry?.evidenceKeys ?? []).map((jwk) => keyIdOf(publicJwk(jwk))).sort();
}

function differingMember(draft: Roster, expected: Roster): string {
  const known = new Map(expected.members.map((member) => [member.memberId, canonicalJson(member as unknown as Json)]));
  const other = draft.members.find((member) => known.get(member.memberId) !== canonicalJson(member as unknown as Json));
  const missing = expected.members.find(({ memberId }) => !draft.members.some((member) => member.memberId === memberId));
  return other?.memberId ?? missing?.memberId ?? 'roster';
}

function canonical(roster: Roster): string {
  return canonicalJson(roster as unknown as Json);
}

function refused(field: string): DomainError {
  return new DomainError('MANIFEST_INVALID', `roster: ${field}`, { document: 'roster', field });
}
