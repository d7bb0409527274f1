/** A document that points nowhere, or says what the rules do not, is worse than none. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { importTableOfTheDocument, ROOT } from './import-table.js';
import { LAYERS } from './layers.mjs';
import { filesBelow, type SourceFile } from './source-tree.js';

const documents = (): SourceFile[] => [
  ...['README.md', 'SECURITY.md'].map((name) => ({ name, text: readFileSync(path.join(ROOT, name), 'utf8') })),
  ...filesBelow(['docs', 'migrations', 'docker', 'apps', 'libs', 'tools', 'test'], /\.md$/),
];
const anchorOf = (heading: string): string => heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
const anchorsOf = (text: string): Set<string> => new Set([...text.matchAll(/^#{1,6} (.+)$/gm)].map((match) => anchorOf(match[1] ?? '')));

function brokenLinks({ name, text }: SourceFile): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '').filter((target) => {
    if (/^(https?|mailto):/.test(target)) return false;
    const [file = '', anchor] = target.split('#');
    const absolute = file === '' ? path.join(ROOT, name) : path.resolve(ROOT, path.dirname(name), file);
    if (!existsSync(absolute)) return true;
    return anchor !== undefined && absolute.endsWith('.md') && !anchorsOf(readFileSync(absolute, 'utf8')).has(anchor);
  }).map((target) => `${name}: ${target}`);
}

/** Files of the project that a text names in backquotes: `libs/kernel/page.ts`. */
function missingFiles({ name, text }: SourceFile): string[] {
  const named = [...text.matchAll(/`((?:apps|libs|migrations|tools|test|docs|docker|bin)\/[\w./-]*[\w/])`/g)].map((match) => match[1] ?? '');
  const isPattern = (file: string): boolean => /\dN/.test(file);
  const exists = (file: string): boolean => existsSync(path.join(ROOT, file)) || existsSync(path.join(ROOT, path.dirname(name), file));
  return named.filter((file) => !isPattern(file) && !exists(file)).map((file) => `${name}: ${file}`);
}

describe('documents', () => {
  it('link to what exists', () => {
    expect(brokenLinks({ name: 'README.md', text: '[a](docs/nowhere.md) [b](#nothing) [c](https://example.org)' })).toHaveLength(2);
    expect(documents().flatMap(brokenLinks)).toEqual([]);
  });

  it('can all be reached from README.md, link by link', () => {
    const texts = new Map(documents().map(({ name, text }) => [name, text]));
    const reached = new Set(['README.md']);
    for (const name of reached) {
      for (const [, target = ''] of (texts.get(name) ?? '').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
        const page = path.posix.join(path.posix.dirname(name), target);
        if (texts.has(page)) reached.add(page);
      }
    }
    expect([...texts.keys()].filter((name) => !reached.has(name))).toEqual([]);
  });

  it('have an index beside them that lists every page', () => {
    for (const folder of ['docs/adr', 'docs/runbooks', 'docs/protocol']) {
      const index = readFileSync(path.join(ROOT, folder, 'README.md'), 'utf8');
      const pages = filesBelow([folder], /\.md$/).map(({ name }) => path.basename(name)).filter((name) => name !== 'README.md');
      expect(pages.filter((page) => !index.includes(`](${page}`))).toEqual([]);
    }
  });

  it('name files that exist', () => {
    expect(missingFiles({ name: 'README.md', text: '`libs/nowhere/a.ts`, `libs/kernel/page.ts`' })).toHaveLength(1);
    expect(documents().flatMap(missingFiles)).toEqual([]);
  });

  it('have tables with a head: a row that stands alone is shown as text', () => {
    const headless = ({ name, text }: SourceFile): string[] => text.replace(/```[\s\S]*?```/g, '').split(/\n(?=[^|]|$)/)
      .map((block) => block.split('\n').filter((line) => line.startsWith('|'))).filter((rows) => rows.length > 0 && !/^\|(?: ?:?-+:? ?\|)+$/.test(rows[1] ?? '')).map((rows) => `${name}: ${rows[0] ?? ''}`);
    expect(headless({ name: 'x.md', text: '| a |\n| --- |\n| b |\n\ntext\n| c |\n' })).toEqual(['x.md: | c |']);
    expect(documents().flatMap(headless)).toEqual([]);
  });

  it('name npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    const unknown = (text: string): string[] => [...text.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map((match) => match[1] ?? '').filter((one) => !(one in scripts));
    expect(unknown('npm run -s nothing:such')).toEqual(['nothing:such']);
    expect(documents().flatMap((file) => unknown(file.text).map((one) => `${file.name}: ${one}`))).toEqual([]);
  });

  it('print the import table that the rules enforce', () => {
    const named = (name: string): boolean => name.includes('/') && !name.startsWith('apps/');
    for (const layer of LAYERS) {
      const row = importTableOfTheDocument().get(layer.name);
      const printed = [...(row ?? [])].flatMap(([column, cell]) => {
        if (cell === 'yes') return [column];
        return Array.isArray(cell) ? cell.map((room: string) => `${column}/${room}`) : [];
      });
      expect([layer.name, printed.sort()]).toEqual([layer.name, [...layer.may].sort()]);
      expect(layer.may.filter(named).every((one) => existsSync(path.join(ROOT, 'libs', one)))).toBe(true);
    }
  });

  it('have a numbered decision record for each ground decision, with context, decision and consequences', () => {
    const records = filesBelow(['docs/adr'], /\.md$/).filter((file) => !file.name.endsWith('README.md'));
    expect(records.length).toBeGreaterThanOrEqual(11);
    for (const { name, text } of records) {
      expect(path.basename(name)).toMatch(/^\d{4}-[a-z0-9-]+\.md$/);
      for (const heading of ['## Context', '## Decision', '## Consequences']) expect([name, text.includes(heading)]).toEqual([name, true]);
    }
  });
});
