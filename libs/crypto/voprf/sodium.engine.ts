/**
 * The key-holder's engine: audited, constant-time libsodium in WASM. What reads secrets (shares, blinds, nonces) goes
 * through libsodium's scalar and point functions only; JavaScript sees secret bytes as opaque arrays to copy.
 * crypto_scalarmult_ristretto255 refuses non-canonical points and an identity result, hence also the identity.
 */
import { concat, sameBytes } from '../bytes.js';
import { CryptoInputError, PointInvalidError } from '../crypto.errors.js';
import { checkBlinds, checkCount, checkPair, checkSecret } from './engine-input.js';
import type { Engine, KeyPair, ScalarOps } from './engine.js';
import { type Arena, loadSodium, type SodiumModule, withArena } from './sodium.arena.js';
import { checkScalarLength, deriveKeyPairWith, hashToScalar, proofScalars, withHedgedNonce } from './scalar-work.js';
import {
  challengeTranscript, compositeSeed, compositeTranscript, countElements, ELEMENT_BYTES, elementAt, expandTo64, finalizeHash,
  type Mode, MODE_VOPRF, OUTPUT_BYTES, SCALAR_BYTES, TAGS, WEIGHT_BYTES,
} from './suite.js';

/** Loads the WASM once a thread; instances share it. */
export async function createSodiumEngine(): Promise<Engine & { readonly name: 'libsodium' }> {
  return new SodiumEngine(await loadSodium());
}

class SodiumEngine implements Engine {
  readonly name = 'libsodium';
  readonly scalars: ScalarOps;

  constructor(private readonly lib: SodiumModule) {
    this.scalars = scalarOps(lib);
  }

  hashToGroup(mode: Mode, inputs: readonly Uint8Array[]): Uint8Array {
    checkCount(inputs.length);
    return withArena(this.lib, (arena) => arena.take(this.hashInto(arena, mode, inputs), inputs.length * ELEMENT_BYTES));
  }

  blind(mode: Mode, inputs: readonly Uint8Array[], blinds: Uint8Array): Uint8Array {
    checkCount(inputs.length);
    checkBlinds(blinds, inputs.length);
    return withArena(this.lib, (arena) => {
      const points = this.hashInto(arena, mode, inputs);
      const scalars = arena.put(blinds);
      for (let i = 0; i < inputs.length; i += 1) {
        const at = points + i * ELEMENT_BYTES;
        if (this.lib._crypto_scalarmult_ristretto255(at, scalars + i * SCALAR_BYTES, at) !== 0) throw new PointInvalidError(i);
      }
      return arena.take(points, inputs.length * ELEMENT_BYTES);
    });
  }

  evaluate(secretKey: Uint8Array, blinded: Uint8Array): Uint8Array {
    const n = countElements(blinded);
    checkSecret(secretKey);
    return withArena(this.lib, (arena) => {
      const points = arena.put(blinded);
      const key = arena.put(secretKey);
      for (let i = 0; i < n; i += 1) {
        const at = points + i * ELEMENT_BYTES;
        if (this.lib._crypto_scalarmult_ristretto255(at, key, at) !== 0) throw new PointInvalidError(i);
      }
      return arena.take(points, blinded.length);
    });
  }

  prove(secretKey: Uint8Array, publicKey: Uint8Array, blinded: Uint8Array, evaluated: Uint8Array): Uint8Array {
    return withHedgedNonce(this.scalars, secretKey, [publicKey, blinded, evaluated], (nonce) => this.proveWithNonce(secretKey, publicKey, blinded, evaluated, nonce));
  }

  proveWithNonce(
    secretKey: Uint8Array, publicKey: Uint8Array, blinded: Uint8Array, evaluated: Uint8Array, nonce: Uint8Array,
  ): Uint8Array {
    checkPair(blinded, evaluated);
    checkSecret(secretKey);
    checkSecret(nonce);
    const weights = this.weights(publicKey, blinded, evaluated);
    const m = this.combination(weights, blinded);
    const z = this.multiply(secretKey, m); // RFC 9497 2.2.1 ComputeCompositesFast
    const t2 = this.multiplyBase(nonce);
    const t3 = this.multiply(nonce, m);
    const c = hashToScalar(this.scalars, challengeTranscript([publicKey, m, z, t2, t3]));
    return concat(c, this.scalars.subtract(nonce, this.scalars.multiply(c, secretKey)));
  }

