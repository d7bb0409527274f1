/** The generator of scenarios against the normalisers, which it does not know. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { evaluateScenario, readCsv, type ScenarioFigures } from '../../tools/scenario/evaluate.js';
import { writePhonesOnly, writeScenario } from '../../tools/scenario/folder.js';
import { mobileAt } from '../../tools/scenario/phones.js';
import { SMALL } from '../../tools/scenario/plan.js';

const home = mkdtempSync(path.join(tmpdir(), 'tally-scenario-'));
afterAll(() => { rmSync(home, { recursive: true, force: true }); });
const at = (name: string): string => path.join(home, name);

function digest(directory: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/\.(csv|json)$/.test(name)) hash.update(name).update(readFileSync(path.join(directory, name)));
  }
  return hash.digest('hex');
}

function expectAllFound(figures: ScenarioFigures): void {
  expect(figures.falseOverlaps).toEqual([]);
  expect(figures.rejectRows.rejected).toBe(figures.rejectRows.expected);
  for (const levels of Object.values(figures.overlaps)) {
    for (const [level, { expected, exact, weak }] of Object.entries(levels)) {
      expect(level === 'must' ? exact / expected : (exact + weak) / expected).toBeGreaterThanOrEqual(level === 'must' ? 0.999 : 0.99);
    }
  }
  expect(figures.problems).toEqual([]);
}

describe(writeScenario.name, () => {
  it.each([1, 20260701])('makes a small scenario whose every overlap the normalisers find (seed %i)', (seed) => {
    const written = writeScenario(at(`s${String(seed)}`), seed, SMALL);
    const figures = evaluateScenario(at(`s${String(seed)}`));
    expect(figures.rows).toBe(Object.values(written.rows).reduce((a, b) => a + b));
    expect(written.decoys).toBeGreaterThan(5);
    expect(figures.rejectRows.expected).toBe(3 * SMALL.junk);
    expect(Object.keys(figures.overlaps)).toHaveLength(8);
    expectAllFound(figures);
  });

  it('is the same to the byte for one seed and another for another', () => {
    for (const [name, seed] of [['x', 5], ['y', 5], ['z', 6]] as const) writeScenario(at(name), seed, SMALL);
    expect(digest(at('x'))).toBe(digest(at('y')));
    expect(digest(at('x'))).not.toBe(digest(at('z')));
  });

  it('counts what it wrote: distinct values, intersections with the triples inside', () => {
    writeScenario(at('c'), 9, SMALL);
    const counts = JSON.parse(readFileSync(at('c/truth/counts.json'), 'utf8')) as { by_type: Record<string, Record<string, number>> };
    const overlaps = readCsv(at('c/truth/overlaps.csv'));
    for (const [type, found] of Object.entries(counts.by_type)) {
      expect(found.distinct_a).toBe(SMALL[type as keyof typeof SMALL]);
      expect(overlaps.filter((o) => o.type === type && /a.*b/.test(o.banks ?? ''))).toHaveLength(found.in_ab ?? 0);
    }
  });

  it('the judge sees a normaliser that merges too much: two entities on one value are a false overlap', () => {
    writeScenario(at('bad'), 3, SMALL);
    const truth = readCsv(at('bad/truth/rows-a.csv'));
    expect(truth.filter((row) => row.level === 'reject')).toHaveLength(SMALL.junk);
    const bank = readFileSync(at('bad/bank-a.csv'), 'utf8').split('\n');
    const [one, two] = truth.filter((row) => row.entity?.startsWith('P')).map((row) => Number(row.row?.slice(1)));
    bank[two ?? 0] = bank[one ?? 0]?.replace(/^[^,]*/, `A${String(two).padStart(6, '0')}`) ?? '';
    const forged = at('bad/bank-a.csv');
    writeFileSync(forged, bank.join('\n'));
    expect(evaluateScenario(at('bad')).falseOverlaps).toHaveLength(1);
  });
});

describe(writePhonesOnly.name, () => {
  it('streams as many different numbers as asked for', async () => {
    await writePhonesOnly(at('p'), 1, 3000);
    expect(readCsv(at('p/bank-a.csv'))).toHaveLength(3000);
    const figures = evaluateScenario(at('p'));
    expect(figures.problems).toEqual([]);
    expect(figures.falseOverlaps).toEqual([]);
    expect(new Set(Array.from({ length: 100_000 }, (_, i) => mobileAt(i * 11, 4).canonical)).size).toBe(100_000);
  });
});

describe('the generator', () => {
  it('shares nothing with what it tests', () => {
    const folder = path.resolve(import.meta.dirname, '../../tools/scenario');
    const judges = /^evaluate|\.spec\.ts$/;
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts') && !judges.test(name))) {
      expect(readFileSync(path.join(folder, file), 'utf8')).not.toMatch(/#indicators|libs\/|opencc|libphonenumber|tldts|from '\.\/evaluate/);
    }
  });
});
