/**
 * One interface, several engines that agree bit for bit (docs/protocol/README.md). Elements and scalars are 32-byte
 * canonical encodings, a batch is packed: n * 32 bytes. Every element that comes in is decoded strictly:
 * non-canonical encodings and the identity raise PointInvalidError with the position (RFC 9497 2.1, 3.3).
 */
import type { Mode } from './suite.js';

export interface KeyPair {
  readonly secretKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** Arithmetic mod l, constant-time in the libsodium engine. Little-endian, 32 bytes, canonical. */
export interface ScalarOps {
  add(a: Uint8Array, b: Uint8Array): Uint8Array;
  subtract(a: Uint8Array, b: Uint8Array): Uint8Array;
  multiply(a: Uint8Array, b: Uint8Array): Uint8Array;
  invert(a: Uint8Array): Uint8Array;
  /** 64 uniform bytes to a scalar. */
  reduce(wide: Uint8Array): Uint8Array;
}

export interface Engine {
  readonly name: 'kernel' | 'libsodium' | 'noble';
  readonly scalars: ScalarOps;

  /** RFC 9497 4.1 HashToGroup. */
  hashToGroup(mode: Mode, inputs: readonly Uint8Array[]): Uint8Array;
  /** blinds[i] * HashToGroup(inputs[i]). `blinds` packed, each non-zero. */
  blind(mode: Mode, inputs: readonly Uint8Array[], blinds: Uint8Array): Uint8Array;
  /** secretKey * point for each point; refuses bad points before it answers anything. */
  evaluate(secretKey: Uint8Array, blinded: Uint8Array): Uint8Array;
  /** Mode VOPRF. One batch proof for evaluated = secretKey * blinded (RFC 9497 2.2.1), nonce = H(secret, 32 random bytes, transcript). */
  prove(secretKey: Uint8Array, publicKey: Uint8Array, blinded: Uint8Array, evaluated: Uint8Array): Uint8Array;
  /** The same with the caller's nonce. For published vectors only: a nonce used twice gives the key away. */
  proveWithNonce(
    secretKey: Uint8Array, publicKey: Uint8Array, blinded: Uint8Array, evaluated: Uint8Array, nonce: Uint8Array,
  ): Uint8Array;
  /** @returns false for a proof that does not hold; bad elements raise. */
  verify(publicKey: Uint8Array, blinded: Uint8Array, evaluated: Uint8Array, proof: Uint8Array): boolean;
  /** blind^-1 * evaluated, hashed with the input: n * 64 bytes (RFC 9497 3.3.1). */
  finalise(inputs: readonly Uint8Array[], blinds: Uint8Array, evaluated: Uint8Array): Uint8Array;

  // Fast mode (docs/protocol/fast-mode.md): additive blinding, doubled sums, a check over random weights.

  /**
   * enc(2 * (H(x_i) + s_i * 2G)) = 2 H(x_i) + 4 s_i G, H of mode VOPRF. Constant-time in s_i where the engine is.
   * `blinds` packed, each canonical and non-zero, else CryptoInputError; a result that is the identity raises PointInvalidError(i).
   */
  blindAdditive(inputs: readonly Uint8Array[], blinds: Uint8Array): Uint8Array;
  /**
   * 2 * sum over the vectors of vectors[j][i], item by item. One vector or more, all of one length, else CryptoInputError. Public data.
   * PointInvalidError(i): an element i that is not canonical or is the identity, in any vector, or a sum that is the identity.
   */
  combineDoubled(vectors: readonly Uint8Array[]): Uint8Array;
  /**
   * sum weights[i] * points[i]. Weights are public, 16 bytes little-endian each (0 to 2^128 - 1; zero counts as nothing), else CryptoInputError.
   * PointInvalidError(i): points[i] not canonical or the identity, whatever its weight; PointInvalidError(n): the sum is the identity.
   */
  weightedSum(weights: Uint8Array, points: Uint8Array): Uint8Array;
  /**
   * Finalize(x_i, 2 * (combined_i - s_i * PK)): n * 64 bytes, for combined_i = (k/4) * blindAdditive_i. Constant-time in s_i where the engine is.
   * Blinds as for blindAdditive; PointInvalidError(i) for a combined element that is refused or equals s_i * PK, PointInvalidError(0) for PK.
   */
  finaliseAdditive(inputs: readonly Uint8Array[], blinds: Uint8Array, publicKey: Uint8Array, combined: Uint8Array): Uint8Array;

  /** a[i] + b[i]; an identity sum is refused. */
  addEach(a: Uint8Array, b: Uint8Array): Uint8Array;
  multiply(scalar: Uint8Array, point: Uint8Array): Uint8Array;
  multiplyBase(scalar: Uint8Array): Uint8Array;
  /** Raises at the first element that is not canonical or is the identity. */
  checkElements(points: Uint8Array): void;
  /** RFC 9497 3.2.1. */
  deriveKeyPair(mode: Mode, seed: Uint8Array, keyInfo: Uint8Array): KeyPair;
}
