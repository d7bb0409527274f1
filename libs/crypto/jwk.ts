/**
 * P-256 keys as JWK, of members, officers, key-holders and the hub. A key's id is always its RFC 7638 thumbprint, computed here and never read from
 * the key or from a header: a `kid` somebody else wrote is a hint for finding a key, not a name for one. Strings are checked before any library
 * sees them, because JOSE libraries accept several spellings of one key.
 */
import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { canonicalBytes, DomainError, type KeyId } from '#kernel';

export interface PublicJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}
export interface PrivateJwk extends PublicJwk {
  readonly d: string;
}

/** 32 bytes in unpadded base64url with no stray bits: the last character carries 4 bits, so 16 of 64 are canonical. */
const COORDINATE = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/**
 * The four members that make a public key, and nothing else: alg, kid, use and d of a stranger's JWK are dropped.
 * @throws DomainError BAD_INPUT for any other key. That the point is on the curve is checked where it is imported
 */
export function publicJwk(value: unknown): PublicJwk {
  const { kty, crv, x, y } = (value ?? {}) as Record<string, unknown>;
  if (kty !== 'EC' || crv !== 'P-256' || !isCoordinate(x) || !isCoordinate(y)) throw new DomainError('BAD_INPUT', 'not a P-256 public key', { reason: 'jwk' });
  return { kty, crv, x, y };
}

/** @throws DomainError BAD_INPUT when it is not a P-256 private key */
export function privateJwk(value: unknown): PrivateJwk {
  const { d } = (value ?? {}) as Record<string, unknown>;
  if (!isCoordinate(d)) throw new DomainError('BAD_INPUT', 'not a P-256 private key', { reason: 'jwk' });
  return { ...publicJwk(value), d };
}

/** RFC 7638 with SHA-256, base64url. @throws DomainError BAD_INPUT */
export function keyIdOf(jwk: PublicJwk): KeyId {
  return createHash('sha256').update(canonicalBytes({ ...publicJwk(jwk) })).digest('base64url') as KeyId;
}

/**
 * A fresh P-256 key of the platform, by way of DER: on Node 20 `.export({ format: 'jwk' })` of the generator's own key holds the lock that a
 * garbage collection wants which begins meanwhile and frees the generator, and the process stands still for good.
 */
export function generatePrivateJwk(): PrivateJwk {
  // eslint-disable-next-line no-restricted-syntax -- the one place, see above
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256', publicKeyEncoding: { type: 'spki', format: 'der' }, privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  return privateJwk(createPrivateKey({ key: privateKey, type: 'pkcs8', format: 'der' }).export({ format: 'jwk' }));
}

function isCoordinate(value: unknown): value is string {
  return typeof value === 'string' && COORDINATE.test(value);
}
