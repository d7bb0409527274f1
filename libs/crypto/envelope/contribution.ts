/**
 * A contribution: JCS payload, signed by the member's evidence key AND by one of its officers (JWS General JSON, RFC 7515
 * 7.2.1), then sealed to the liaison. Signing comes first, so that the hub and other members cannot see, strip or swap
 * signatures, and a liaison can show the signed JWS to a court without its own key.
 */
import { DomainError, canonicalBytes, type Json, type KeyId } from '#kernel';
import { GeneralSign, flattenedVerify, base64url } from 'jose';
import { keyIdOf, publicJwk, type PrivateJwk, type PublicJwk } from '../jwk.js';
import { importFor } from './import-key.js';
import { openJson, sealJson, type SealedJson } from './sealed.js';
import { assertHeader, canonicalPayload } from './statement.js';

const CONTRIBUTION_TYPE = 'tally-contribution+1';

export interface ContributionSigners {
  readonly evidence: PrivateJwk;
  readonly officer: PrivateJwk;
}
/** Two signatures over one payload; the order (evidence, officer) is part of the format. */
export interface SignedContribution {
  readonly payload: string;
  readonly signatures: readonly { readonly protected: string; readonly signature: string }[];
}
/** Pinned keys of one member, by what they may sign. */
export interface MemberPins {
  readonly evidence: readonly PublicJwk[];
  readonly officers: readonly PublicJwk[];
}
export interface OpenedContribution {
  readonly payload: Readonly<Record<string, Json>>;
  readonly evidenceKid: KeyId;
  readonly officerKid: KeyId;
}

/** Signs twice, pads to a size class, seals to the recipients' keys (which the caller has compared with its pins). */
export async function sealContribution(payload: Json, signers: ContributionSigners, recipients: readonly PublicJwk[]): Promise<SealedJson> {
  const jws = new GeneralSign(canonicalBytes(payload));
  for (const key of [signers.evidence, signers.officer]) {
    jws.addSignature(await importFor(key, 'ES256')).setProtectedHeader({ alg: 'ES256', typ: CONTRIBUTION_TYPE, kid: keyIdOf(key) });
  }
  return sealJson(JSON.stringify(await jws.sign()), recipients);
}

/** Decrypts one contribution. Nothing in it is to be believed before verifyContribution. */
export async function openContribution(sealed: unknown, sealKey: PrivateJwk): Promise<SignedContribution> {
  return signedContribution(await openJson(sealed, sealKey));
}

/** The payload before any check, for finding out whose pinned keys to check with. */
export function unverifiedPayload(signed: SignedContribution): Readonly<Record<string, Json>> {
  try {
    return canonicalPayload(base64url.decode(signed.payload));
  } catch (cause) {
    throw new DomainError('PACKAGE_INVALID', 'contribution payload is not canonical JSON', {}, { cause });
  }
}

/**
 * Verifies both signatures with pinned keys.
 * @throws DomainError KEY_NOT_TRUSTED when no pinned key of that use made a signature; SIGNATURE_INVALID when one is false.
 */
export async function verifyContribution(signed: SignedContribution, pins: MemberPins): Promise<OpenedContribution> {
  const evidenceKid = await verifyOne(signed, 0, pins.evidence);
  const officerKid = await verifyOne(signed, 1, pins.officers);
  if (evidenceKid === officerKid) throw new DomainError('SIGNATURE_INVALID', 'one key signed for both');
  return { payload: unverifiedPayload(signed), evidenceKid, officerKid };
}

async function verifyOne(signed: SignedContribution, index: number, pinned: readonly PublicJwk[]): Promise<KeyId> {
  const part = signed.signatures[index]!;
  const claimed = claimedKid(part.protected);
  for (const jwk of pinned.map(publicJwk)) {
    const kid = keyIdOf(jwk);
    if (kid !== claimed) continue;
    try {
      const { protectedHeader } = await flattenedVerify({ payload: signed.payload, ...part }, await importFor(jwk, 'ES256'), { algorithms: ['ES256'] });
      assertHeader(protectedHeader ?? {}, CONTRIBUTION_TYPE, kid);
      return kid;
    } catch (cause) {
      throw new DomainError('SIGNATURE_INVALID', 'contribution signature does not verify', {}, { cause });
    }
  }
  throw new DomainError('KEY_NOT_TRUSTED', 'contribution is signed by a key that is not pinned');
}

function claimedKid(header: string): unknown {
  try {
    return (JSON.parse(new TextDecoder().decode(base64url.decode(header))) as { kid?: unknown }).kid;
  } catch {
    return undefined;
  }
}

function signedContribution(text: string): SignedContribution {
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new DomainError('PACKAGE_INVALID', 'contribution is not JSON', {}, { cause });
  }
  const signatures = value?.['signatures'];
  const good = Array.isArray(signatures) && signatures.length === 2 && signatures.every(isSignature);
  if (typeof value?.['payload'] !== 'string' || !good || Object.keys(value).length !== 2) {
    throw new DomainError('PACKAGE_INVALID', 'contribution does not carry exactly two signatures');
  }
  return value as unknown as SignedContribution;
}

function isSignature(value: unknown): boolean {
  const part = (value ?? {}) as Record<string, unknown>;
  return Object.keys(part).sort().join() === 'protected,signature' && typeof part['protected'] === 'string' && typeof part['signature'] === 'string';
}
