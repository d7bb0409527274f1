/**
 * The fast engine: own arithmetic in WASM SIMD, four points a vector (libs/crypto/kernel, docs/protocol/kernel.md), with the
 * hashes made once an item. Not reviewed outside yet: which process uses it is configuration (docs/adr).
 */
import { concat, isZero, lengthPrefixed, sameBytes, utf8 } from '../bytes.js';
import { CryptoInputError, PointInvalidError } from '../crypto.errors.js';
import { checkBlinds, checkCount, checkPair, checkSecret } from './engine-input.js';
import type { Engine, KeyPair, ScalarOps } from './engine.js';
import { type KernelArena, type KernelExports, loadKernel, withKernel } from './kernel.arena.js';
import { checkScalarLength, deriveKeyPairWith, hashToScalar, proofScalars, withHedgedNonce } from './scalar-work.js';
import {
  challengeTranscript, compositeSeed, countElements, ELEMENT_BYTES, elementAt,
  type Mode, MODE_VOPRF, OUTPUT_BYTES, SCALAR_BYTES, scalarBytes, TAGS, WEIGHT_BYTES,
} from './suite.js';

const UNIFORM_BYTES = 64;
/** Weights of RFC 9497 are scalars; those of the deferred check are shorter. */
const SCALAR_BITS = 253;
const WEIGHT_BITS = 128;

/** DST_prime of RFC 9380 5.3.1: the tag, then its length. */
const tagPrime = (tag: Uint8Array): Uint8Array => concat(tag, Uint8Array.of(tag.length));
const TAG_PRIMES = { 0: tagPrime(TAGS[0].hashToGroup), 1: tagPrime(TAGS[1].hashToGroup) };
const SCALAR_TAG = tagPrime(TAGS[MODE_VOPRF].hashToScalar);
const COMPOSITE = utf8('Composite');
const FINALIZE = utf8('Finalize');

/** @throws Error where the machine lacks 128-bit vectors; `chooseEngine` falls back */
export async function createKernelEngine(): Promise<Engine & { readonly name: 'kernel' }> {
  return engineOver(await loadKernel());
}

/** An engine over one instance, which it alone uses. */
export function engineOver(kernel: KernelExports): Engine & { readonly name: 'kernel' } {
  kernel.prepareBase();
  return new KernelEngine(kernel);
}

class KernelEngine implements Engine {
  readonly name = 'kernel';
  readonly scalars: ScalarOps;
  private readonly base: Uint8Array;

  constructor(private readonly kernel: KernelExports) {
    this.scalars = scalarOps(kernel);
    this.base = this.multiplyBase(scalarBytes(1n));
  }

  hashToGroup(mode: Mode, inputs: readonly Uint8Array[]): Uint8Array {
    checkCount(inputs.length);
    return this.batch(inputs.length, (arena, out) => {
      this.kernel.hashToGroup(out, this.uniformOf(arena, mode, inputs), inputs.length);
      return -1;
    });
  }

  blind(mode: Mode, inputs: readonly Uint8Array[], blinds: Uint8Array): Uint8Array {
    checkCount(inputs.length);
    checkBlinds(blinds, inputs.length);
    return this.batch(inputs.length, (arena, out) => {
      this.kernel.blind(out, arena.put(blinds), this.uniformOf(arena, mode, inputs), inputs.length);
      return -1;
    });
  }

  evaluate(secretKey: Uint8Array, blinded: Uint8Array): Uint8Array {
    const n = countElements(blinded);
    checkSecret(secretKey);
    return this.batch(n, (arena, out) => this.kernel.evaluate(out, arena.put(secretKey), arena.put(blinded), n));
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
    const [m] = this.composites(publicKey, blinded, evaluated, [blinded]) as [Uint8Array];
    // RFC 9497 2.2.1 ComputeCompositesFast: z = k m, t2 = r G, t3 = r m
    const products = this.batch(3, (arena, out) => (
      this.kernel.multiplyEach(out, arena.put(secretKey, nonce, nonce), arena.put(m, this.base, m), 3)));
    const [z, t2, t3] = [0, 1, 2].map((i) => elementAt(products, i)) as [Uint8Array, Uint8Array, Uint8Array];
    const c = hashToScalar(this.scalars, challengeTranscript([publicKey, m, z, t2, t3]));
    const product = this.scalars.multiply(c, secretKey);
    try {
      return concat(c, this.scalars.subtract(nonce, product));
    } finally {
      product.fill(0);
    }
  }

