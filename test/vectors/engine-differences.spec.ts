/** All engines, one answer. The same with 10^5 items: test/heavy/engine-differences.spec.ts. */
import { createKernelEngine, createNobleEngine, createSodiumEngine, type Engine } from '#crypto';
import { engineDifferences } from './engines/engine-differences.js';

describe('libsodium, kernel and noble', () => {
  let engines: Engine[];
  beforeAll(async () => { engines = [await createSodiumEngine(), await createKernelEngine(), await createNobleEngine()]; });

  it('agree on hostile encodings, scalars and whole batches', () => {
    const report = engineDifferences(engines, { encodings: 900, products: 60, inputs: 24, scalars: 60 });
    expect(report.differences).toEqual([]);
    expect(report.compared).toBeGreaterThan(1_500);
  });

  it('are told apart when one is wrong in one bit', () => {
    const [sodium, kernel] = engines as [Engine, Engine];
    const wrong = Object.assign(Object.create(kernel) as Engine, {
      evaluate: (secret: Uint8Array, points: Uint8Array) => kernel.evaluate(secret, points).map((byte, i) => (i === 5 ? byte ^ 1 : byte)),
    });
    expect(engineDifferences([sodium, wrong], { encodings: 1, products: 5, inputs: 1, scalars: 1 }).differences).not.toEqual([]);
  });
});
