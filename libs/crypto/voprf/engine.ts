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
  readonly name: 'libsodium' | 'noble';
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

  /** a[i] + b[i]; an identity sum is refused. */
  addEach(a: Uint8Array, b: Uint8Array): Uint8Array;
  multiply(scalar: Uint8Array, point: Uint8Array): Uint8Array;
  multiplyBase(scalar: Uint8Array): Uint8Array;
  /** Raises at the first element that is not canonical or is the identity. */
  checkElements(points: Uint8Array): void;
  /** RFC 9497 3.2.1. */
  deriveKeyPair(mode: Mode, seed: Uint8Array, keyInfo: Uint8Array): KeyPair;
}