  verify(publicKey: Uint8Array, blinded: Uint8Array, evaluated: Uint8Array, proof: Uint8Array): boolean {
    checkPair(blinded, evaluated);
    this.checkElements(publicKey);
    const scalars = proofScalars(proof);
    if (scalars === null) return false;
    const { c, s } = scalars;
    const weights = this.weights(publicKey, blinded, evaluated);
    const m = this.combination(weights, blinded);
    const z = this.combination(weights, evaluated);
    const t2 = this.sum(this.multiplyBase(s), this.multiply(c, publicKey));
    const t3 = this.sum(this.multiply(s, m), this.multiply(c, z));
    return sameBytes(c, hashToScalar(this.scalars, challengeTranscript([publicKey, m, z, t2, t3])));
  }

  finalise(inputs: readonly Uint8Array[], blinds: Uint8Array, evaluated: Uint8Array): Uint8Array {
    const n = countElements(evaluated);
    if (inputs.length !== n) throw new CryptoInputError('as many inputs as elements');
    checkBlinds(blinds, n);
    const out = new Uint8Array(n * OUTPUT_BYTES);
    withArena(this.lib, (arena) => {
      const points = arena.put(evaluated);
      const inverses = this.invertEach(arena, blinds, n);
      for (let i = 0; i < n; i += 1) {
        const at = points + i * ELEMENT_BYTES;
        if (this.lib._crypto_scalarmult_ristretto255(at, inverses + i * SCALAR_BYTES, at) !== 0) throw new PointInvalidError(i);
        out.set(finalizeHash(inputs[i] as Uint8Array, arena.take(at, ELEMENT_BYTES)), i * OUTPUT_BYTES);
      }
    });
    return out;
  }

  blindAdditive(inputs: readonly Uint8Array[], blinds: Uint8Array): Uint8Array {
    checkCount(inputs.length);
    checkBlinds(blinds, inputs.length);
    return withArena(this.lib, (arena) => {
      const points = this.hashInto(arena, MODE_VOPRF, inputs);
      const scalars = arena.put(blinds);
      const mask = arena.reserve(ELEMENT_BYTES);
      for (let i = 0; i < inputs.length; i += 1) {
        const at = points + i * ELEMENT_BYTES;
        if (this.lib._crypto_scalarmult_ristretto255_base(mask, scalars + i * SCALAR_BYTES) !== 0) throw new PointInvalidError(i);
        this.lib._crypto_core_ristretto255_add(mask, mask, mask);
        this.lib._crypto_core_ristretto255_add(at, at, mask);
        this.doubleInPlace(arena, at, i);
      }
      return arena.take(points, inputs.length * ELEMENT_BYTES);
    });
  }

  combineDoubled(vectors: readonly Uint8Array[]): Uint8Array {
    const first = vectors[0];
    if (first === undefined) throw new CryptoInputError('one vector or more is combined');
    for (const vector of vectors) checkPair(first, vector);
    return withArena(this.lib, (arena) => {
      const [sum, ...others] = vectors.map((vector) => arena.put(vector)) as [number, ...number[]];
      for (let i = 0; i < first.length / ELEMENT_BYTES; i += 1) {
        const at = sum + i * ELEMENT_BYTES;
        this.refuseUnlessElement(arena, at, i);
        for (const other of others) {
          this.refuseUnlessElement(arena, other + i * ELEMENT_BYTES, i);
          this.lib._crypto_core_ristretto255_add(at, at, other + i * ELEMENT_BYTES);
        }
        this.doubleInPlace(arena, at, i);
      }
      return arena.take(sum, first.length);
    });
  }

  weightedSum(weights: Uint8Array, points: Uint8Array): Uint8Array {
    const n = countElements(points);
    if (weights.length !== n * WEIGHT_BYTES) throw new CryptoInputError('as many weights of 16 bytes as points');
    return withArena(this.lib, (arena) => {
      const p = arena.put(points);
      const weight = arena.put(new Uint8Array(SCALAR_BYTES));
      const sum = arena.put(new Uint8Array(ELEMENT_BYTES));
      for (let i = 0; i < n; i += 1) {
        const at = p + i * ELEMENT_BYTES;
        this.refuseUnlessElement(arena, at, i);
        arena.write(weight, weights.subarray(i * WEIGHT_BYTES, (i + 1) * WEIGHT_BYTES));
        if (arena.isZero(weight, WEIGHT_BYTES)) continue; // libsodium refuses a product that is the identity
        if (this.lib._crypto_scalarmult_ristretto255(at, weight, at) !== 0) throw new PointInvalidError(i);
        this.lib._crypto_core_ristretto255_add(sum, sum, at);
      }
      if (arena.isZero(sum, ELEMENT_BYTES)) throw new PointInvalidError(n, 'weighted sum is the identity');
      return arena.take(sum, ELEMENT_BYTES);
    });
  }

