/** `npm run bench -- complaints`: recall and precision of near-duplicate texts, for the setting in force and those around it. */
import path from 'node:path';
import { TEXT_BANDS_EQUAL, TEXT_BANDS } from '#protocol';
import type { BenchTable } from './bench.model.js';
import { complaintCurve } from './complaint-pairs.js';

const SETTINGS = [{ bands: 12, rows: 2 }, { bands: 16, rows: 2 }, { bands: 20, rows: 2 }, { bands: 24, rows: 2 }, { bands: 20, rows: 1 }];

export function benchComplaints(shared: string): BenchTable[] {
  const points = complaintCurve(path.resolve(shared), SETTINGS, [1, 2, 3, 4, 5]);
  return [{
    title: 'near-duplicate complaints (* in force)',
    head: ['bands x min-hashes, least equal', 'zh recall', 'zh precision', 'zh false pairs', 'en recall', 'en precision', 'en borderline told', 'en precision, borderline as false'],
    rows: points.map(({ bands, rows, least, chinese, english }) => [
      `${String(bands)} x ${String(rows)}, ${String(least)}${bands === TEXT_BANDS && rows === 2 && least === TEXT_BANDS_EQUAL ? ' *' : ''}`,
      chinese.recall.toFixed(3), chinese.precision.toFixed(4), chinese.falseShare.toFixed(5),
      english.recall.toFixed(3), english.precision.toFixed(3), english.borderlineShare.toFixed(2), english.strictPrecision.toFixed(2),
    ]),
  }];
}
