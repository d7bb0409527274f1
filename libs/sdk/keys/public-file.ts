/**
 * public.json: what a party gives to others, and the fingerprint that two people compare over another channel before
 * it is pinned. The fingerprint binds the subject to every key by its thumbprint, which is recomputed here: a file
 * whose kid does not fit its key is refused.
 */
import { createHash } from 'node:crypto';
import { keyIdOf, publicJwk, type PublicJwk } from '#crypto';
import { DomainError, canonicalBytes, isUuid } from '#kernel';

export interface PublicKeyEntry {
  /** auth, evidence, seal for parties; package, status for the hub; manifest for key-holders. */
  readonly use: string;
  readonly kid: string;
  readonly jwk: PublicJwk;
}
export interface OfficerEntry {
  readonly id: string;
  readonly name: string;
  readonly kid: string;
  readonly jwk: PublicJwk;
}
export interface PublicFile {
  /** 'hub', 'holder:<id>' or 'party:<uuid>'; 'holders' for a pins file, whose keys name their holder as use. */
  readonly subject: string;
  readonly partyId?: string;
  readonly role?: string;
  readonly name: string;
  readonly nameZh?: string;
  readonly keys: readonly PublicKeyEntry[];
  readonly officers: readonly OfficerEntry[];
  readonly contactDesk?: unknown;
  readonly jurisdiction?: string;
}

const HOLDERS = 'holders';
const SUBJECT = /^(hub|holder:[A-Za-z0-9_-]{1,64}|party:[0-9a-f-]{36})$/;

/** @throws BAD_INPUT when a field is missing or a kid is not the thumbprint of its key */
export function parsePublicFile(value: unknown, subjectOption?: string): PublicFile {
  const file = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (Array.isArray(file.holders) && file.keys === undefined) return holdersFile(file.holders);
  const subject = subjectOption ?? (typeof file.subject === 'string' ? file.subject : isUuid(file.partyId) ? `party:${file.partyId}` : '');
  if (!SUBJECT.test(subject)) throw new DomainError('BAD_INPUT', 'public file names no subject', { reason: 'subject' });
  if (isUuid(file.partyId) && subject.startsWith('party:') && subject !== `party:${file.partyId}`) throw new DomainError('BAD_INPUT', 'subject differs', { reason: 'subject' });
  const keys = listOf(file.keys).map((entry) => ({ use: textOf(entry.use, 'use'), ...keyOf(entry) }));
  const officers = listOf(file.officers ?? []).map((entry) => ({ id: textOf(entry.id, 'officer id'), name: textOf(entry.name, 'officer name'), ...keyOf(entry) }));
  if (keys.length === 0) throw new DomainError('BAD_INPUT', 'public file holds no key', { reason: 'keys' });
  return { ...(file as object), subject, name: textOf(file.name ?? subject, 'name'), keys, officers };
}

/** The key-holders' own list: [{ owner, jwk }]. Each becomes the subject `holder:<owner>`. */
function holdersFile(holders: readonly unknown[]): PublicFile {
  const keys = listOf(holders).map((entry) => ({ use: `holder:${textOf(entry.owner, 'owner')}`, ...keyOf(entry) }));
  if (keys.length === 0 || keys.some(({ use }) => !SUBJECT.test(use))) throw new DomainError('BAD_INPUT', 'holders', { reason: 'holders' });
  return { subject: HOLDERS, name: HOLDERS, keys, officers: [] };
}

/** What is pinned: a holders' file is one public file a holder. */
export function subjectsOf(file: PublicFile): PublicFile[] {
  if (file.subject !== HOLDERS) return [file];
  return file.keys.map(({ use, kid, jwk }) => ({ subject: use, name: use.slice('holder:'.length), keys: [{ use: 'evidence', kid, jwk }], officers: [] }));
}

/** 160 bits of SHA-256 over {subject, role, keys, officers} (a role decides whose approval counts), as ten groups of four hex digits. */
export function fingerprintOf(file: PublicFile): string {
  const keys = file.keys.map(({ use, kid }) => `${use} ${kid}`).sort();
  const officers = file.officers.map(({ id, kid }) => `${id} ${kid}`).sort();
  const digest = createHash('sha256').update(canonicalBytes({ subject: file.subject, role: file.role ?? null, keys, officers })).digest('hex');
  return digest.slice(0, 40).match(/.{4}/g)!.join(' ');
}

/** Compares what a person typed: case, blanks, colons and dashes do not count. */
export function sameFingerprint(a: string, b: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/[\s:-]/g, '');
  return plain(a).length === 40 && plain(a) === plain(b);
}

function keyOf(entry: Record<string, unknown>): { kid: string; jwk: PublicJwk } {
  const jwk = publicJwk(entry.jwk);
  const kid = keyIdOf(jwk);
  if (entry.kid !== undefined && entry.kid !== kid) throw new DomainError('BAD_INPUT', 'kid is not the thumbprint of its key', { reason: 'kid' });
  return { kid, jwk };
}
function listOf(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) throw new DomainError('BAD_INPUT', 'public file: list expected', { reason: 'keys' });
  return value.map((entry) => (typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>) : {}));
}
function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '' || value.length > 200) throw new DomainError('BAD_INPUT', `public file: ${what}`, { reason: what });
  return value;
}
