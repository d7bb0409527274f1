/** What engines with scalar functions of their own do alike with them: RFC 9497 over 64 expanded bytes reduced modulo the group order. */
import { hash, randomBytes } from 'node:crypto';
import { concat, isZero, lengthPrefixed } from '../bytes.js';
import { CryptoInputError } from '../crypto.errors.js';
import type { KeyPair, ScalarOps } from './engine.js';
import { expandTo64, isCanonicalScalar, type Mode, MODE_VOPRF, PROOF_BYTES, SCALAR_BYTES, TAGS } from './suite.js';

/** RFC 9497 4.1 HashToScalar, mode VOPRF. */
export function hashToScalar(scalars: ScalarOps, message: Uint8Array): Uint8Array {
  return scalars.reduce(expandTo64(message, TAGS[MODE_VOPRF].hashToScalar));
}

/** RFC 9497 3.2.1. @param seed 32 bytes @throws CryptoInputError */
export function deriveKeyPairWith(scalars: ScalarOps, multiplyBase: (scalar: Uint8Array) => Uint8Array, mode: Mode, seed: Uint8Array, keyInfo: Uint8Array): KeyPair {
  if (seed.length !== 32) throw new CryptoInputError('seed is 32 bytes');
  const derive = concat(seed, lengthPrefixed(keyInfo));
  for (let counter = 0; counter <= 255; counter += 1) {
    const secretKey = scalars.reduce(expandTo64(concat(derive, Uint8Array.of(counter)), TAGS[mode].deriveKeyPair));
    if (!isZero(secretKey)) return { secretKey, publicKey: multiplyBase(secretKey) };
  }
  throw new CryptoInputError('no key pair from this seed');
}

/**
 * The nonce of a proof, hedged against a weak or repeated source of randomness by key and transcript (docs/protocol/README.md); whatever
 * secret the work leaves here is overwritten, the nonce when `use` has ended.
 */
export function withHedgedNonce<T>(scalars: ScalarOps, secretKey: Uint8Array, transcript: readonly Uint8Array[], use: (nonce: Uint8Array) => T): T {
  const drawn = concat(secretKey, randomBytes(32), hash('sha512', concat(...transcript), 'buffer'));
  const wide = hash('sha512', drawn, 'buffer');
  const nonce = scalars.reduce(wide);
  try {
    return use(nonce);
  } finally {
    for (const secret of [drawn, wide, nonce]) secret.fill(0);
  }
}

/**
 * The challenge and response of a proof, 32 bytes each; null for what no honest prover sends: another length, not canonical, or a zero, which
 * one meets with probability 2^-252 and libsodium's products refuse.
 */
export function proofScalars(proof: Uint8Array): { readonly c: Uint8Array; readonly s: Uint8Array } | null {
  if (proof.length !== PROOF_BYTES) return null;
  const [c, s] = [proof.subarray(0, SCALAR_BYTES), proof.subarray(SCALAR_BYTES)];
  return isCanonicalScalar(c) && isCanonicalScalar(s) && !isZero(c) && !isZero(s) ? { c, s } : null;
}

/** @throws CryptoInputError */
export function checkScalarLength(scalar: Uint8Array): void {
  if (scalar.length !== SCALAR_BYTES) throw new CryptoInputError('a scalar is 32 bytes');
}
