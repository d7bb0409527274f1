/** P-256 key pairs as JWKs. The kid is always the RFC 7638 thumbprint, computed here and never believed. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { DomainError, canonicalBytes, type KeyId } from '#kernel';

export type KeyUse = 'auth' | 'evidence' | 'seal';
export const KEY_USES: readonly KeyUse[] = ['auth', 'evidence', 'seal'];

export interface PublicJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}
export interface PrivateJwk extends PublicJwk {
  readonly d: string;
}

const COORDINATE = /^[A-Za-z0-9_-]{43}$/;

export function generatePrivateJwk(): PrivateJwk {
  const { kty, crv, x, y, d } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  return { kty, crv, x, y, d } as PrivateJwk;
}

/** The public members of a P-256 JWK, checked; whatever else the file says is dropped. @throws BAD_INPUT */
export function publicJwkOf(value: unknown): PublicJwk {
  const jwk = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const { kty, crv, x, y } = jwk;
  if (kty !== 'EC' || crv !== 'P-256' || typeof x !== 'string' || typeof y !== 'string' || !COORDINATE.test(x) || !COORDINATE.test(y)) {
    throw new DomainError('BAD_INPUT', 'not a P-256 public key', { reason: 'jwk' });
  }
  return { kty, crv, x, y };
}

/** @throws BAD_INPUT */
export function privateJwkOf(value: unknown): PrivateJwk {
  const { d } = (value ?? {}) as { d?: unknown };
  if (typeof d !== 'string' || !COORDINATE.test(d)) throw new DomainError('BAD_INPUT', 'not a P-256 private key', { reason: 'jwk' });
  return { ...publicJwkOf(value), d };
}

/** RFC 7638: SHA-256 over the required members in lexicographic order. */
export function thumbprintOf(jwk: PublicJwk): KeyId {
  const { crv, kty, x, y } = jwk;
  return createHash('sha256').update(canonicalBytes({ crv, kty, x, y })).digest('base64url') as KeyId;
}
