/** docs/settings.md against the configuration classes and the environment that commands and tests read. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './import-table.js';
import { settingsOfClass, type Setting } from './settings.js';
import { filesBelow } from './source-tree.js';

const page = readFileSync(path.join(ROOT, 'docs/settings.md'), 'utf8');
type Row = Pick<Setting, 'name' | 'needed'> & { readonly second: string };

function rowsOf(heading: string): Row[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `(\w+)` \| ([^|]+) \| .+ \|$/gm)].map(([, name = '', second = '']) => ({ name, second: second.trim(), needed: second.trim() === 'needed' }));
}

const plain = (text: string): string => text.replace(/[`'_]/g, '');

describe('docs/settings.md', () => {
  it.each([
    ['All processes that serve', ['AppConfig', 'DatabaseAppConfig']], ['Hub and worker', ['TenantAppConfig']], ['Hub', ['HubConfig']], ['Worker', ['WorkerConfig']],
    ['Auth', ['AuthConfig']], ['Key-holder', ['KeyholderConfig']], ['Migration', ['MigrateConfig']],
  ])('%s: every setting, whether it is needed, and its default', (heading, classes) => {
    const settings = classes.flatMap(settingsOfClass);
    expect(settings.length).toBeGreaterThan(0);
    const rows = rowsOf(heading);
    expect(rows.map(({ name, needed }) => [name, needed]).sort()).toEqual(settings.map(({ name, needed }) => [name, needed]).sort());
    for (const { name, initial } of settings) if (initial !== null) expect([name, plain(rows.find((row) => row.name === name)?.second ?? '')]).toEqual([name, plain(initial)]);
  });

  it('names every variable that the agent and the tests read, and no other', () => {
    const read = (folders: readonly string[], files: RegExp, pattern: RegExp): string[] =>
      [...new Set(filesBelow(folders, files).flatMap(({ text }) => [...text.matchAll(pattern)].map((match) => match[1] ?? '')))].sort();
    const names = (heading: string): string[] => rowsOf(heading).map(({ name }) => name).sort();
    expect(names('Agent')).toEqual(read(['apps/agent'], /(?<!spec)\.ts$/, /\benv\.(TALLY_\w+)/g));
    const ofTests = read(['test', 'libs/testing', 'libs/indicators'], /\.(ts|mjs)$/, /process\.env(?:\.|\[')((?:TALLY|DATABASE)_\w+)/g).filter((name) => name !== 'TALLY_TEST_DATABASE');
    expect(names('Tests')).toEqual([...new Set([...ofTests, 'TALLY_HEAVY'])].sort());
  });

  it('is all that other pages may name', () => {
    const known = new Set([...page.matchAll(/`((?:TALLY|DATABASE)_\w+)`/g)].map((match) => match[1] ?? ''));
    // Of the example of a configuration class.
    const examples = ['TALLY_X', 'TALLY_Y_FILE'];
    const named = [...filesBelow(['docs', 'libs', 'apps', 'migrations'], /\.md$/), { name: 'README.md', text: readFileSync(path.join(ROOT, 'README.md'), 'utf8') }]
      .flatMap(({ name, text }) => [...text.matchAll(/\b(TALLY_[A-Z_]+|DATABASE_(?:URL|PASSWORD_FILE))\b/g)].map((match) => `${name}: ${match[1] ?? ''}`));
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((one) => !known.has(one.split(': ')[1] ?? '') && !examples.includes(one.split(': ')[1] ?? ''))).toEqual([]);
  });
});
