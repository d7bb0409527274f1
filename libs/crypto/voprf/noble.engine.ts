/**
 * The oracle: @noble/curves' own RFC 9497 code, not ours on top of its points, so that the two engines share no step of
 * the protocol. BigInt arithmetic is not constant-time: tests, vectors and a slow fallback on the member's side, never
 * a key-holder (docs/protocol/README.md).
 */
import { ristretto255, ristretto255_oprf } from '@noble/curves/ed25519.js';
import { concat, isZero, sameBytes } from '../bytes.js';
import { CryptoInputError, PointInvalidError } from '../crypto.errors.js';
import { checkBlinds, checkCount, checkPair, checkSecret } from './engine-input.js';
import type { Engine, KeyPair, ScalarOps } from './engine.js';
import {
  countElements, ELEMENT_BYTES, elementAt, finalizeHash, isCanonicalScalar, type Mode, MODE_VOPRF, PROOF_BYTES, scalarBytes, WEIGHT_BYTES,
} from './suite.js';

const { Point } = ristretto255;
const { Fn } = Point;
const { oprf, voprf } = ristretto255_oprf;
type NoblePoint = InstanceType<typeof Point>;

/** The oracle of tests: another author's code, slow, not constant-time. */
export function createNobleEngine(): Engine {
  return new NobleEngine();
}

class NobleEngine implements Engine {
  readonly name = 'noble';
  readonly scalars: ScalarOps = {
    add: (a, b) => Fn.toBytes(Fn.add(Fn.fromBytes(a), Fn.fromBytes(b))),
    subtract: (a, b) => Fn.toBytes(Fn.sub(Fn.fromBytes(a), Fn.fromBytes(b))),
    multiply: (a, b) => Fn.toBytes(Fn.mul(Fn.fromBytes(a), Fn.fromBytes(b))),
    invert: (a) => {
      if (isZero(a)) throw new CryptoInputError('zero has no inverse');
      return Fn.toBytes(Fn.inv(Fn.fromBytes(a)));
    },
    reduce: (wide) => {
      if (wide.length !== 64) throw new CryptoInputError('64 bytes are reduced');
      return Fn.toBytes(Fn.create(littleEndian(wide)));
    },
  };

  hashToGroup(mode: Mode, inputs: readonly Uint8Array[]): Uint8Array {
    return this.blind(mode, inputs, concat(...inputs.map(() => scalarBytes(1n))));
  }

  blind(mode: Mode, inputs: readonly Uint8Array[], blinds: Uint8Array): Uint8Array {
    checkCount(inputs.length);
    checkBlinds(blinds, inputs.length);
    const suite = mode === 0 ? oprf : voprf;
    return concat(...inputs.map((input, i) => suite.blind(input, drawing(elementAt(blinds, i))).blinded));
  }

  evaluate(secretKey: Uint8Array, blinded: Uint8Array): Uint8Array {
    checkSecret(secretKey);
    this.checkElements(blinded);
    return concat(...split(blinded).map((point) => oprf.blindEvaluate(secretKey, point)));
  }

  prove(secretKey: Uint8Array, publicKey: Uint8Array, blinded: Uint8Array, evaluated: Uint8Array): Uint8Array {
    return this.proveDrawing(secretKey, publicKey, blinded, evaluated);
  }

  proveWithNonce(
    secretKey: Uint8Array, publicKey: Uint8Array, blinded: Uint8Array, evaluated: Uint8Array, nonce: Uint8Array,
  ): Uint8Array {
    checkSecret(nonce);
    return this.proveDrawing(secretKey, publicKey, blinded, evaluated, drawing(nonce));
  }

  verify(publicKey: Uint8Array, blinded: Uint8Array, evaluated: Uint8Array, proof: Uint8Array): boolean {
    checkPair(blinded, evaluated);
    [publicKey, blinded, evaluated].forEach((points) => this.checkElements(points));
    if (proof.length !== PROOF_BYTES || !isCanonicalScalar(proof.subarray(0, 32)) || !isCanonicalScalar(proof.subarray(32))) return false;
    const unblinded = scalarBytes(1n);
    const items = split(blinded).map((point, i) => (
      { input: new Uint8Array(0), blind: unblinded, blinded: point, evaluated: elementAt(evaluated, i) }));
    try {
      voprf.finalizeBatch(items, publicKey, proof); // noble has no verification apart from finalisation
      return true;
    } catch {
      return false;
    }
  }

  finalise(inputs: readonly Uint8Array[], blinds: Uint8Array, evaluated: Uint8Array): Uint8Array {
    if (inputs.length !== countElements(evaluated)) throw new CryptoInputError('as many inputs as elements');
    checkBlinds(blinds, inputs.length);
    this.checkElements(evaluated);
    return concat(...inputs.map((input, i) => oprf.finalize(input, elementAt(blinds, i), elementAt(evaluated, i))));
  }

