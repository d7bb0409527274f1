/** Which engine a process computes with is configuration (docs/adr); what it cannot run it does without, and says so once. */
import type { Engine } from './engine.js';
import { isKernelSupported } from './kernel.arena.js';
import { createKernelEngine } from './kernel.engine.js';
import { passesSelfTest } from './kernel-self-test.js';
import { createSodiumEngine } from './sodium.engine.js';

/** kernel: libs/crypto/kernel where it runs and passes its self-test, else libsodium. noble is for tests and never chosen. */
export const ENGINE_CHOICES = ['kernel', 'libsodium'] as const;
export type EngineChoice = (typeof ENGINE_CHOICES)[number];
export type ChosenEngine = Engine & { readonly name: EngineChoice };

/** no-simd: the runtime has no 128-bit vectors. self-test: what the kernel computes is wrong on this machine. */
export type EngineFallback = 'no-simd' | 'self-test';

/** Engines that a process may be told to use; noble is an oracle for tests. */
export function isEngineChoice(value: unknown): value is EngineChoice {
  return (ENGINE_CHOICES as readonly unknown[]).includes(value);
}

/** The engine of that name, for a thread of a process that has chosen already. */
export function createEngine(name: EngineChoice): Promise<ChosenEngine> {
  return name === 'kernel' ? createKernelEngine() : createSodiumEngine();
}

/** The oracle of tests and vectors; loaded by who asks for it, since every thread of every process would carry it. */
export async function createNobleEngine(): Promise<Engine> {
  const { createNobleEngine: create } = await import('./noble.engine.js');
  return create();
}

/** @param onFallback called at most once, when the kernel was asked for and libsodium is what there is */
export async function chooseEngine(choice: EngineChoice, onFallback: (reason: EngineFallback) => void, create = createKernelEngine): Promise<ChosenEngine> {
  if (choice === 'libsodium') return createSodiumEngine();
  if (isKernelSupported()) {
    const kernel = await create().catch(() => null);
    if (kernel !== null && passesSelfTest(kernel)) return kernel;
    onFallback('self-test');
  } else onFallback('no-simd');
  return createSodiumEngine();
}
