/** Times of the kernel's evaluate() of four points, with one scalar or another. Everything but the 32 bytes of the scalar is the same. */
import { createHash, randomBytes } from 'node:crypto';
import { GROUP_ORDER, type KernelExports } from '#crypto';
import { hostileScalars, littleEndian } from '../engines/hostile-values.js';
import type { TimedClasses } from './welch.js';

const POINTS = 4;
const WARM_UP = 400;

/** What is recoded is half the scalar (docs/protocol/kernel.md): halves whose digits are as unlike those of a random scalar as can be. */
const doubled = (half: bigint): Uint8Array => littleEndian((2n * half) % GROUP_ORDER);
export const FIXED_SCALARS: Readonly<Record<string, Uint8Array>> = {
  'digits 0 but one': doubled(1n),
  'a single high digit': doubled(2n ** 251n),
  'digits 8 and carries': doubled((2n ** 252n - 1n) / 15n * 8n % GROUP_ORDER),
  'negative digits': doubled(GROUP_ORDER - 1n),
};

export function timeEvaluate(kernel: KernelExports, fixed: Uint8Array, samples: number): TimedClasses {
  const heap = kernel.heapStart();
  const [scalarAt, pointsAt, outAt] = [heap, heap + 64, heap + 512];
  const memory = new Uint8Array(kernel.memory.buffer);
  kernel.hashToGroup(pointsAt, uniformAt(memory, heap + 1024), POINTS);
  const call = (scalar: Uint8Array): number => {
    memory.set(scalar, scalarAt);
    const begin = process.hrtime.bigint();
    kernel.evaluate(outAt, scalarAt, pointsAt, POINTS);
    return Number(process.hrtime.bigint() - begin);
  };
  const drawn = hostileScalars(2_000).slice(-1_000); // uniform ones, drawn beforehand
  for (let i = 0; i < WARM_UP; i += 1) call(i % 2 === 0 ? fixed : (drawn[i] as Uint8Array));
  const times: { fixed: number[]; random: number[] } = { fixed: [], random: [] };
  const order = randomBytes(samples);
  for (let i = 0; i < samples; i += 1) {
    const other = drawn[i % drawn.length] as Uint8Array;
    if ((order[i] as number) & 1) times.fixed.push(call(fixed));
    else times.random.push(call(other));
  }
  return times;
}

function uniformAt(memory: Uint8Array, at: number): number {
  for (let i = 0; i < POINTS; i += 1) memory.set(createHash('sha512').update(`point ${i}`).digest(), at + 64 * i);
  return at;
}