  blindAdditive(inputs: readonly Uint8Array[], blinds: Uint8Array): Uint8Array {
    checkBlinds(blinds, inputs.length);
    const hashed = split(this.hashToGroup(MODE_VOPRF, inputs));
    return concat(...hashed.map((point, i) => {
      const masked = decode(point, i).add(Point.BASE.double().multiply(Fn.fromBytes(elementAt(blinds, i))));
      return encode(masked.double(), i);
    }));
  }

  combineDoubled(vectors: readonly Uint8Array[]): Uint8Array {
    const first = vectors[0];
    if (first === undefined) throw new CryptoInputError('one vector or more is combined');
    vectors.forEach((vector) => checkPair(first, vector));
    return concat(...split(first).map((_, i) => {
      const sum = vectors.reduce((acc, vector) => acc.add(decode(elementAt(vector, i), i)), Point.ZERO);
      return encode(sum.double(), i);
    }));
  }

  weightedSum(weights: Uint8Array, points: Uint8Array): Uint8Array {
    const n = countElements(points);
    if (weights.length !== n * WEIGHT_BYTES) throw new CryptoInputError('as many weights of 16 bytes as points');
    const sum = split(points).reduce((acc, encoded, i) => {
      const point = decode(encoded, i);
      return acc.add(point.multiplyUnsafe(littleEndian(weights.subarray(i * WEIGHT_BYTES, (i + 1) * WEIGHT_BYTES))));
    }, Point.ZERO);
    return encode(sum, n);
  }

  finaliseAdditive(inputs: readonly Uint8Array[], blinds: Uint8Array, publicKey: Uint8Array, combined: Uint8Array): Uint8Array {
    if (inputs.length !== countElements(combined)) throw new CryptoInputError('as many inputs as elements');
    checkBlinds(blinds, inputs.length);
    const key = decode(publicKey, 0);
    return concat(...inputs.map((input, i) => {
      const unblinded = decode(elementAt(combined, i), i).subtract(key.multiply(Fn.fromBytes(elementAt(blinds, i)))).double();
      return finalizeHash(input, encode(unblinded, i));
    }));
  }

  addEach(a: Uint8Array, b: Uint8Array): Uint8Array {
    checkPair(a, b);
    const right = split(b);
    return concat(...split(a).map((point, i) => {
      return encode(decode(point, i).add(decode(right[i] as Uint8Array, i)), i);
    }));
  }

  multiply(scalar: Uint8Array, point: Uint8Array): Uint8Array {
    checkSecret(scalar);
    return decode(point, 0).multiply(Fn.fromBytes(scalar)).toBytes();
  }

  multiplyBase(scalar: Uint8Array): Uint8Array {
    checkSecret(scalar);
    return Point.BASE.multiply(Fn.fromBytes(scalar)).toBytes();
  }

  checkElements(points: Uint8Array): void {
    countElements(points);
    split(points).forEach((point, i) => decode(point, i));
  }

  deriveKeyPair(mode: Mode, seed: Uint8Array, keyInfo: Uint8Array): KeyPair {
    return (mode === 0 ? oprf : voprf).deriveKeyPair(seed, keyInfo);
  }

  private proveDrawing(
    secretKey: Uint8Array, publicKey: Uint8Array, blinded: Uint8Array, evaluated: Uint8Array, rng?: (bytes?: number) => Uint8Array,
  ): Uint8Array {
    checkPair(blinded, evaluated);
    checkSecret(secretKey);
    this.checkElements(blinded);
    const answer = voprf.blindEvaluateBatch(secretKey, publicKey, split(blinded), rng);
    if (!sameBytes(concat(...answer.evaluated), evaluated)) throw new CryptoInputError('evaluated is not secretKey * blinded');
    return answer.proof;
  }
}

function decode(encoded: Uint8Array, position: number): NoblePoint {
  let point: NoblePoint;
  try {
    point = Point.fromBytes(encoded);
  } catch {
    throw new PointInvalidError(position);
  }
  if (point.equals(Point.ZERO)) throw new PointInvalidError(position);
  return point;
}

/** @throws PointInvalidError for the identity */
function encode(point: NoblePoint, position: number): Uint8Array {
  if (point.equals(Point.ZERO)) throw new PointInvalidError(position);
  return point.toBytes();
}

/** noble draws a scalar as (48 bytes, little-endian) mod (l - 1) + 1: bytes that make it draw this one. */
function drawing(scalar: Uint8Array): (bytes?: number) => Uint8Array {
  const drawn = scalarBytes(littleEndian(scalar) - 1n);
  return (bytes = 48) => {
    const out = new Uint8Array(bytes);
    out.set(drawn);
    return out;
  };
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function split(packed: Uint8Array): Uint8Array[] {
  return Array.from({ length: packed.length / ELEMENT_BYTES }, (_, i) => elementAt(packed, i));
}
