import { createKernelEngine, createNobleEngine, createSodiumEngine } from '#crypto';
import { engineDifferences } from '../vectors/engines/engine-differences.js';

describe('libsodium, kernel and noble', () => {
  it('agree on 10^5 hostile and random encodings, scalars and inputs', async () => {
    const report = engineDifferences([await createSodiumEngine(), await createKernelEngine(), await createNobleEngine()], {
      encodings: 60_000, products: 10_000, inputs: 4_000, scalars: 4_000,
    });
    expect(report.differences).toEqual([]);
    expect(report.compared).toBeGreaterThan(100_000);
  }, 1_800_000);
});
