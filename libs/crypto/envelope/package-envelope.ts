/**
 * The envelope of a case package: a statement by the hub (typ tally-package+1) sealed to the liaison's keys. By it the hub says
 * "these ciphertexts were delivered together", never "this is true". What officers approve is the digest of the payload
 * without the approvals themselves.
 */
import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '#kernel';
import type { PrivateJwk, PublicJwk } from './jwk.js';
import { openJson, sealJson, type SealedJson } from './sealed.js';
import { signStatement, verifyStatement, type VerifiedStatement } from './statement.js';

/** SHA-256 as 64 lower-case hex digits. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** SHA-256(JCS(payload without its member `approvals`)), hex: what officers sign. */
export function approvalDigest(payload: Readonly<Record<string, Json>>): string {
  const rest = Object.fromEntries(Object.entries(payload).filter(([name]) => name !== 'approvals'));
  return sha256Hex(canonicalJson(rest));
}

export async function sealEnvelope(payload: Json, hubKey: PrivateJwk, recipients: readonly PublicJwk[]): Promise<SealedJson> {
  return sealJson(JSON.stringify(await signStatement('tally-package+1', payload, hubKey)), recipients);
}

/** @throws DomainError as openJson and verifyStatement. */
export async function openEnvelope(sealed: unknown, sealKey: PrivateJwk, hubKey: PublicJwk): Promise<VerifiedStatement> {
  const text = await openJson(sealed, sealKey);
  return verifyStatement('tally-package+1', asString(text), hubKey);
}

function asString(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return '';
  }
}
