/** The operations of fast mode on each engine, against their definition in plain group operations (docs/protocol/fast-mode.md). */
import { PointInvalidError } from '../crypto.errors.js';
import { createKernelEngine } from './kernel.engine.js';
import { createNobleEngine } from './noble.engine.js';
import { createSodiumEngine } from './sodium.engine.js';
import type { Engine } from './engine.js';
import { elementAt, GROUP_ORDER, MODE_VOPRF, scalarBytes } from './suite.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');
const bytes = (fill: number, n = 32): Uint8Array => new Uint8Array(n).fill(fill);
const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const weights = (...values: bigint[]): Uint8Array => join(...values.map((value) => scalarBytes(value).slice(0, 16)));

const INPUTS = ['13800000000', '', 'x'.repeat(300)].map(text);
const BLINDS = join(scalarBytes(GROUP_ORDER - 1n), scalarBytes(1n), scalarBytes(2n ** 251n + 77n));
const KEY = scalarBytes(987654321987654321n);
const MAX_WEIGHT = 2n ** 128n - 1n;
/** RFC 9496 A.3: not canonical, negative, no square root, identity. */
const REFUSED = [`00${'ff'.repeat(31)}`, `01${'00'.repeat(31)}`, '26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371', '00'.repeat(32)]
  .map((encoding) => Uint8Array.from(Buffer.from(encoding, 'hex')));

