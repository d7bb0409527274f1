/** A member's agent from CSV to tokens, against real key-holders over HTTP. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { compiled } from '../../demo/run-folder.js';
import type { BenchContext, BenchRow } from '../bench.model.js';
import { median } from '../interleave.js';
import { BenchHolders } from './bench-holders.js';
import { measured, type TargetName } from './targets.js';

const ROWS = 8_000;
const RUNS = 3;

interface AgentRun { readonly rows: number; readonly tokens: number; readonly cpuSeconds: number; readonly seconds: number }

export async function agentRows(context: BenchContext, wanted: (target: TargetName) => boolean): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [target, threshold, holders] of [['agentTwoOfThree', 2, 3], ['agentThreeOfFive', 3, 5]] as const) {
    if (wanted(target)) rows.push(await agentRow(context, target, threshold, holders));
  }
  return rows;
}

async function agentRow(context: BenchContext, target: TargetName, threshold: number, holders: number): Promise<BenchRow> {
  const network = await BenchHolders.start({ threshold, holders, engine: context.engine });
  try {
    const runs: AgentRun[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const csv = network.file(`phones-${String(run)}.csv`);
      writeFileSync(csv, phones(run * ROWS));
      runs.push(await agent(network.home.directory, csv, context.engine));
      context.progress(`agent, run ${String(run + 1)} of ${String(RUNS)}`);
    }
    const row = measured(target, median(runs.map((run) => run.rows / run.cpuSeconds)));
    return { ...row, note: `${String(Math.round(median(runs.map((run) => run.rows / run.seconds))))} rows/s on the clock; ${row.note}` };
  } finally {
    await network.stop();
  }
}

/** Mobile numbers of one block, in the shape of a clue file. */
function phones(from: number): string {
  const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const rows = Array.from({ length: ROWS }, (_, i) => `r${String(i)},phone,139${String(11_000_000 + from + i)},${day},call`);
  return `${['row,type,value,first_seen,channel', ...rows].join('\n')}\n`;
}

async function agent(home: string, csv: string, engine: string): Promise<AgentRun> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', compiled('tools', 'bench', 'oprf', 'agent-path.js'), home, csv, engine], { stdio: ['ignore', 'pipe', 'inherit'] });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  const exit = await new Promise<number | null>((resolve) => { child.once('close', resolve); });
  if (exit !== 0) throw new Error('the agent ended early');
  const run = JSON.parse(Buffer.concat(parts).toString('utf8')) as AgentRun;
  if (run.tokens !== run.rows) throw new Error('the agent made fewer tokens than there are rows');
  return run;
}
