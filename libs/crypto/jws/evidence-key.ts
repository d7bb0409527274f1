/**
 * ES256 signatures with evidence keys: members', holders' and the hub's. node:crypto rather than a promise-based library: verification sits on the
 * key-holder's hot path and in worker threads.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { isDomainError, type KeyId } from '#kernel';
import { utf8 } from '../bytes.js';
import { SignatureInvalidError } from '../crypto.errors.js';
import { keyIdOf, privateJwk, publicJwk, type PrivateJwk, type PublicJwk } from '../jwk.js';

export const SIGNATURE_BYTES = 64;

export interface Signer {
  readonly kid: KeyId;
  readonly privateKey: KeyObject;
}
export interface Verifier {
  readonly kid: KeyId;
  readonly publicKey: KeyObject;
}

/** @throws SignatureInvalidError for a key that is not P-256 or not on the curve */
export function verifierOf(jwk: PublicJwk): Verifier {
  try {
    return { kid: keyIdOf(jwk), publicKey: createPublicKey({ key: { ...publicJwk(jwk) }, format: 'jwk' }) };
  } catch (error) {
    throw new SignatureInvalidError(isDomainError(error) ? 'key is not P-256' : 'key is not on the curve');
  }
}

/** @throws DomainError BAD_INPUT for a key that is not P-256 */
export function signerOf(jwk: PrivateJwk): Signer {
  return { kid: keyIdOf(jwk), privateKey: createPrivateKey({ key: { ...privateJwk(jwk) }, format: 'jwk' }) };
}

/** ES256: raw r || s, 64 bytes. */
export function signBytes(signer: Signer, message: Uint8Array): Uint8Array {
  return new Uint8Array(sign('sha256', message, { key: signer.privateKey, dsaEncoding: 'ieee-p1363' }));
}

/** @param signature raw r || s; of another length it does not hold */
export function verifyBytes(key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === SIGNATURE_BYTES && verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

/** BASE64URL(header) "." BASE64URL(payload) of RFC 7515 5.1, with the canonical header. */
export function signingInput(protectedHeader: string, payload: string): Uint8Array {
  return utf8(`${protectedHeader}.${payload}`);
}
