/**
 * P-256 keys as JWK. A key's id is always its RFC 7638 thumbprint, computed here and never read from the key or from a
 * header: a `kid` somebody else wrote is a hint for finding a key, not a name for one.
 */
import { DomainError, type KeyId } from '#kernel';
import { calculateJwkThumbprint, importJWK } from 'jose';

export interface PublicJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}
export interface PrivateJwk extends PublicJwk {
  readonly d: string;
}
type CryptoKeyLike = Awaited<ReturnType<typeof importJWK>>;

/** 32 bytes in unpadded base64url with no stray bits: the last character carries 4 bits, so 16 of 64 are canonical. */
const COORDINATE = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/**
 * The public part of a P-256 JWK and nothing else: other members (alg, kid, use, d) are dropped.
 * @throws DomainError BAD_INPUT for any other key.
 */
export function publicJwk(value: unknown): PublicJwk {
  const jwk = (value ?? {}) as Record<string, unknown>;
  const { kty, crv, x, y } = jwk;
  if (kty !== 'EC' || crv !== 'P-256' || !isCoordinate(x) || !isCoordinate(y)) throw new DomainError('BAD_INPUT', 'not a P-256 public key');
  return { kty, crv, x, y };
}

/** @throws DomainError BAD_INPUT when it is not a P-256 private key. */
export function privateJwk(value: unknown): PrivateJwk {
  const { d } = (value ?? {}) as Record<string, unknown>;
  if (!isCoordinate(d)) throw new DomainError('BAD_INPUT', 'not a P-256 private key');
  return { ...publicJwk(value), d };
}

/** RFC 7638 SHA-256 thumbprint, base64url. */
export async function keyIdOf(jwk: PublicJwk): Promise<KeyId> {
  return (await calculateJwkThumbprint({ kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }, 'sha256')) as KeyId;
}

/** The point is checked to be on the curve by the platform's own import. */
export async function importFor(jwk: PublicJwk | PrivateJwk, alg: 'ES256' | 'ECDH-ES+A256KW'): Promise<CryptoKeyLike> {
  try {
    return await importJWK({ ...jwk }, alg);
  } catch (cause) {
    throw new DomainError('BAD_INPUT', 'key is not a point of P-256', {}, { cause });
  }
}

function isCoordinate(value: unknown): value is string {
  return typeof value === 'string' && COORDINATE.test(value);
}
