/** How much memory the agent takes, by the rows it has dealt with: CSV in, tokens out, a proof of two of three key-holders for each, all of it in the vault. */
import type { BenchContext, BenchReport, BenchTable } from '../bench.model.js';
import { BenchHolders } from './bench-holders.js';
import { writePhonesFile } from './phones-file.js';
import { publishAnew, type Published, secondsOf } from './publish-run.js';
import { peakUntil, thinned } from './resident-memory.js';
import { measured, skipped, type TargetName } from './targets.js';

/** What the memory of longer files is compared with. */
const BASE_ROWS = 100_000;
const SHOWN = 20;

export async function agentMemory(context: BenchContext, wanted: (target: TargetName) => boolean): Promise<Required<BenchReport>> {
  if (!wanted('agentMemory') && !wanted('agentGrowth')) return { rows: [], tables: [] };
  const network = await BenchHolders.start({ threshold: 2, holders: 3, engine: context.engine });
  try {
    const csv = network.file('phones.csv');
    await writePhonesFile(csv, context.rows);
    const published = await publishAnew(network, csv, context.engine, ({ rows, peak }) => { context.progress(`agent memory, ${String(rows)} of ${String(context.rows)} rows, ${peak.toFixed(0)} MB`); });
    return { rows: [memoryRow(published), growthRow(published)], tables: [tableOf(published)] };
  } finally {
    await network.stop();
  }
}

function memoryRow({ samples, counts }: Published) {
  const peak = peakUntil(samples, Number.POSITIVE_INFINITY);
  if (peak === null) return skipped('agentMemory', 'needs /proc of Linux');
  const row = measured('agentMemory', peak);
  return { ...row, note: `${String(counts.rows)} rows; ${row.note}` };
}

function growthRow({ samples, counts }: Published) {
  const [base, all] = [peakUntil(samples, BASE_ROWS), peakUntil(samples, Number.POSITIVE_INFINITY)];
  if (base === null || all === null) return skipped('agentGrowth', 'needs /proc of Linux');
  if (counts.rows <= BASE_ROWS) return skipped('agentGrowth', 'needs more rows: --rows 1000000');
  const row = measured('agentGrowth', all / base);
  return { ...row, note: `${String(counts.rows)} rows, ${base.toFixed(0)} MB until row ${String(BASE_ROWS)}; ${row.note}` };
}

function tableOf(published: Published): BenchTable {
  const { counts, samples } = published;
  const rate = Math.round(counts.rows / secondsOf(published, 'total'));
  return {
    title: `agent memory by rows: ${String(counts.rows)} rows, ${String(counts.clues)} clues, ${String(rate)} rows a second on the clock`,
    head: ['rows', 'highest MB', 'own MB', 'mapped files MB'],
    rows: thinned(samples, SHOWN).map(({ rows, peak, own, mapped }) => [rows, peak.toFixed(0), own.toFixed(0), mapped.toFixed(0)]),
  };
}