  finaliseAdditive(inputs: readonly Uint8Array[], blinds: Uint8Array, publicKey: Uint8Array, combined: Uint8Array): Uint8Array {
    const n = countElements(combined);
    if (inputs.length !== n) throw new CryptoInputError('as many inputs as elements');
    checkBlinds(blinds, n);
    if (publicKey.length !== ELEMENT_BYTES) throw new PointInvalidError(0);
    const out = new Uint8Array(n * OUTPUT_BYTES);
    withArena(this.lib, (arena) => {
      const key = arena.put(publicKey);
      this.refuseUnlessElement(arena, key, 0);
      const points = arena.put(combined);
      const scalars = arena.put(blinds);
      const mask = arena.reserve(ELEMENT_BYTES);
      for (let i = 0; i < n; i += 1) {
        const at = points + i * ELEMENT_BYTES;
        this.refuseUnlessElement(arena, at, i);
        if (this.lib._crypto_scalarmult_ristretto255(mask, scalars + i * SCALAR_BYTES, key) !== 0) throw new PointInvalidError(i);
        this.lib._crypto_core_ristretto255_sub(at, at, mask);
        this.doubleInPlace(arena, at, i);
        out.set(finalizeHash(inputs[i] as Uint8Array, arena.take(at, ELEMENT_BYTES)), i * OUTPUT_BYTES);
      }
    });
    return out;
  }

  addEach(a: Uint8Array, b: Uint8Array): Uint8Array {
    checkPair(a, b);
    const n = countElements(a);
    return withArena(this.lib, (arena) => {
      const left = arena.put(a);
      const right = arena.put(b);
      for (let i = 0; i < n; i += 1) {
        const at = left + i * ELEMENT_BYTES;
        const other = right + i * ELEMENT_BYTES;
        if (arena.isZero(at, ELEMENT_BYTES) || arena.isZero(other, ELEMENT_BYTES)) throw new PointInvalidError(i);
        if (this.lib._crypto_core_ristretto255_add(at, at, other) !== 0 || arena.isZero(at, ELEMENT_BYTES)) throw new PointInvalidError(i);
      }
      return arena.take(left, a.length);
    });
  }

  multiply(scalar: Uint8Array, point: Uint8Array): Uint8Array {
    checkSecret(scalar);
    if (point.length !== ELEMENT_BYTES) throw new PointInvalidError(0);
    return withArena(this.lib, (arena) => {
      const at = arena.put(point);
      if (this.lib._crypto_scalarmult_ristretto255(at, arena.put(scalar), at) !== 0) throw new PointInvalidError(0);
      return arena.take(at, ELEMENT_BYTES);
    });
  }

  multiplyBase(scalar: Uint8Array): Uint8Array {
    checkSecret(scalar);
    return withArena(this.lib, (arena) => {
      const at = arena.reserve(ELEMENT_BYTES);
      if (this.lib._crypto_scalarmult_ristretto255_base(at, arena.put(scalar)) !== 0) throw new PointInvalidError(0);
      return arena.take(at, ELEMENT_BYTES);
    });
  }

  checkElements(points: Uint8Array): void {
    const n = countElements(points);
    withArena(this.lib, (arena) => {
      const at = arena.put(points);
      for (let i = 0; i < n; i += 1) {
        this.refuseUnlessElement(arena, at + i * ELEMENT_BYTES, i);
      }
    });
  }

  deriveKeyPair(mode: Mode, seed: Uint8Array, keyInfo: Uint8Array): KeyPair {
    return deriveKeyPairWith(this.scalars, (scalar) => this.multiplyBase(scalar), mode, seed, keyInfo);
  }

  /** RFC 9497 4.1: hash to 64 bytes, then the one-way map of libsodium (RFC 9496 4.3.4). */
  private hashInto(arena: Arena, mode: Mode, inputs: readonly Uint8Array[]): number {
    const tag = TAGS[mode].hashToGroup;
    const points = arena.reserve(inputs.length * ELEMENT_BYTES);
    const uniform = arena.reserve(64);
    for (let i = 0; i < inputs.length; i += 1) {
      arena.write(uniform, expandTo64(inputs[i] as Uint8Array, tag));
      const at = points + i * ELEMENT_BYTES;
      this.lib._crypto_core_ristretto255_from_hash(at, uniform);
      if (arena.isZero(at, ELEMENT_BYTES)) throw new PointInvalidError(i, 'input hashes to the identity');
    }
    return points;
  }

  private weights(publicKey: Uint8Array, blinded: Uint8Array, evaluated: Uint8Array): Uint8Array {
    const n = countElements(blinded);
    const seed = compositeSeed(publicKey);
    const tag = TAGS[MODE_VOPRF].hashToScalar;
    return withArena(this.lib, (arena) => {
      const out = arena.reserve(n * SCALAR_BYTES);
      const wide = arena.reserve(64);
      for (let i = 0; i < n; i += 1) {
        arena.write(wide, expandTo64(compositeTranscript(seed, i, elementAt(blinded, i), elementAt(evaluated, i)), tag));
        this.lib._crypto_core_ristretto255_scalar_reduce(out + i * SCALAR_BYTES, wide);
      }
      return arena.take(out, n * SCALAR_BYTES);
    });
  }

