/** Cheap upkeep: whether every mutant still fits the sources, without running one. That each is caught is `npm run test:mutants`. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { applyEdits } from './apply-edits.js';
import { MUTANTS } from './mutants.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

describe('mutants', () => {
  it('have names of their own', () => {
    expect(new Set(MUTANTS.map((mutant) => mutant.name)).size).toBe(MUTANTS.length);
  });
  it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('%s fits the sources', (_name, { edits, test }) => {
    expect(() => applyEdits(edits, read)).not.toThrow();
    if ('check' in test) return;
    expect(existsSync(path.join(ROOT, test.file))).toBe(true);
    if (test.only !== undefined && !test.only.startsWith('key-holder ')) expect(read(test.file)).toContain(test.only);
  });
});
