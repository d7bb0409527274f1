/**
 * P-256 keys as JWK: members' evidence keys, holders' and hub's signing keys. node:crypto rather than a promise-based
 * library: verification sits on the key-holder's hot path and in worker threads. Strings are checked before node:crypto
 * sees them, because JOSE libraries accept several spellings of one key.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { canonicalJson, type KeyId } from '#kernel';
import { fromBase64url, utf8 } from '../bytes.js';
import { SignatureInvalidError } from '../crypto.errors.js';

export interface EvidencePublicJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}
export interface EvidencePrivateJwk extends EvidencePublicJwk {
  readonly d: string;
}

export const SIGNATURE_BYTES = 64;

export interface Signer {
  readonly kid: KeyId;
  readonly privateKey: KeyObject;
}

/** The four members that make the key, nothing else (kid, use and alg of a stranger's JWK decide nothing). */
export function publicPart(jwk: EvidencePublicJwk): EvidencePublicJwk {
  if (jwk.kty !== 'EC' || jwk.crv !== 'P-256' || !isCoordinate(jwk.x) || !isCoordinate(jwk.y)) throw new SignatureInvalidError('key is not P-256');
  return { crv: 'P-256', kty: 'EC', x: jwk.x, y: jwk.y };
}

/** RFC 7638 with SHA-256, base64url. */
export function thumbprint(jwk: EvidencePublicJwk): KeyId {
  return createHash('sha256').update(canonicalJson({ ...publicPart(jwk) })).digest('base64url') as KeyId;
}

export function importPublicKey(jwk: EvidencePublicJwk): KeyObject {
  try {
    return createPublicKey({ key: { ...publicPart(jwk) }, format: 'jwk' });
  } catch (error) {
    if (error instanceof SignatureInvalidError) throw error;
    throw new SignatureInvalidError('key is not on the curve');
  }
}

export function signerOf(jwk: EvidencePrivateJwk): Signer {
  const { x, y, d } = jwk;
  return { kid: thumbprint(jwk), privateKey: createPrivateKey({ key: { kty: 'EC', crv: 'P-256', x, y, d }, format: 'jwk' }) };
}

export function generateEvidenceKey(): EvidencePrivateJwk {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y, d } = privateKey.export({ format: 'jwk' });
  return { kty: 'EC', crv: 'P-256', x: x as string, y: y as string, d: d as string };
}

/** ES256: raw r || s, 64 bytes. */
export function signBytes(signer: Signer, message: Uint8Array): Uint8Array {
  return new Uint8Array(sign('sha256', message, { key: signer.privateKey, dsaEncoding: 'ieee-p1363' }));
}

export function verifyBytes(key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === SIGNATURE_BYTES && verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

/** BASE64URL(header) "." BASE64URL(payload) of RFC 7515 5.1, with the canonical header. */
export function signingInput(protectedHeader: string, payload: string): Uint8Array {
  return utf8(`${protectedHeader}.${payload}`);
}

function isCoordinate(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  try {
    return fromBase64url(text).length === 32;
  } catch {
    return false;
  }
}
