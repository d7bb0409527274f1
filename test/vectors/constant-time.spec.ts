/** A short look at the clock; the long one, with a mutant of the kernel that leaks, is test/heavy/constant-time.spec.ts. */
import { loadKernel, type KernelExports } from '#crypto';
import { FIXED_SCALARS, timeEvaluate } from './timing/evaluate-times.js';
import { judgeTimes, type Verdict } from './timing/welch.js';

/** Far above chance (4.5): a short test on a busy machine says nothing about small leaks, and must not cry wolf. */
const LEAK = 10;
const SAMPLES = 1_200;

/** Only what shows twice is a leak. */
function judgeTwice(kernel: KernelExports, fixed: Uint8Array): Verdict {
  const first = judgeTimes(timeEvaluate(kernel, fixed, SAMPLES));
  return first.t < LEAK ? first : judgeTimes(timeEvaluate(kernel, fixed, SAMPLES));
}

describe('the time of the kernel\'s evaluate', () => {
  let kernel: KernelExports;
  beforeAll(async () => { kernel = await loadKernel(); });

  it('does not show whether most digits of the scalar are zero', () => expect(judgeTwice(kernel, FIXED_SCALARS['digits 0 but one']!).t).toBeLessThan(LEAK));

  it('would show it, were work left out for zero digits', () => {
    const leaky = { ...kernel, evaluate: (out: number, scalar: number, points: number, n: number): number => {
      const zeros = new Uint8Array(kernel.memory.buffer, scalar, 32).filter((byte) => byte === 0).length;
      if (zeros < 16) kernel.evaluate(out, scalar, points, n);
      return kernel.evaluate(out, scalar, points, n);
    } };
    expect(judgeTimes(timeEvaluate(leaky, FIXED_SCALARS['digits 0 but one']!, SAMPLES)).t).toBeGreaterThan(LEAK);
  });
});

describe(judgeTimes.name, () => {
  const noisy = (mean: number, n: number): number[] => Array.from({ length: n }, (_, i) => mean + ((i * 7919) % 101) + (i % 50 === 0 ? 10_000 : 0));
  it('finds a difference of half a percent under outliers twenty times as large', () => {
    expect(judgeTimes({ fixed: noisy(10_050, 5_000), random: noisy(10_000, 5_000) }).t).toBeGreaterThan(20);
  });
  it('finds none where there is none', () => expect(judgeTimes({ fixed: noisy(10_000, 5_000), random: noisy(10_000, 4_000) }).t).toBeLessThan(4.5));
});
