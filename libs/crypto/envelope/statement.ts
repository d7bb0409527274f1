/**
 * Signed statements: compact JWS (RFC 7515) with ES256 over JCS bytes. Each kind of statement has its own `typ`, which is
 * verified, so that a receipt can never be replayed as an approval. The header is compared whole: exactly alg, typ and kid,
 * no `crit`, no `jwk`, no `jku`. The key comes from the caller's pins, never from the header.
 */
import { DomainError, canonicalBytes, canonicalJson, type Json, type KeyId } from '#kernel';
import { CompactSign, compactVerify, decodeProtectedHeader } from 'jose';
import { keyIdOf, publicJwk, type PrivateJwk, type PublicJwk } from '../jwk.js';
import { importFor } from './import-key.js';

export type StatementType = 'tally-proposal+1' | 'tally-approval+1' | 'tally-package+1' | 'tally-receipt+1' | 'tally-outcome+1' | 'tally-admission+1' | 'tally-suspension+1' | 'tally-status+1' | 'tally-epoch-announce+1' | 'tally-epoch-stop-order+1' | 'tally-brand+1';

const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}$/;
const MAX_STATEMENT = 1_048_576;

export interface VerifiedStatement {
  readonly payload: Readonly<Record<string, Json>>;
  readonly kid: KeyId;
}

/** Signs JCS(payload); `kid` is the signer's thumbprint. */
export async function signStatement(typ: StatementType, payload: Json, key: PrivateJwk): Promise<string> {
  const kid = keyIdOf(key);
  return new CompactSign(canonicalBytes(payload)).setProtectedHeader({ alg: 'ES256', typ, kid }).sign(await importFor(key, 'ES256'));
}

/** The key id a statement claims, for looking up a pinned key. Says nothing about who signed. */
export function claimedKeyId(jws: string): KeyId {
  assertCompact(jws);
  try {
    const { kid } = decodeProtectedHeader(jws);
    if (typeof kid === 'string' && /^[A-Za-z0-9_-]{43}$/.test(kid)) return kid as KeyId;
  } catch { /* falls through: one answer for every malformed header */ }
  throw new DomainError('SIGNATURE_INVALID', 'statement names no key');
}

/**
 * Verifies a statement of one type with one trusted key.
 * @throws DomainError SIGNATURE_INVALID whatever is wrong with it.
 */
export async function verifyStatement(typ: StatementType, jws: string, trusted: PublicJwk): Promise<VerifiedStatement> {
  assertCompact(jws);
  const key = publicJwk(trusted);
  const kid = keyIdOf(key);
  try {
    const { payload, protectedHeader } = await compactVerify(jws, await importFor(key, 'ES256'), { algorithms: ['ES256'] });
    assertHeader(protectedHeader, typ, kid);
    return { payload: canonicalPayload(payload), kid };
  } catch (cause) {
    throw new DomainError('SIGNATURE_INVALID', `statement ${typ} does not verify`, {}, { cause });
  }
}

/** RFC 7515 4.1: the whole protected header is what we wrote. */
export function assertHeader(header: object, typ: string, kid: KeyId): void {
  if (canonicalJson({ ...header } as Json) !== canonicalJson({ alg: 'ES256', kid, typ })) {
    throw new DomainError('SIGNATURE_INVALID', 'unexpected protected header');
  }
}

/** Parses a signed payload and insists that its bytes are the canonical form of what was parsed (no duplicate keys, no second reading). */
export function canonicalPayload(bytes: Uint8Array): Readonly<Record<string, Json>> {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const value = JSON.parse(text) as Json;
  if (value === null || typeof value !== 'object' || Array.isArray(value) || canonicalJson(value) !== text) {
    throw new DomainError('SIGNATURE_INVALID', 'payload is not canonical JSON');
  }
  return value as Readonly<Record<string, Json>>;
}

function assertCompact(jws: unknown): asserts jws is string {
  if (typeof jws !== 'string' || jws.length > MAX_STATEMENT || !COMPACT.test(jws)) throw new DomainError('SIGNATURE_INVALID', 'not a compact JWS');
}
