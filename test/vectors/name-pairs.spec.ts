/** Impersonation against the labelled name pairs of ../shared/data, read in place. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { judgeNamePairs } from '../../tools/bench/name-pairs.js';

const shared = path.resolve(import.meta.dirname, '../../../shared/data');
const whereShared = existsSync(shared) ? describe : describe.skip;

whereShared('impersonation against ../shared/data/names (skipped where it is absent)', () => {
  const { figures, byRelation } = judgeNamePairs(shared);
  const of = (name: string) => figures.find((figure) => figure.name === name)!;

  it('tells every name that was made as an imitation, and few others', () => {
    expect(of('cn: told at all').recall).toBeGreaterThanOrEqual(0.98);
    expect(of('cn: told at all').precision).toBeGreaterThanOrEqual(0.96);
    expect(of('en: own or imitating').precision).toBeGreaterThanOrEqual(0.93);
    expect(of('en: own or imitating').recall).toBeGreaterThanOrEqual(0.8);
  });

  it('takes no spelling of the brand itself for an imitation', () => {
    for (const [relation, { strong, weak, none }] of Object.entries(byRelation)) {
      if (relation.startsWith('format:')) expect({ relation, strong, weak, none }).toEqual({ relation, strong: 0, weak: 0, none: 0 });
    }
  });
});
