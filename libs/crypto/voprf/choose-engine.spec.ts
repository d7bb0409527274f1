import { chooseEngine, createEngine, isEngineChoice } from './choose-engine.js';
import { createKernelEngine } from './kernel.engine.js';
import { passesSelfTest } from './kernel-self-test.js';
import { createNobleEngine } from './noble.engine.js';
import { createSodiumEngine } from './sodium.engine.js';
import type { Engine } from './engine.js';
import { GROUP_ORDER, scalarBytes } from './suite.js';

describe(chooseEngine.name, () => {
  const told: string[] = [];
  const tell = (reason: string): void => { told.push(reason); };
  beforeEach(() => { told.length = 0; });

  it('takes what is asked for, and says nothing', async () => {
    expect((await chooseEngine('kernel', tell)).name).toBe('kernel');
    expect((await chooseEngine('libsodium', tell)).name).toBe('libsodium');
    expect((await createEngine('kernel')).name).toBe('kernel');
    expect(told).toEqual([]);
  });

  it('does without a kernel that fails its self-test, and says so once', async () => {
    const kernel = await createKernelEngine();
    const wrong = Object.assign(Object.create(kernel) as typeof kernel, { evaluate: () => new Uint8Array(64) });
    expect((await chooseEngine('kernel', tell, () => Promise.resolve(wrong))).name).toBe('libsodium');
    expect((await chooseEngine('kernel', tell, () => Promise.reject(new Error('out of memory')))).name).toBe('libsodium');
    expect(told).toEqual(['self-test', 'self-test']);
  });

  it('does without it where the runtime has no vectors', async () => {
    const { validate } = WebAssembly;
    try {
      WebAssembly.validate = () => false; // what a machine without SSE 4.1 answers
      expect((await chooseEngine('kernel', tell)).name).toBe('libsodium');
    } finally {
      WebAssembly.validate = validate;
    }
    expect(told).toEqual(['no-simd']);
  });

  it('knows two settings', () => {
    expect(['kernel', 'libsodium'].every(isEngineChoice)).toBe(true);
    expect(['noble', 'auto', '', undefined].some(isEngineChoice)).toBe(false);
  });
});

describe(passesSelfTest.name, () => {
  it('holds for every engine', async () => {
    for (const engine of [await createKernelEngine(), await createSodiumEngine(), createNobleEngine()]) expect(passesSelfTest(engine)).toBe(true);
  });

  const spoil = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === bytes.length - 2 ? byte ^ 1 : byte));
  it.each(['blind', 'evaluate', 'proveWithNonce', 'finalise', 'blindAdditive', 'finaliseAdditive', 'multiplyBase'] as const)('fails when %s is wrong by one bit', async (name) => {
    const sut = await createSodiumEngine();
    const right = sut[name].bind(sut) as (...parts: unknown[]) => Uint8Array;
    expect(passesSelfTest(Object.assign(Object.create(sut) as Engine, { [name]: (...parts: unknown[]) => spoil(right(...parts)) }))).toBe(false);
  });
  it('fails when any proof is accepted, or any element', async () => {
    const sut = await createSodiumEngine();
    expect(passesSelfTest(Object.assign(Object.create(sut) as Engine, { verify: () => true }))).toBe(false);
    expect(passesSelfTest(Object.assign(Object.create(sut) as Engine, { checkElements: () => undefined }))).toBe(false);
    expect(passesSelfTest(Object.assign(Object.create(sut) as Engine, { scalars: { ...sut.scalars, invert: () => scalarBytes(GROUP_ORDER - 1n) } }))).toBe(false);
  });
});
