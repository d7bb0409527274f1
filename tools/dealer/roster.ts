/** Signs a roster with the evidence keys that the demonstration dealer left with the holders. */
import path from 'node:path';
import { createSodiumEngine, type PrivateJwk, type GeneralJws, parseHolderPins, ROSTER_TYP, signerOf, signGeneralJws, verifyManifest, verifyRoster } from '#crypto';
import { DomainError, type Json } from '#kernel';
import { type Budget, budgetsAtMost, type EvidenceJwk, groupKeyOf, parseManifest, parseRoster, type Roster, type RosterMember } from '#protocol';
import { daysLater, holderId, readJson, refuseProduction, writeJson } from './deal.js';

/** One entry of the members file. */
export interface RosterEntry {
  readonly memberId: string;
  readonly evidenceKeys: readonly EvidenceJwk[];
  readonly attested: number;
  readonly budgets?: Readonly<Record<Budget, number>>;
}

export interface RosterOptions {
  /** The dealer's folder. */
  readonly dir: string;
  readonly members: readonly RosterEntry[];
  readonly out: string;
  /** Indices of the holders that sign; default: the first t. */
  readonly signers?: readonly number[];
  readonly days?: number;
}

export async function signRoster(options: RosterOptions, profile: string | undefined): Promise<Roster> {
  refuseProduction(profile);
  const pins = parseHolderPins(readJson(path.join(options.dir, 'pins.json')));
  const engine = await createSodiumEngine();
  const now = new Date();
  const { manifest } = verifyManifest({ jws: readJson(path.join(options.dir, 'manifest.json')), pins, engine, now, parse: parseManifest, groupKeyOf });
  const validity = { validFrom: new Date(now.getTime() - 60_000).toISOString(), validUntil: daysLater(now, options.days ?? 365) };
  const roster: Roster = {
    v: 1, federation: manifest.federation, epoch: manifest.epoch, serial: now.getTime(), ...validity,
    members: options.members.map((entry) => ({ ...memberOf(entry), ...validity })),
  };
  const indices = options.signers ?? manifest.holders.slice(0, manifest.threshold).map((holder) => holder.index);
  const signers = indices.map((index) => signerOf(readJson(path.join(options.dir, holderId(index), 'evidence.jwk.json')) as PrivateJwk));
  const jws: GeneralJws = signGeneralJws({ typ: ROSTER_TYP, payload: roster as unknown as Json, signers });
  const verified = verifyRoster({ jws, pins, now, parse: parseRoster });
  writeJson(options.out, jws, 0o644);
  return verified;
}

export function readMembers(file: string): RosterEntry[] {
  const members = readJson(file);
  if (!Array.isArray(members)) throw new DomainError('BAD_INPUT', 'the members file holds an array');
  return members as RosterEntry[];
}

function memberOf(entry: RosterEntry): Omit<RosterMember, 'validFrom' | 'validUntil'> {
  const { memberId, evidenceKeys, attested } = entry;
  const keys = evidenceKeys.map(({ crv, kty, x, y }) => ({ crv, kty, x, y }));
  return { memberId, evidenceKeys: keys, attested, budgets: entry.budgets ?? budgetsAtMost(attested) };
}
