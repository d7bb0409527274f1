/**
 * The envelope of a case package: a statement by the hub (typ tally-package+1) sealed to the liaison's keys. By it the hub says
 * "these ciphertexts were delivered together", never "this is true". What officers approve is the digest of the payload
 * without the approvals themselves.
 */
import { createHash } from 'node:crypto';
import { DomainError, canonicalJson, type Json } from '#kernel';
import { keyIdOf, publicJwk, type PrivateJwk, type PublicJwk } from '../jwk.js';
import { openJson, sealJson, type SealedJson } from './sealed.js';
import { claimedKeyId, signStatement, verifyStatement, type StatementType, type VerifiedStatement } from './statement.js';

/** SHA-256 as 64 lower-case hex digits. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** SHA-256(JCS(payload without its member `approvals`)), hex: what officers sign. */
export function approvalDigest(payload: Readonly<Record<string, Json>>): string {
  const rest = Object.fromEntries(Object.entries(payload).filter(([name]) => name !== 'approvals'));
  return sha256Hex(canonicalJson(rest));
}

/** The envelope as the hub signs it (typ tally-package+1), sealed to the recipients' seal keys. */
export async function sealEnvelope(payload: Json, hubKey: PrivateJwk, recipients: readonly PublicJwk[]): Promise<SealedJson> {
  return sealJson(JSON.stringify(await signStatement('tally-package+1', payload, hubKey)), recipients);
}

/** The hub's statement inside, before any check. */
export async function openEnvelope(sealed: unknown, sealKey: PrivateJwk): Promise<string> {
  const text = await openJson(sealed, sealKey);
  return asString(text);
}

/**
 * Verifies a statement with whichever pinned key it names.
 * @throws DomainError KEY_NOT_TRUSTED when none of the pinned keys is named; SIGNATURE_INVALID when the named one did not sign.
 */
export async function verifyWithPins(typ: StatementType, jws: string, pinned: readonly PublicJwk[]): Promise<VerifiedStatement> {
  const claimed = claimedKeyId(jws);
  for (const key of pinned) if ((keyIdOf(publicJwk(key))) === claimed) return verifyStatement(typ, jws, key);
  throw new DomainError('KEY_NOT_TRUSTED', `statement ${typ} is signed by a key that is not pinned`);
}

function asString(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return '';
  }
}
