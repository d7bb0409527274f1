/** Near-duplicate complaints against ../shared/data, read in place, by the figures in force. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { normalise } from '#indicators';
import { TEXT_BANDS, TEXT_BANDS_EQUAL } from '#protocol';
import { complaintCurve } from '../../tools/bench/complaint-pairs.js';

const shared = path.resolve(import.meta.dirname, '../../../shared/data');
const whereShared = existsSync(shared) ? describe : describe.skip;

it('the agent makes as many bands as the hub expects', () => {
  const words = Array.from({ length: 60 }, (_, i) => `word${String.fromCharCode(97 + (i % 26))}${String.fromCharCode(97 + ((i * 7) % 26))}`).join(' ');
  expect(normalise('complaint_text', words)).toHaveProperty('bands.length', TEXT_BANDS);
});

whereShared('near-duplicate complaints against ../shared/data (skipped where it is absent)', () => {
  it('are found at recall 0.95 and precision 0.98 in both languages', () => {
    const [{ chinese, english }] = complaintCurve(shared, [{ bands: TEXT_BANDS, rows: 2 }], [TEXT_BANDS_EQUAL]) as [ReturnType<typeof complaintCurve>[number]];
    expect(chinese.recall).toBeGreaterThanOrEqual(0.95);
    expect(chinese.precision).toBeGreaterThanOrEqual(0.98);
    expect(english.recall).toBeGreaterThanOrEqual(0.95);
    expect(english.precision).toBeGreaterThanOrEqual(0.98);
  });
});