  verify(publicKey: Uint8Array, blinded: Uint8Array, evaluated: Uint8Array, proof: Uint8Array): boolean {
    checkPair(blinded, evaluated);
    this.checkElements(publicKey);
    const scalars = proofScalars(proof);
    if (scalars === null) return false;
    const { c, s } = scalars;
    const [m, z] = this.composites(publicKey, blinded, evaluated, [blinded, evaluated]) as [Uint8Array, Uint8Array];
    const sums = this.batch(2, (arena, out) => (
      this.kernel.twoSums(out, arena.put(s, c, s, c), arena.put(this.base, publicKey, m, z))), false);
    return sameBytes(c, hashToScalar(this.scalars, challengeTranscript([publicKey, m, z, elementAt(sums, 0), elementAt(sums, 1)])));
  }

  finalise(inputs: readonly Uint8Array[], blinds: Uint8Array, evaluated: Uint8Array): Uint8Array {
    const n = countElements(evaluated);
    if (inputs.length !== n) throw new CryptoInputError('as many inputs as elements');
    checkBlinds(blinds, n);
    return this.finalizeEach(inputs, this.batch(n, (arena, out) => {
      const inverses = arena.put(blinds);
      this.kernel.scalarInvert(inverses, inverses, n, arena.reserve(n * 72));
      return this.kernel.multiplyEach(out, inverses, arena.put(evaluated), n);
    }));
  }

  blindAdditive(inputs: readonly Uint8Array[], blinds: Uint8Array): Uint8Array {
    checkCount(inputs.length);
    checkBlinds(blinds, inputs.length);
    return this.batch(inputs.length, (arena, out) => {
      this.kernel.blindAdditive(out, arena.put(blinds), this.uniformOf(arena, MODE_VOPRF, inputs), inputs.length);
      return -1;
    });
  }

  combineDoubled(vectors: readonly Uint8Array[]): Uint8Array {
    const first = vectors[0];
    if (first === undefined) throw new CryptoInputError('one vector or more is combined');
    for (const vector of vectors) checkPair(first, vector);
    return this.combine(vectors, true);
  }

  weightedSum(weights: Uint8Array, points: Uint8Array): Uint8Array {
    const n = countElements(points);
    if (weights.length !== n * WEIGHT_BYTES) throw new CryptoInputError('as many weights of 16 bytes as points');
    const wide = new Uint8Array(n * SCALAR_BYTES);
    for (let i = 0; i < n; i += 1) wide.set(weights.subarray(i * WEIGHT_BYTES, (i + 1) * WEIGHT_BYTES), i * SCALAR_BYTES);
    const sum = this.batch(1, (arena, out) => this.sumInto(out, arena, arena.put(wide), points, WEIGHT_BITS), false);
    if (isZero(sum)) throw new PointInvalidError(n, 'weighted sum is the identity');
    return sum;
  }

  finaliseAdditive(inputs: readonly Uint8Array[], blinds: Uint8Array, publicKey: Uint8Array, combined: Uint8Array): Uint8Array {
    const n = countElements(combined);
    if (inputs.length !== n) throw new CryptoInputError('as many inputs as elements');
    checkBlinds(blinds, n);
    if (publicKey.length !== ELEMENT_BYTES) throw new PointInvalidError(0);
    return this.finalizeEach(inputs, this.batch(n, (arena, out) => {
      if (this.kernel.prepareKey(arena.put(publicKey)) >= 0) throw new PointInvalidError(0);
      return this.kernel.unblindAdditive(out, arena.put(blinds), arena.put(combined), n);
    }));
  }

  addEach(a: Uint8Array, b: Uint8Array): Uint8Array {
    checkPair(a, b);
    return this.combine([a, b], false);
  }

  multiply(scalar: Uint8Array, point: Uint8Array): Uint8Array {
    checkSecret(scalar);
    if (point.length !== ELEMENT_BYTES) throw new PointInvalidError(0);
    return this.batch(1, (arena, out) => this.kernel.evaluate(out, arena.put(scalar), arena.put(point), 1));
  }

  multiplyBase(scalar: Uint8Array): Uint8Array {
    checkSecret(scalar);
    return this.batch(1, (arena, out) => {
      this.kernel.multiplyBase(out, arena.put(scalar), 1);
      return -1;
    });
  }

  checkElements(points: Uint8Array): void {
    const n = countElements(points);
    this.batch(0, (arena) => this.kernel.check(arena.put(points), n));
  }

  deriveKeyPair(mode: Mode, seed: Uint8Array, keyInfo: Uint8Array): KeyPair {
    return deriveKeyPairWith(this.scalars, (scalar) => this.multiplyBase(scalar), mode, seed, keyInfo);
  }

