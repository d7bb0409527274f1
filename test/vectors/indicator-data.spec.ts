/** Labelled case files and the three-bank scenario of ../shared/data, read in place. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { evaluateLabels } from '../../tools/scenario/evaluate-labels.js';
import { evaluateScenario } from '../../tools/scenario/evaluate.js';

const shared = path.resolve(import.meta.dirname, '../../../shared/data');
const whereShared = existsSync(shared) ? describe : describe.skip;

whereShared('indicators against ../shared/data (skipped where it is absent)', () => {
  it('finds every expected overlap of the scenario, none that is false, and refuses every junk row', () => {
    const figures = evaluateScenario(path.join(shared, 'scenario'));
    expect(figures.problems).toEqual([]);
    expect(figures.falseOverlaps).toEqual([]);
    expect(figures.rejectRows.rejected).toBe(figures.rejectRows.expected);
    expect(Object.keys(figures.overlaps)).toHaveLength(8);
    for (const levels of Object.values(figures.overlaps)) {
      for (const { expected, exact } of Object.values(levels)) expect(exact).toBe(expected);
    }
  });

  it('reads every labelled case as its label says', () => {
    const files = evaluateLabels(shared);
    expect(files).toHaveLength(7);
    for (const { file, wrong } of files) expect({ file, wrong }).toEqual({ file, wrong: [] });
  });
});
