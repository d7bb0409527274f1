/**
 * What a key-holder remembers of the rosters it signed, in a file of its own home: otherwise whoever carries the files decides what the next
 * roster goes on from. An older roster given as the standing one, or a proposal that a later one undid, would bring back a member that was
 * taken out, or a budget that was lowered. A quorum of holders that remember signs neither (docs/protocol/budgets.md).
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { sha256, toBase64url } from '#crypto';
import { canonicalBytes, canonicalJson, DomainError, type Json } from '#kernel';
import type { Roster, RosterMember, RosterProposal } from '#protocol';
import { CeremonyStore } from '../ceremony/ceremony-files.js';

export interface RosterMemory {
  readonly v: 1;
  readonly federation: string;
  readonly epoch: number;
  /** Rises by one with each signature. */
  readonly turn: number;
  /** Of the newest roster that was signed here. */
  readonly serial: number;
  readonly digest: string;
  /** Members that are in it, and those that were taken out. */
  readonly members: Readonly<Record<string, RememberedMember>>;
}
interface RememberedMember {
  /** Digest of its entry; null: taken out. */
  readonly entry: string | null;
  /** Of the newest proposal on it that was signed on here. */
  readonly proposedAt: string | null;
}

export interface NextSignature {
  readonly memory: RosterMemory | null;
  readonly standing: Roster | null;
  readonly proposals: readonly RosterProposal[];
  /** What would be signed. */
  readonly roster: Roster;
}

/**
 * A standing roster of a higher serial overrides what is remembered of entries: others went on. Against any other, what was decided here stands
 * until a later proposal says otherwise.
 * @returns what is to be remembered before it is signed
 * @throws DomainError STATE_CONFLICT {document, field}: the member whose entry was decided on otherwise, `proposal` or `current`
 */
export function remembered({ memory, standing, proposals, roster }: NextSignature): RosterMemory {
  if (memory !== null) {
    if (memory.federation !== roster.federation || memory.epoch !== roster.epoch) throw conflict('epoch');
    if (standing?.serial === memory.serial && digestOf(standing) !== memory.digest) throw conflict('current');
    const overridden = standing !== null && standing.serial > memory.serial ? standing : null;
    for (const proposal of proposals) refuseUndone(memory.members[proposal.memberId], proposal, overridden);
    if (overridden === null) refuseForgotten(memory, proposals, roster);
  }
  const entries = entriesOf(roster);
  const decided = new Map(proposals.map(({ memberId, proposedAt }) => [memberId, proposedAt]));
  const known = memory?.members ?? {};
  const ids = [...new Set([...Object.keys(known), ...entries.keys(), ...decided.keys()])].sort();
  const members = Object.fromEntries(ids.map((id): [string, RememberedMember] => [id, { entry: entries.get(id) ?? null, proposedAt: decided.get(id) ?? known[id]?.proposedAt ?? null }]));
  const { federation, epoch, serial } = roster;
  const newest = memory !== null && memory.serial > serial ? memory : { serial, digest: digestOf(roster) };
  return { v: 1, federation, epoch, turn: (memory?.turn ?? 0) + 1, serial: newest.serial, digest: newest.digest, members };
}

/** The very proposal that was signed on may be signed on again, as long as nobody went on to something else. */
function refuseUndone(known: RememberedMember | undefined, { entry, proposedAt, memberId }: RosterProposal, overridden: Roster | null): void {
  const last = known?.proposedAt ?? null;
  if (last === null || Date.parse(proposedAt) > Date.parse(last)) return;
  const proposed = entry === null ? null : digestOf(entry);
  const stands = overridden === null ? known?.entry ?? null : entriesOf(overridden).get(memberId) ?? null;
  if (proposedAt !== last || proposed !== stands) throw conflict('proposal', memberId);
}

function refuseForgotten({ members }: RosterMemory, proposals: readonly RosterProposal[], roster: Roster): void {
  const entries = entriesOf(roster);
  for (const { memberId } of proposals) entries.delete(memberId);
  const decided = new Set(proposals.map(({ memberId }) => memberId));
  for (const id of new Set([...Object.keys(members), ...entries.keys()])) {
    if (!decided.has(id) && (members[id]?.entry ?? null) !== (entries.get(id) ?? null)) throw conflict(id, id);
  }
}

function entriesOf(roster: Roster): Map<string, string> {
  return new Map(roster.members.map((entry) => [entry.memberId, digestOf(entry)]));
}

function digestOf(document: Roster | RosterMember): string {
  return toBase64url(sha256(canonicalBytes(document as unknown as Json)));
}

function conflict(field: string, member?: string): DomainError {
  return new DomainError('STATE_CONFLICT', 'this holder signed something else before', { document: 'roster', field, ...(member === undefined ? {} : { member }) });
}

/** `rosters/<epoch>/<turn>.json` of the home (0700): written before each signature, durably; two commands at once do not both get the turn. */
export class RosterMemoryFile {
  private readonly store: CeremonyStore;

  constructor(home: string, epoch: number) {
    this.store = new CeremonyStore(path.join(home, 'rosters', String(epoch)));
  }

  /** Null before the first signature. @throws STATE_CONFLICT for a damaged file: without it nothing is signed */
  read(): RosterMemory | null {
    const newest = this.newest();
    return newest === null ? null : this.store.read(path.basename(newest)) as RosterMemory;
  }

  /** @throws STATE_CONFLICT when another command has signed meanwhile */
  replace(memory: RosterMemory): void {
    mkdirSync(this.store.directory, { recursive: true, mode: 0o700 });
    const kept = this.store.writeOnce(nameOf(memory.turn), memory);
    if (canonicalJson(kept as Json) !== canonicalJson(memory as unknown as Json)) throw conflict('turn');
    for (const name of this.names()) if (name < nameOf(memory.turn)) rmSync(this.store.file(name));
  }

  newest(): string | null {
    const name = this.names().at(-1);
    return name === undefined ? null : this.store.file(name);
  }

  private names(): string[] {
    return existsSync(this.store.directory) ? readdirSync(this.store.directory).filter((name) => /^\d{9}\.json$/.test(name)).sort() : [];
  }
}

function nameOf(turn: number): string {
  return `${String(turn).padStart(9, '0')}.json`;
}