  /** 64 bytes an input, for the map to the group. */
  private uniformOf(arena: KernelArena, mode: Mode, inputs: readonly Uint8Array[]): number {
    const out = arena.reserve(inputs.length * UNIFORM_BYTES);
    const placed = arena.putInputs(inputs);
    const tag = TAG_PRIMES[mode];
    this.kernel.expandEach(out, placed.inputs, placed.offsets, inputs.length, arena.put(tag), tag.length);
    return out;
  }

  private finalizeEach(inputs: readonly Uint8Array[], unblinded: Uint8Array): Uint8Array {
    if (inputs.some((input) => input.length > 0xffff)) throw new CryptoInputError('length prefix is two bytes');
    return withKernel(this.kernel, (arena) => {
      const out = arena.reserve(inputs.length * OUTPUT_BYTES);
      const placed = arena.putInputs(inputs);
      this.kernel.finalizeEach(out, placed.inputs, placed.offsets, inputs.length, arena.put(unblinded), arena.put(FINALIZE));
      return arena.take(out, inputs.length * OUTPUT_BYTES);
    });
  }

  private combine(vectors: readonly Uint8Array[], doubled: boolean): Uint8Array {
    const n = countElements(vectors[0] as Uint8Array);
    return this.batch(n, (arena, out) => this.kernel.combine(out, arena.put(...vectors), vectors.length, n, doubled ? 1 : 0));
  }

  /** The weighted sums of some of the two batches, under the weights of RFC 9497 2.2.1. */
  private composites(publicKey: Uint8Array, blinded: Uint8Array, evaluated: Uint8Array, of: readonly Uint8Array[]): Uint8Array[] {
    const n = countElements(blinded);
    return withKernel(this.kernel, (arena) => {
      const weights = arena.reserve(n * SCALAR_BYTES + 8); // windows are read eight bytes at a time
      const words = arena.put(lengthPrefixed(compositeSeed(publicKey)), COMPOSITE);
      this.kernel.compositeWeights(weights, words, arena.put(blinded), arena.put(evaluated), n, arena.put(SCALAR_TAG), SCALAR_TAG.length);
      return of.map((points) => {
        const out = arena.reserve(ELEMENT_BYTES);
        const refused = this.sumInto(out, arena, weights, points, SCALAR_BITS);
        if (refused >= 0) throw new PointInvalidError(refused);
        return arena.take(out, ELEMENT_BYTES);
      });
    });
  }

  private sumInto(out: number, arena: KernelArena, weights: number, points: Uint8Array, bits: number): number {
    const n = countElements(points);
    return this.kernel.weightedSum(out, weights, arena.put(points), n, bits, arena.reserve(this.kernel.weightedSumBytes(n, bits)));
  }

  /** n encodings that `work` writes; raises for the item it refuses and, unless sums may vanish, for the first that is the identity. */
  private batch(n: number, work: (arena: KernelArena, out: number) => number, identityRefused = true): Uint8Array {
    return withKernel(this.kernel, (arena) => {
      const out = arena.reserve(Math.ceil(n / 4) * 4 * ELEMENT_BYTES); // the kernel writes whole quads
      const refused = work(arena, out);
      if (refused >= 0) throw new PointInvalidError(refused);
      const encodings = arena.take(out, n * ELEMENT_BYTES);
      for (let i = 0; identityRefused && i < n; i += 1) if (isZero(elementAt(encodings, i))) throw new PointInvalidError(i);
      return encodings;
    });
  }
}

function scalarOps(kernel: KernelExports): ScalarOps {
  const run = (operands: readonly Uint8Array[], work: (out: number, arena: KernelArena, ...at: number[]) => void): Uint8Array => (
    withKernel(kernel, (arena) => {
      const out = arena.reserve(SCALAR_BYTES);
      work(out, arena, ...operands.map((operand) => arena.put(operand)));
      return arena.take(out, SCALAR_BYTES);
    }));
  const binary = (work: (out: number, a: number, b: number) => void) => (a: Uint8Array, b: Uint8Array): Uint8Array => {
    checkScalarLength(a);
    checkScalarLength(b);
    return run([a, b], (out, _arena, ...[left, right]) => work(out, left as number, right as number));
  };
  return {
    add: binary(kernel.scalarAdd),
    subtract: binary(kernel.scalarSubtract),
    multiply: binary(kernel.scalarMultiply),
    invert: (a) => {
      checkScalarLength(a);
      if (isZero(a)) throw new CryptoInputError('zero has no inverse');
      return run([a], (out, arena, ...[at]) => kernel.scalarInvert(out, at as number, 1, arena.reserve(72)));
    },
    reduce: (wide) => {
      if (wide.length !== 64) throw new CryptoInputError('64 bytes are reduced');
      return run([wide], (out, _arena, ...[at]) => kernel.scalarReduce(out, at as number));
    },
  };
}
