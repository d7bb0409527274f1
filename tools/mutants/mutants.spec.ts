/** Cheap upkeep: whether every mutant still fits the sources, without running one. That each is caught is `npm run test:mutants`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { applyEdits } from './apply-edits.js';
import { MUTANTS } from './mutants.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const MIGRATIONS = readdirSync(path.join(ROOT, 'migrations')).filter((name) => /^\d+-.*\.ts$/.test(name) || name.endsWith('-functions.ts') || name.startsWith('epoch-'));
/** Parts of a migration in files of their own. */
const PART_OF: Readonly<Record<string, string>> = { 'match-functions.ts': '1760000000003', 'epoch-functions.ts': '1760000000017', 'epoch-erasure.ts': '1760000000017', 'epoch-texts.ts': '1760000000017', 'text-match-functions.ts': '1760000000011' };
const orderOf = (file: string): string => (PART_OF[path.basename(file)] ?? path.basename(file)).slice(0, 13);
const texts = new Map<string, string>();
const read = (file: string): string => {
  const text = texts.get(file) ?? readFileSync(path.join(ROOT, file), 'utf8');
  texts.set(file, text);
  return text;
};

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
  it('changes SQL functions where they are defined last: a later migration would put the guard back', () => {
    for (const { name, edits } of MUTANTS) for (const { file, find } of edits) {
      if (!file.startsWith('migrations/')) continue;
      const text = read(file);
      const [, defined] = /.*function (\w+\.\w+)\(/s.exec(text.slice(0, text.indexOf(find) + find.length)) ?? [];
      const later = MIGRATIONS.filter((other) => orderOf(other) > orderOf(file) && new RegExp(`create (or replace )?function ${defined}\\(`).test(read(`migrations/${other}`)));
      expect({ name, later }).toEqual({ name, later: [] });
    }
  });
});
