/**
 * A throw-away project with one file a room and the real rules, in which forbidden imports are planted. Packages are
 * empty stubs, so that a finding depends on the rules alone and not on what happens to be installed.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from './import-table.js';

export interface Finding {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

const SINGLE_ROOMS = ['kernel', 'protocol', 'crypto', 'indicators', 'sdk', 'testing'];
const MANY_ROOMS = {
  platform: ['config', 'logging', 'database', 'queue'],
  domain: ['members', 'clues'],
  flows: ['publish-clues', 'query-overlaps'],
};
const APPS = ['hub', 'worker', 'keyholder', 'auth', 'agent'];

export class PlantedTree {
  readonly dir = mkdtempSync(path.join(tmpdir(), 'tally-rules-'));

  constructor() {
    for (const file of ['package.json', 'tsconfig.json', '.dependency-cruiser.mjs', 'test/architecture/layers.mjs']) {
      mkdirSync(path.dirname(path.join(this.dir, file)), { recursive: true });
      cpSync(path.join(ROOT, file), path.join(this.dir, file));
    }
    for (const room of SINGLE_ROOMS) this.write(`libs/${room}/index.ts`, 'export const door = 1;\n');
    for (const room of SINGLE_ROOMS) this.write(`libs/${room}/inner.ts`, 'export const inner = 1;\n');
    for (const [layer, rooms] of Object.entries(MANY_ROOMS)) {
      for (const room of rooms) this.write(`libs/${layer}/${room}/index.ts`, 'export const door = 1;\n');
      for (const room of rooms) this.write(`libs/${layer}/${room}/inner.ts`, 'export const inner = 1;\n');
    }
    for (const app of APPS) this.write(`apps/${app}/main.ts`, 'export const app = 1;\n');
    this.write('migrations/index.ts', 'export const migrations = [];\n');
    this.write('tools/demo/main.ts', 'export const tool = 1;\n');
    this.write('test/federation/network.ts', 'export const test = 1;\n');
    const { dependencies, devDependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    for (const name of [...Object.keys(dependencies), ...Object.keys(devDependencies), 'graphql-ws', 'left-pad']) {
      if (name === 'typescript') continue;
      this.write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
      this.write(`node_modules/${name}/index.js`, 'module.exports = {};\n');
    }
  }

  /** Plants `import 'specifier'` lines in a file and returns the file's name. */
  plant(file: string, ...specifiers: string[]): string {
    return this.write(file, `${specifiers.map((one) => `import '${one}';\n`).join('')}export const planted = 1;\n`);
  }

  write(file: string, text: string): string {
    mkdirSync(path.dirname(path.join(this.dir, file)), { recursive: true });
    writeFileSync(path.join(this.dir, file), text);
    return file;
  }

  findings(): Finding[] {
    return cruise(this.dir, ['apps', 'libs', 'migrations', 'tools', 'test']);
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Runs dependency-cruiser with the rules in `dir` and returns its violations, sorted. */
export function cruise(dir: string, folders: readonly string[]): Finding[] {
  const bin = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const run = spawnSync(process.execPath, [bin, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...folders], {
    cwd: dir,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (run.stdout === '') throw new Error(`dependency-cruiser said nothing: ${run.stderr}`);
  const { summary } = JSON.parse(run.stdout) as { summary: { violations: { rule: { name: string }; from: string; to: string }[] } };
  return summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })).sort(byText);
}

const byText = (a: Finding, b: Finding): number => (lineOf(a) < lineOf(b) ? -1 : 1);
export const lineOf = ({ rule, from, to }: Finding): string => `${rule}: ${from} -> ${to}`;
