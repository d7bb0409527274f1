/**
 * What officers of coordinators sign about a party: admission, suspension, lifting. Each statement names the federation,
 * the party and the party's policy version at signing (1 at admission), so that it cannot be used again after the next change of status.
 * Types: `tally-admission+1` for ADMIT, `tally-suspension+1` for SUSPEND and LIFT.
 */
import { createHash } from 'node:crypto';
import { canonicalBytes, DomainError, isUuid, type Json } from '#kernel';
import { PARTY_ROLES, type PartyRole } from './access.js';

const DIRECTORY_ACTIONS = ['ADMIT', 'SUSPEND', 'LIFT'] as const;
export type DirectoryAction = (typeof DIRECTORY_ACTIONS)[number];

export interface DirectoryAct {
  readonly v: 1;
  readonly action: DirectoryAction;
  readonly federation: string;
  readonly party: string;
  /** ADMIT: admissionDigest of the public file; otherwise null. */
  readonly digest: string | null;
  readonly policyVersion: number;
  readonly time: string;
}

export function statementTypeOf(action: DirectoryAction): 'tally-admission+1' | 'tally-suspension+1' {
  return action === 'ADMIT' ? 'tally-admission+1' : 'tally-suspension+1';
}

/** What a party's keys are for: its client at the token server, its statements, what is sealed to it. */
export const KEY_USES = ['auth', 'evidence', 'seal'] as const;
export type KeyUse = (typeof KEY_USES)[number];

export interface DirectoryKey {
  readonly use: KeyUse;
  readonly kid: string;
  readonly jwk: { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string };
}
export interface DirectoryOfficer extends Omit<DirectoryKey, 'use'> {
  readonly id: string;
  readonly name: string;
}
/** The part of a party's public.json that is admitted. */
export interface AdmittedParty {
  readonly partyId: string;
  readonly role: PartyRole;
  readonly name: string;
  readonly nameZh: string;
  readonly keys: readonly DirectoryKey[];
  readonly officers: readonly DirectoryOfficer[];
  readonly contactDesk: string | Readonly<Record<string, string>>;
  readonly jurisdiction: string;
}

/** SHA-256 (base64url) over JCS of the admitted part; the order of keys and officers does not count. */
export function admissionDigest(party: AdmittedParty): string {
  const byKid = (a: { kid: string }, b: { kid: string }): number => (a.kid < b.kid ? -1 : 1);
  const canonical = { ...party, keys: [...party.keys].sort(byKid), officers: [...party.officers].sort(byKid) };
  return createHash('sha256').update(canonicalBytes(canonical as unknown as Json)).digest('base64url');
}

/** Takes from a public.json what is admitted; kids are compared with their keys where keys are at home. @throws BAD_INPUT */
export function parseAdmittedParty(value: unknown): AdmittedParty {
  const file = record(value, 'file');
  const role = file['role'] as PartyRole;
  need(isUuid(file['partyId']), 'partyId');
  need((PARTY_ROLES as readonly unknown[]).includes(role), 'role');
  const keys = list(file['keys'], 'keys').map((entry) => ({ use: entry['use'] as DirectoryKey['use'], ...keyOf(entry) }));
  need(keys.length === KEY_USES.length && KEY_USES.every((use) => keys.some((key) => key.use === use)), 'one key a use');
  const officers = list(file['officers'] ?? [], 'officers').map((entry) => ({ id: uuid(entry['id']), name: text(entry['name'], 'officer name', 200), ...keyOf(entry) }));
  need(officers.length <= 20 && officers.length >= (role === 'coordinator' ? 2 : 1), 'officers');
  const kids = [...keys, ...officers].map(({ kid }) => kid);
  need(new Set(kids).size === kids.length, 'one key, one use');
  const name = text(file['name'], 'name', 200);
  return {
    partyId: uuid(file['partyId']), role, name, nameZh: text(file['nameZh'] ?? name, 'nameZh', 200), keys, officers,
    contactDesk: desk(file['contactDesk'] ?? ''), jurisdiction: optionalText(file['jurisdiction'] ?? '', 64),
  };
}

/** @throws BAD_INPUT */
export function parseDirectoryAct(value: unknown): DirectoryAct {
  const act = record(value, 'statement');
  const names = ['v', 'action', 'federation', 'party', 'digest', 'policyVersion', 'time'];
  need(Object.keys(act).length === names.length && names.every((name) => name in act) && act['v'] === 1, 'members');
  need((DIRECTORY_ACTIONS as readonly unknown[]).includes(act['action']), 'action');
  need(isUuid(act['party']) && typeof act['federation'] === 'string' && Number.isSafeInteger(act['policyVersion']), 'subject');
  need(act['action'] === 'ADMIT' ? typeof act['digest'] === 'string' && /^[A-Za-z0-9_-]{43}$/.test(act['digest']) : act['digest'] === null, 'digest');
  need(typeof act['time'] === 'string' && !Number.isNaN(Date.parse(act['time'])), 'time');
  return act as unknown as DirectoryAct;
}

function keyOf(entry: Record<string, unknown>): Pick<DirectoryKey, 'kid' | 'jwk'> {
  const { kty, crv, x, y } = record(entry['jwk'], 'jwk');
  need(kty === 'EC' && crv === 'P-256' && typeof x === 'string' && typeof y === 'string' && x.length === 43 && y.length === 43, 'jwk');
  const kid = text(entry['kid'], 'kid', 43);
  need(/^[A-Za-z0-9_-]{43}$/.test(kid), 'kid');
  return { kid, jwk: { kty: 'EC', crv: 'P-256', x, y } };
}
function desk(value: unknown): string | Record<string, string> {
  if (typeof value === 'string') return optionalText(value, 500);
  const entries = Object.entries(record(value, 'contactDesk'));
  need(entries.length <= 20, 'contactDesk');
  return Object.fromEntries(entries.map(([name, entry]) => [text(name, 'contactDesk', 64), optionalText(entry, 500)]));
}
function record(value: unknown, what: string): Record<string, unknown> {
  need(value !== null && typeof value === 'object' && !Array.isArray(value), what);
  return value as Record<string, unknown>;
}
function list(value: unknown, what: string): Record<string, unknown>[] {
  need(Array.isArray(value), what);
  return (value as unknown[]).map((entry) => record(entry, what));
}
function uuid(value: unknown): string {
  need(isUuid(value), 'id');
  return value as string;
}
function text(value: unknown, what: string, longest: number): string {
  const found = optionalText(value, longest, what);
  need(found !== '', what);
  return found;
}
function optionalText(value: unknown, longest: number, what = 'text'): string {
  need(typeof value === 'string' && value.length <= longest && value.isWellFormed() && !/\p{Cc}/u.test(value), what);
  return value as string;
}
function need(good: boolean, what: string): asserts good {
  if (!good) throw new DomainError('BAD_INPUT', `public file or statement: ${what}`, { reason: what });
}
