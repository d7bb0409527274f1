/**
 * The rules are tested from the reader's side: the table printed in docs/architecture.md says what is forbidden, one file
 * is planted for each forbidden arrow (and one for each allowed one), and exactly the expected findings must come back.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { importTableOfTheDocument, ROOT, type Cell } from './import-table.js';
import { LAYERS, NEVER_REACHES } from './layers.mjs';
import { cruise, lineOf, PlantedTree, type Finding } from './planted-tree.js';

const table = importTableOfTheDocument();
const HOME: Record<string, string> = {
  platform: 'libs/platform/queue', domain: 'libs/domain/members', flows: 'libs/flows/publish-clues',
};
const homeOf = (row: string): string => HOME[row] ?? (row.startsWith('apps/') ? row : `libs/${row}`);
/** What a planted file names, and the file that the name leads to. Many-roomed layers are aimed at another room. */
const AIMS: Record<string, [name: string, file: string][]> = {
  ...Object.fromEntries(['kernel', 'protocol', 'crypto', 'indicators', 'sdk'].map((one) => [one, [[`#${one}`, `libs/${one}/index.ts`]]])),
  platform: ['config', 'logging', 'database'].map((one) => [`#platform/${one}`, `libs/platform/${one}/index.ts`]),
  domain: [['#domain/clues', 'libs/domain/clues/index.ts']],
  flows: [['#flows/query-overlaps', 'libs/flows/query-overlaps/index.ts']],
};
/** The promises about chains, written out a second time: what a direct arrow breaks besides the table. */
const PROMISES: Record<string, { from: string[]; to: RegExp }> = {
  'hub-side-never-reaches-indicators': {
    from: ['platform', 'domain', 'flows', 'apps/hub', 'apps/worker', 'apps/keyholder', 'apps/auth'], to: /^libs\/(indicators|sdk)\//,
  },
  'keyholder-and-auth-never-reach-domain': { from: ['apps/keyholder', 'apps/auth'], to: /^(libs\/(domain|flows)|apps\/(hub|worker))\// },
  'sdk-never-reaches-server': { from: ['sdk'], to: /^(libs\/(platform|domain|flows)|apps|migrations)\// },
  'agent-never-reaches-server': {
    from: ['apps/agent'], to: /^(libs\/platform\/(database|queue)|libs\/domain|libs\/flows|migrations)\//,
  },
  'worker-never-reaches-graphql': { from: ['apps/worker'], to: /^apps\/hub\// },
  'pure-rooms-never-reach-server': {
    from: ['kernel', 'protocol', 'crypto', 'indicators'], to: /^(libs\/(platform|domain|flows)|apps|migrations)\//,
  },
};
const promisesBroken = (row: string, file: string): string[] =>
  Object.entries(PROMISES).filter(([, { from, to }]) => from.includes(row) && to.test(file)).map(([name]) => name);
const inside = (from: string, file: string): string => path.posix.relative(path.posix.dirname(from), file).replace(/\.ts$/, '.js');
const sorted = (findings: readonly Finding[]): string[] => findings.map(lineOf).sort();

function allowed(cell: Cell, column: string, aim: string): boolean {
  if (cell === 'yes') return true;
  return Array.isArray(cell) && cell.includes(aim.slice(`libs/${column}/`.length, -'/index.ts'.length));
}

describe('import rules', () => {
  let tree: PlantedTree;
  let findings: Finding[];
  const expected: Finding[] = [];
  let plantedFiles = 0;
  const expectFinding = (rule: string, from: string, to: string): void => void expected.push({ rule, from, to });

  /** One file, one import; `refused` by the row's rule or not. Promises about chains count for refused arrows. */
  function arrow(row: string, label: string, name: string, file: string, refused: boolean): void {
    plantedFiles += 1;
    const from = tree.plant(`${homeOf(row)}/planted-${label.replaceAll('/', '-')}.ts`, name);
    if (!refused) return;
    expectFinding(`${row}-imports`, from, file);
    for (const promise of promisesBroken(row, file)) expectFinding(promise, from, file);
  }

  beforeAll(() => {
    tree = new PlantedTree();
    for (const [row, cells] of table) {
      for (const [column, cell] of cells) {
        for (const [name, file] of cell === 'own' ? [] : AIMS[column] ?? []) {
          arrow(row, `to-${name.slice(1)}`, name, file, !allowed(cell, column, file));
        }
      }
      for (const app of ['hub', 'worker', 'keyholder', 'auth', 'agent'].filter((one) => row !== `apps/${one}`)) {
        arrow(row, `to-app-${app}`, inside(`${homeOf(row)}/x.ts`, `apps/${app}/main.ts`), `apps/${app}/main.ts`, true);
      }
      arrow(row, 'to-testing', '#testing', 'libs/testing/index.ts', true);
      for (const file of ['migrations/index.ts', 'tools/demo/main.ts', 'test/federation/network.ts']) {
        arrow(row, `to-${file}`, inside(`${homeOf(row)}/x.ts`, file), file, true);
      }
    }
    plantChains();
    plantManners();
    findings = tree.findings();
  });
  afterAll(() => tree.remove());

  /** Two steps: the first is allowed by the table, the second is not, and the promise names both ends. */
  function plantChains(): void {
    const relay = (room: string, ...names: string[]): string => tree.plant(`libs/${room}/index.ts`, ...names);
    const chain = (row: string, name: string, ends: Record<string, string[]>): void => {
      const from = tree.plant(`${homeOf(row)}/planted-chain-${name.slice(1).replaceAll('/', '-')}.ts`, name);
      for (const [promise, files] of Object.entries(ends)) for (const to of files) expectFinding(promise, from, to);
    };
    const indicators = 'libs/indicators/index.ts';
    expectFinding('flows-imports', relay('flows/relay', '#indicators'), indicators);
    expectFinding('hub-side-never-reaches-indicators', 'libs/flows/relay/index.ts', indicators);
    for (const row of ['apps/hub', 'apps/worker']) chain(row, '#flows/relay', { 'hub-side-never-reaches-indicators': [indicators] });

    const numbers = 'node_modules/libphonenumber-js/index.js';
    expectFinding('hub-side-never-reaches-indicators', relay('platform/numbers', 'libphonenumber-js'), numbers);
    chain('apps/auth', '#platform/numbers', { 'hub-side-never-reaches-indicators': [numbers] });

    const clues = 'libs/domain/clues/index.ts';
    expectFinding('platform-imports', relay('platform/business', '#domain/clues'), clues);
    for (const row of ['apps/keyholder', 'apps/auth']) chain(row, '#platform/business', { 'keyholder-and-auth-never-reach-domain': [clues] });

    relay('flows/schema', 'graphql', '@nestjs/graphql');
    chain('apps/worker', '#flows/schema', {
      'worker-never-reaches-graphql': ['node_modules/graphql/index.js', 'node_modules/@nestjs/graphql/index.js'],
    });
    for (const [row, promise] of [['sdk', 'sdk-never-reaches-server'], ['apps/agent', 'agent-never-reaches-server'], ['protocol', 'pure-rooms-never-reach-server']] as const) {
      expectFinding(promise, tree.plant(`${homeOf(row)}/wire.ts`, 'pg'), 'node_modules/pg/index.js');
      expectFinding(promise, tree.plant(`${homeOf(row)}/planted-chain.ts`, './wire.js'), 'node_modules/pg/index.js');
    }
  }

  function plantManners(): void {
    const deep = tree.plant('libs/crypto/planted-deep.ts', '../kernel/inner.js');
    expectFinding('only-through-index', deep, 'libs/kernel/inner.ts');
    expectFinding('rooms-by-name', deep, 'libs/kernel/inner.ts');
    expectFinding('only-through-index', tree.plant('libs/platform/queue/planted-deep.ts', '../config/inner.js'), 'libs/platform/config/inner.ts');
    expectFinding('rooms-by-name', 'libs/platform/queue/planted-deep.ts', 'libs/platform/config/inner.ts');
    expectFinding('rooms-by-name', tree.plant('apps/hub/planted-relative.ts', '../../libs/kernel/index.js'), 'libs/kernel/index.ts');
    expectFinding('only-through-index-from-outside', tree.plant('tools/demo/planted-deep.ts', '../../libs/kernel/inner.js'), 'libs/kernel/inner.ts');
    tree.plant('apps/hub/circle-a.ts', './circle-b.js');
    tree.plant('apps/hub/circle-b.ts', './circle-a.js');
    expectFinding('no-circular', 'apps/hub/circle-a.ts', 'apps/hub/circle-b.ts');
    expectFinding('room-without-row', tree.plant('libs/shed/planted.ts', '#kernel'), 'libs/kernel/index.ts');
    expectFinding('room-without-row', tree.plant('apps/backdoor/main.ts', '#kernel'), 'libs/kernel/index.ts');
    expectFinding('rooms-by-name', tree.plant('apps/hub/planted-shed.ts', '../../libs/shed/door.js'), 'libs/shed/door.ts');
    tree.plant('libs/shed/door.ts');
    for (const rule of ['apps/hub-imports', 'only-through-index', 'room-without-row']) expectFinding(rule, 'apps/hub/planted-shed.ts', 'libs/shed/door.ts');
    expectFinding('unresolved', tree.plant('apps/hub/planted-nowhere.ts', './nowhere.js'), './nowhere.js');
    expectFinding('undeclared-package', tree.plant('apps/hub/planted-package.ts', 'left-pad'), 'node_modules/left-pad/index.js');
    expectFinding('no-dev-package', tree.plant('apps/hub/planted-dev.ts', 'supertest'), 'node_modules/supertest/index.js');
    tree.plant('apps/hub/planted.spec.ts', '#testing', 'supertest', '../../migrations/index.js');
    expectFinding('apps/hub-test-imports', tree.plant('apps/hub/planted-too-far.spec.ts', '#indicators'), 'libs/indicators/index.ts');
    tree.plant('test/federation/planted-everything.ts', '#indicators', '#domain/clues', '#testing', '../../tools/demo/main.js');
  }

  it('plants a file for each cell of the table', () => {
    expect([...table.keys()]).toEqual(LAYERS.map((layer) => layer.name));
    expect(plantedFiles).toBeGreaterThan(200);
  });

  it('finds each forbidden arrow and nothing else', () => {
    expect(sorted(findings)).toEqual(sorted(expected));
  });

  it('has a forbidden arrow for each rule', () => {
    const seen = new Set(findings.map((one) => one.rule));
    const promised = [...LAYERS.map((one) => `${one.name}-imports`), ...NEVER_REACHES.map((one) => one.name)];
    expect(promised.filter((rule) => !seen.has(rule))).toEqual([]);
  });

  it('finds nothing in the project itself', () => {
    const folders = ['apps', 'libs', 'migrations', 'tools', 'test'].filter((one) => existsSync(path.join(ROOT, one)));
    expect(cruise(ROOT, folders).map(lineOf)).toEqual([]);
  });
});
