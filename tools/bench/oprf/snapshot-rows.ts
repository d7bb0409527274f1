/** Size of a snapshot, and local screening against one. */
import { randomFillSync } from 'node:crypto';
import { encodeSnapshot, type Prefixes, Snapshot } from '#crypto';
import type { BenchContext, BenchRow } from '../bench.model.js';
import { here, perItem } from '../interleave.js';
import { measured, type TargetName } from './targets.js';

const HEADER = { epoch: 1, group: new Uint8Array(16), f: 32 };
const SCREENED = 10_000_000;

export async function snapshotRows(context: BenchContext, wanted: (target: TargetName) => boolean): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  if (wanted('snapshotBits')) {
    const n = 2 ** 20;
    rows.push(measured('snapshotBits', (encodeSnapshot(HEADER, randomSorted(n)).length * 8) / n - HEADER.f));
  }
  if (wanted('screening')) {
    const snapshot = Snapshot.read(encodeSnapshot(HEADER, randomSorted(SCREENED)));
    const queries = randomSorted(SCREENED);
    const { screen } = await perItem({ screen: here(SCREENED, () => snapshot.hitsOf(queries)) }, context.rounds, context.progress);
    const row = measured('screening', 1e6 / screen);
    rows.push({ ...row, note: `${(screen * 1000).toFixed(1)} ns a query; ${row.note}` });
  }
  return rows;
}

/** Uniform 64-bit numbers, ascending: what tokens look like. */
function randomSorted(n: number): Prefixes {
  const numbers = randomFillSync(new BigUint64Array(n)).sort();
  const halves = new Uint32Array(numbers.buffer);
  const [hi, lo] = [new Uint32Array(n), new Uint32Array(n)];
  for (let i = 0; i < n; i += 1) {
    lo[i] = halves[2 * i]!;
    hi[i] = halves[2 * i + 1]!;
  }
  return { hi, lo };
}
