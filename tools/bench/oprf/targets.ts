/** Every row of the target table (docs/benchmarks.md says what each one divides by what). */
import type { BenchRow } from '../bench.model.js';

type Target = Pick<BenchRow, 'name' | 'pass' | 'aim' | 'better' | 'note'>;

export const TARGETS = {
  evaluate: { name: 'key-holder evaluate, kernel / native scalarmult', pass: 0.6, aim: 0.75, better: 'higher', note: 'b = 1000' },
  prove: { name: 'evaluate + RFC proof (b = 1000) / native + naive composite', pass: 1, aim: 1.3, better: 'higher', note: 'b = 1000' },
  blind: { name: 'client blind / native naive blind', pass: 1.8, aim: 2.4, better: 'higher', note: 'additive blinding, b = 1000' },
  verify: { name: 'RFC verify + finalise (b = 1000) / native naive', pass: 2.5, aim: 3.2, better: 'higher', note: 'one holder, b = 1000' },
  check: { name: 'deferred check + finalise (b = 4096) / native naive', pass: 4, aim: 5, better: 'higher', note: 'two holders, native verify + finalise as above' },
  psi: { name: 'whole member path vs psi.js request + intersect', pass: 12, aim: 18, better: 'higher', note: 'fast mode: blind, check, finalise, token; b = 4096' },
  http: { name: 'HTTP end to end at the key-holder / bare kernel', pass: 0.85, aim: 0.93, better: 'higher', note: 'CPU of the process, evaluate + proof, b = 4096' },
  workers: { name: 'two workers / one', pass: 1.8, aim: 1.9, better: 'higher', note: 'time on the clock, evaluation pool' },
  smallBatch: { name: 'small batch (64) check / batch 4096 check, per item', pass: 3, aim: 1.8, better: 'lower', note: 'both weighted sums' },
  snapshotBits: { name: 'snapshot bits per token over f', pass: 2.1, aim: 2.05, better: 'lower', note: '2^20 tokens, whole file' },
  screening: { name: 'sorted screening, tokens per second per core', pass: 80e6, aim: 120e6, better: 'higher', note: '10^7 queries against 10^7 tokens' },
  agentTwoOfThree: { name: 'agent end to end, 2-of-3, rows per second per core', pass: 2_000, aim: 3_000, better: 'higher', note: 'CSV in, tokens out, baseline mode' },
  agentThreeOfFive: { name: 'agent end to end, 3-of-5, rows per second per core', pass: 1_500, aim: 2_500, better: 'higher', note: 'CSV in, tokens out, baseline mode' },
  agentMemory: { name: 'agent memory, highest MB', pass: 200, aim: 180, better: 'lower', note: 'tally publish, 2-of-3: resident, threads and mapped files included' },
  agentGrowth: { name: 'agent memory, all rows / the first 10^5', pass: 1.15, aim: 1.05, better: 'lower', note: 'flat is 1' },
  demo: { name: 'demo tokenising, libsodium / kernel in the agent', pass: 1, aim: 1.3, better: 'higher', note: 'time on the clock, three banks, key-holders with libsodium' },
} as const satisfies Readonly<Record<string, Target>>;

export type TargetName = keyof typeof TARGETS;

export function measured(target: TargetName, figure: number): BenchRow {
  return { ...TARGETS[target], figure };
}

export function skipped(target: TargetName, why: string): BenchRow {
  return { ...TARGETS[target], figure: null, note: why };
}
