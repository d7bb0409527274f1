/** The demo's own tokenising, before and after the kernel: its three files, its key-holders (2-of-3, libsodium), the agent with either engine. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { BANKS, bankFile } from '../../demo/scenario-truth.js';
import { writeScenario } from '../../scenario/folder.js';
import { FULL } from '../../scenario/plan.js';
import type { BenchContext, BenchRow } from '../bench.model.js';
import { median } from '../interleave.js';
import { BenchHolders } from './bench-holders.js';
import { publishAnew, secondsOf } from './publish-run.js';
import { measured, type TargetName } from './targets.js';

const SEED = 1;
const ROUNDS_MAX = 3;
const ENGINES = ['libsodium', 'kernel'] as const;
type AgentEngine = (typeof ENGINES)[number];

export async function demoRows(context: BenchContext, wanted: (target: TargetName) => boolean): Promise<BenchRow[]> {
  if (!wanted('demo')) return [];
  const network = await BenchHolders.start({ threshold: 2, holders: 3, engine: 'libsodium' });
  try {
    const scenario = path.dirname(network.file('scenario', 'bank-a.csv'));
    mkdirSync(scenario, { recursive: true });
    writeScenario(scenario, SEED, FULL);
    const spent: Record<AgentEngine, number[]> = { libsodium: [], kernel: [] };
    const rounds = Math.min(context.rounds, ROUNDS_MAX);
    for (let round = 1; round <= rounds; round += 1) {
      for (const engine of round % 2 === 0 ? ENGINES.toReversed() : ENGINES) {
        spent[engine].push(await tokenising(network, scenario, engine));
        context.progress(`demo tokenising, round ${String(round)} of ${String(rounds)}, ${engine}`);
      }
    }
    const [before, after] = [median(spent.libsodium), median(spent.kernel)];
    const row = measured('demo', before / after);
    return [{ ...row, note: `${before.toFixed(1)} s before, ${after.toFixed(1)} s after; ${row.note}` }];
  } finally {
    await network.stop();
  }
}

/** Seconds on the clock in which batches were under way, over the three banks' files. */
async function tokenising(network: BenchHolders, scenario: string, engine: AgentEngine): Promise<number> {
  let seconds = 0;
  for (const bank of BANKS) seconds += secondsOf(await publishAnew(network, bankFile(scenario, bank), engine), 'tokenise');
  return seconds;
}