describe('the operations of fast mode', () => {
  const engines: Engine[] = [createNobleEngine()];
  const oracle = engines[0] as Engine;
  const times = (scalar: bigint, point: Uint8Array): Uint8Array => oracle.multiply(scalarBytes(scalar % GROUP_ORDER), point);
  const quarter = oracle.scalars.invert(scalarBytes(4n));
  const combinedOf = (blinded: Uint8Array): Uint8Array => oracle.evaluate(oracle.scalars.multiply(KEY, quarter), blinded);
  beforeAll(async () => { engines.push(await createSodiumEngine(), await createKernelEngine()); });
  const alike = (run: (engine: Engine) => Uint8Array): Uint8Array => {
    const results = engines.map(run);
    for (const result of results) expect(hex(result)).toBe(hex(results[0] as Uint8Array));
    return results[0] as Uint8Array;
  };
  const refusing = (run: (engine: Engine) => unknown, position: number): void => {
    for (const engine of engines) {
      expect(() => run(engine)).toThrow(PointInvalidError);
      expect(() => run(engine)).toThrow(expect.objectContaining({ position }));
    }
  };
  const withBad = (good: Uint8Array, bad: Uint8Array, at: number): Uint8Array => {
    const mixed = good.slice();
    mixed.set(bad, at * 32);
    return mixed;
  };

  it('blind to 2 H(x) + 4 s G', () => {
    const blinded = alike((engine) => engine.blindAdditive(INPUTS, BLINDS));
    const hashed = oracle.hashToGroup(MODE_VOPRF, INPUTS);
    INPUTS.forEach((_, i) => {
      const mask = oracle.multiplyBase(oracle.scalars.multiply(scalarBytes(4n), elementAt(BLINDS, i)));
      expect(hex(elementAt(blinded, i))).toBe(hex(oracle.addEach(times(2n, elementAt(hashed, i)), mask)));
    });
  });

  it('combine to twice the sum, of one vector and of several', () => {
    const a = oracle.hashToGroup(MODE_VOPRF, INPUTS);
    const b = oracle.blind(MODE_VOPRF, INPUTS, BLINDS);
    const twiceA = join(...INPUTS.map((_, i) => times(2n, elementAt(a, i))));
    expect(hex(alike((engine) => engine.combineDoubled([a])))).toBe(hex(twiceA));
    expect(hex(alike((engine) => engine.combineDoubled([a, b, a])))).toBe(hex(oracle.addEach(oracle.addEach(twiceA, twiceA), oracle.combineDoubled([b]))));
  });

  it('sum with weights of 0, 1 and all 128 bits, also over equal points', () => {
    const points = oracle.hashToGroup(MODE_VOPRF, INPUTS);
    const [p, q, r] = INPUTS.map((_, i) => elementAt(points, i)) as [Uint8Array, Uint8Array, Uint8Array];
    expect(hex(alike((engine) => engine.weightedSum(weights(0n, 1n, MAX_WEIGHT), points)))).toBe(hex(oracle.addEach(q, times(MAX_WEIGHT, r))));
    expect(hex(alike((engine) => engine.weightedSum(weights(3n, 4n, MAX_WEIGHT), join(p, p, p))))).toBe(hex(times(MAX_WEIGHT + 7n, p)));
    expect(hex(alike((engine) => engine.weightedSum(weights(1n), p)))).toBe(hex(p));
  });

  it('finalise to the output of RFC 9497 for the same input and key', () => {
    const publicKey = oracle.multiplyBase(KEY);
    const fast = alike((engine) => engine.finaliseAdditive(INPUTS, BLINDS, publicKey, combinedOf(engine.blindAdditive(INPUTS, BLINDS))));
    const baseline = oracle.finalise(INPUTS, BLINDS, oracle.evaluate(KEY, oracle.blind(MODE_VOPRF, INPUTS, BLINDS)));
    expect(hex(fast)).toBe(hex(baseline));
  });

  it('refuse each bad encoding with its position, wherever it comes in', () => {
    const good = oracle.blindAdditive(INPUTS, BLINDS);
    const publicKey = oracle.multiplyBase(KEY);
    for (const bad of REFUSED) {
      refusing((engine) => engine.combineDoubled([withBad(good, bad, 1)]), 1);
      refusing((engine) => engine.combineDoubled([good, withBad(good, bad, 2)]), 2);
      refusing((engine) => engine.weightedSum(weights(1n, 0n, 1n), withBad(good, bad, 1)), 1);
      refusing((engine) => engine.finaliseAdditive(INPUTS, BLINDS, publicKey, withBad(good, bad, 2)), 2);
      refusing((engine) => engine.finaliseAdditive(INPUTS, BLINDS, bad, good), 0);
    }
    refusing((engine) => engine.finaliseAdditive(INPUTS, BLINDS, join(publicKey, publicKey), good), 0);
  });

  it('refuse sums and unblinded elements that are the identity', () => {
    const good = oracle.blindAdditive(INPUTS, BLINDS);
    const publicKey = oracle.multiplyBase(KEY);
    const negated = join(...INPUTS.map((_, i) => times(GROUP_ORDER - 1n, elementAt(good, i))));
    refusing((engine) => engine.combineDoubled([good, negated]), 0);
    refusing((engine) => engine.weightedSum(weights(9n, 9n), join(elementAt(good, 0), elementAt(negated, 0))), 2);
    refusing((engine) => engine.weightedSum(weights(0n, 0n, 0n), good), 3);
    refusing((engine) => engine.finaliseAdditive(INPUTS, BLINDS, publicKey, withBad(good, oracle.multiply(elementAt(BLINDS, 1), publicKey), 1)), 1);
  });

  it('refuse lengths that do not fit, and blinds that are zero or not canonical', () => {
    const good = oracle.blindAdditive(INPUTS, BLINDS);
    const publicKey = oracle.multiplyBase(KEY);
    for (const engine of engines) {
      for (const scalar of [bytes(0), scalarBytes(GROUP_ORDER), bytes(255)]) {
        expect(() => engine.blindAdditive([text('a')], scalar)).toThrow('secret scalar');
        expect(() => engine.finaliseAdditive([text('a')], scalar, publicKey, good.slice(0, 32))).toThrow('secret scalar');
      }
      const wrong: (() => unknown)[] = [
        () => engine.blindAdditive([], new Uint8Array(0)), () => engine.blindAdditive(INPUTS, BLINDS.slice(32)),
        () => engine.combineDoubled([]), () => engine.combineDoubled([good, good.slice(32)]), () => engine.combineDoubled([new Uint8Array(0)]),
        () => engine.weightedSum(bytes(1, 47), good), () => engine.weightedSum(bytes(1, 96), good), () => engine.weightedSum(bytes(1, 0), bytes(1, 0)),
        () => engine.finaliseAdditive(INPUTS.slice(1), BLINDS.slice(32), publicKey, good), () => engine.finaliseAdditive(INPUTS, BLINDS.slice(32), publicKey, good),
      ];
      for (const run of wrong) expect(run).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    }
  });
});