  /** sum weights[i] * points[i]; also the strict decoding of the points. */
  private combination(weights: Uint8Array, points: Uint8Array): Uint8Array {
    const n = countElements(points);
    return withArena(this.lib, (arena) => {
      const w = arena.put(weights);
      const p = arena.put(points);
      for (let i = 0; i < n; i += 1) {
        const at = p + i * ELEMENT_BYTES;
        if (this.lib._crypto_scalarmult_ristretto255(at, w + i * SCALAR_BYTES, at) !== 0) throw new PointInvalidError(i);
        if (i > 0) this.lib._crypto_core_ristretto255_add(p, p, at);
      }
      return arena.take(p, ELEMENT_BYTES);
    });
  }

  /** Strict decoding: canonical and not the identity. */
  private refuseUnlessElement(arena: Arena, at: number, position: number): void {
    if (arena.isZero(at, ELEMENT_BYTES) || this.lib._crypto_core_ristretto255_is_valid_point(at) !== 1) throw new PointInvalidError(position);
  }

  /** The order is odd: a double is the identity only when the element is. */
  private doubleInPlace(arena: Arena, at: number, position: number): void {
    this.lib._crypto_core_ristretto255_add(at, at, at);
    if (arena.isZero(at, ELEMENT_BYTES)) throw new PointInvalidError(position);
  }

  private sum(a: Uint8Array, b: Uint8Array): Uint8Array {
    return withArena(this.lib, (arena) => {
      const at = arena.put(a);
      this.lib._crypto_core_ristretto255_add(at, at, arena.put(b));
      return arena.take(at, ELEMENT_BYTES);
    });
  }

  /** Montgomery's trick: one inversion and three products an item. */
  private invertEach(arena: Arena, scalars: Uint8Array, n: number): number {
    const lib = this.lib;
    const values = arena.put(scalars);
    const products = arena.put(scalars);
    for (let i = 1; i < n; i += 1) {
      const at = products + i * SCALAR_BYTES;
      lib._crypto_core_ristretto255_scalar_mul(at, at - SCALAR_BYTES, values + i * SCALAR_BYTES);
    }
    const running = arena.reserve(SCALAR_BYTES);
    if (lib._crypto_core_ristretto255_scalar_invert(running, products + (n - 1) * SCALAR_BYTES) !== 0) throw new CryptoInputError('blind is zero');
    for (let i = n - 1; i > 0; i -= 1) {
      const at = products + i * SCALAR_BYTES;
      lib._crypto_core_ristretto255_scalar_mul(at, running, at - SCALAR_BYTES);
      lib._crypto_core_ristretto255_scalar_mul(running, running, values + i * SCALAR_BYTES);
    }
    lib.HEAPU8.copyWithin(products, running, running + SCALAR_BYTES);
    return products;
  }
}

function scalarOps(lib: SodiumModule): ScalarOps {
  type Binary = (out: number, a: number, b: number) => void;
  const binary = (run: Binary) => (a: Uint8Array, b: Uint8Array): Uint8Array => {
    checkScalarLength(a);
    checkScalarLength(b);
    return withArena(lib, (arena) => {
      const out = arena.reserve(SCALAR_BYTES);
      run(out, arena.put(a), arena.put(b));
      return arena.take(out, SCALAR_BYTES);
    });
  };
  return {
    add: binary((out, a, b) => lib._crypto_core_ristretto255_scalar_add(out, a, b)),
    subtract: binary((out, a, b) => lib._crypto_core_ristretto255_scalar_sub(out, a, b)),
    multiply: binary((out, a, b) => lib._crypto_core_ristretto255_scalar_mul(out, a, b)),
    invert: (a) => {
      checkScalarLength(a);
      return withArena(lib, (arena) => {
        const out = arena.reserve(SCALAR_BYTES);
        if (lib._crypto_core_ristretto255_scalar_invert(out, arena.put(a)) !== 0) throw new CryptoInputError('zero has no inverse');
        return arena.take(out, SCALAR_BYTES);
      });
    },
    reduce: (wide) => {
      if (wide.length !== 64) throw new CryptoInputError('64 bytes are reduced');
      return withArena(lib, (arena) => {
        const out = arena.reserve(SCALAR_BYTES);
        lib._crypto_core_ristretto255_scalar_reduce(out, arena.put(wide));
        return arena.take(out, SCALAR_BYTES);
      });
    },
  };
}
