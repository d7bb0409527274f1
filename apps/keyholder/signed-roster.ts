/**
 * The roster as the holders signed it: the only thing that admits anybody. Re-read when the file changes; a newer file that
 * does not verify is reported and the last good roster stays until its own validity ends. Serials never fall, across restarts
 * too, so that an old roster cannot bring back an expelled member.
 */
import { readFileSync } from 'node:fs';
import { type HolderPins, type PublicJwk, type Verifier, verifierOf, verifyRoster } from '#crypto';
import { DomainError } from '#kernel';
import type { EventLog } from '#platform/logging';
import { parseRoster, type Roster, type RosterMember } from '#protocol';
import { WatchedFile } from './watched-file.js';

export type SeenRoster = Pick<Roster, 'epoch' | 'serial'> & { readonly members: readonly Pick<RosterMember, 'memberId' | 'validFrom'>[] };

export interface RosterGuard {
  /** Records the serial and starts the enrolment clocks of members not seen before; false when a higher serial was seen. */
  acceptRoster(roster: SeenRoster): Promise<boolean>;
}

export interface AdmittedMember {
  readonly member: RosterMember;
  readonly key: Verifier;
}

interface Loaded {
  readonly roster: Roster;
  readonly members: ReadonlyMap<string, { readonly member: RosterMember; readonly keys: ReadonlyMap<string, Verifier> }>;
}

export interface SignedRosterOptions {
  readonly file: string;
  readonly pins: HolderPins;
  readonly federation: string;
  readonly epoch: number;
  readonly guard: RosterGuard;
  readonly log: EventLog;
}

export class SignedRoster {
  private readonly watched: WatchedFile<Loaded>;

  constructor(private readonly options: SignedRosterOptions) {
    this.watched = new WatchedFile('roster', options.file, options.log, () => this.read());
  }

  /** @throws DomainError when the first roster does not verify: without one nobody could be admitted. */
  async start(): Promise<void> {
    await this.watched.start();
  }

  stop(): void {
    this.watched.stop();
  }

  /**
   * @param kid thumbprint, base64url
   * @throws DomainError ROSTER_REFUSED: not named, not in time, or not with this key; which of them is not told
   */
  admit(memberId: string, kid: string, now: Date = new Date()): AdmittedMember {
    const loaded = this.watched.current;
    const entry = loaded?.members.get(memberId);
    const key = entry?.keys.get(kid);
    if (loaded === null || entry === undefined || key === undefined) throw refused();
    if (!isValid(loaded.roster, now) || !isValid(entry.member, now)) throw refused();
    return { member: entry.member, key };
  }

  private async read(): Promise<Loaded> {
    const { pins, federation, epoch, guard } = this.options;
    const jws: unknown = JSON.parse(readFileSync(this.options.file, 'utf8'));
    const roster = verifyRoster({ jws, pins, now: new Date(), parse: parseRoster });
    if (roster.federation !== federation || roster.epoch !== epoch) throw new DomainError('MANIFEST_INVALID', 'roster is of another federation or epoch');
    if (!(await guard.acceptRoster(roster))) throw new DomainError('MANIFEST_INVALID', 'roster is older than one seen before');
    const members = new Map(roster.members.map((member) => [member.memberId, { member, keys: keysOf(member.evidenceKeys) }]));
    return { roster, members };
  }
}

function keysOf(jwks: readonly PublicJwk[]): Map<string, Verifier> {
  return new Map(jwks.map(verifierOf).map((key) => [key.kid, key]));
}

function isValid(document: { readonly validFrom: string; readonly validUntil: string }, now: Date): boolean {
  return Date.parse(document.validFrom) <= now.getTime() && now.getTime() < Date.parse(document.validUntil);
}

function refused(): DomainError {
  return new DomainError('ROSTER_REFUSED', 'not admitted by the roster');
}
