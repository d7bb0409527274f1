/** What a call leaves in the kernel's linear memory: nothing of a share, a blind or a nonce, whether it ends well or not. */
import { PointInvalidError } from '../crypto.errors.js';
import { type KernelExports, loadKernel } from './kernel.arena.js';
import { engineOver } from './kernel.engine.js';
import type { Engine } from './engine.js';
import { GROUP_ORDER, MODE_VOPRF, scalarBytes } from './suite.js';

const SECRET = scalarBytes(GROUP_ORDER - 123456789n);
const NONCE = scalarBytes(GROUP_ORDER / 3n);
const INPUTS = Array.from({ length: 9 }, (_, i) => new TextEncoder().encode(`1380000000${i}`));
const BLINDS = new Uint8Array(Buffer.concat(INPUTS.map((_, i) => scalarBytes(GROUP_ORDER / 7n + BigInt(i)))));

describe('linear memory after a call', () => {
  let kernel: KernelExports;
  let engine: Engine;
  beforeAll(async () => {
    kernel = await loadKernel();
    engine = engineOver(kernel);
  });
  const isWiped = (): boolean => {
    const memory = new Uint8Array(kernel.memory.buffer);
    const scratch = kernel.scratchStart();
    return memory.subarray(scratch, scratch + kernel.secretScratchBytes()).every((byte) => byte === 0) && memory.subarray(kernel.heapStart()).every((byte) => byte === 0);
  };

  const calls: Record<string, (points: Uint8Array, key: Uint8Array) => unknown> = {
    evaluate: (points) => engine.evaluate(SECRET, points),
    blind: () => engine.blind(MODE_VOPRF, INPUTS, BLINDS),
    blindAdditive: () => engine.blindAdditive(INPUTS, BLINDS),
    proveWithNonce: (points, key) => engine.proveWithNonce(SECRET, key, points, engine.evaluate(SECRET, points), NONCE),
    finalise: (points) => engine.finalise(INPUTS, BLINDS, points),
    finaliseAdditive: (points, key) => engine.finaliseAdditive(INPUTS, BLINDS, key, points),
    multiply: (points) => engine.multiply(SECRET, points.slice(0, 32)),
    multiplyBase: () => engine.multiplyBase(SECRET),
    'scalar inverse': () => engine.scalars.invert(SECRET),
    'scalar product': () => engine.scalars.multiply(SECRET, NONCE),
    'scalar sum': () => engine.scalars.add(SECRET, NONCE),
  };
  it.each(Object.keys(calls))('is wiped of %s', (name) => {
    const points = engine.hashToGroup(MODE_VOPRF, INPUTS);
    calls[name]!(points, engine.multiplyBase(SECRET));
    expect(isWiped()).toBe(true);
  });

  it('is wiped when a batch is refused', () => {
    const points = engine.hashToGroup(MODE_VOPRF, INPUTS);
    points.fill(0, 256, 288);
    expect(() => engine.evaluate(SECRET, points)).toThrow(PointInvalidError);
    expect(() => engine.finalise(INPUTS, BLINDS, points)).toThrow(PointInvalidError);
    expect(isWiped()).toBe(true);
  });

  it('is not empty during a call: what is looked at is where secrets go', () => {
    kernel.multiplyBase(kernel.heapStart(), kernel.heapStart(), 1);
    expect(isWiped()).toBe(false);
    engine.scalars.add(SECRET, NONCE);
    expect(isWiped()).toBe(true);
  });
});
