/** docs/dependencies.md against package.json, the lock file and what is installed: version, licence, install scripts. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './import-table.js';
import { filesBelow } from './source-tree.js';

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  overrides: Record<string, string>;
  allowScripts: Record<string, boolean>;
  engines: { node: string };
}
interface Lock {
  packages: Record<string, { version?: string; license?: string; hasInstallScript?: boolean }>;
}
const json = <T>(file: string): T => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')) as T;
const manifest = json<Manifest>('package.json');
const { packages } = json<Lock>('package-lock.json');
const lockOf = (name: string): { version?: string; license?: string; hasInstallScript?: boolean } => packages[`node_modules/${name}`] ?? {};

interface Row {
  version: string;
  licence: string;
  scripts: string;
  why: string;
}

/** Rows of every table of the page whose first header is "package". */
function rowsOfThePage(): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const line of readFileSync(path.join(ROOT, 'docs/dependencies.md'), 'utf8').split('\n')) {
    const match = /^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \| (.+) \|$/.exec(line);
    if (!match) continue;
    const [, name = '', version = '', licence = '', scripts = '', why = ''] = match.map((part) => part.trim());
    expect([name, rows.has(name)]).toEqual([name, false]);
    rows.set(name, { version, licence, scripts, why });
  }
  return rows;
}

const wanted = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
const exact = (version: string): boolean => /^(npm:[a-z0-9]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version);

describe('docs/dependencies.md', () => {
  const rows = rowsOfThePage();

  it('has a row for each dependency of package.json and for no other', () => {
    expect([...rows.keys()].sort()).toEqual(Object.keys(wanted).sort());
  });

  it('says the exact versions that package.json pins and the lock file holds', () => {
    expect([exact('^1.0.0'), exact('npm:typescript@7.0.2')]).toEqual([false, true]);
    expect(Object.entries({ ...wanted, ...manifest.overrides }).filter(([, version]) => !exact(version))).toEqual([]);
    const printed = Object.fromEntries([...rows].map(([name, row]) => [name, row.version]));
    const pinned = Object.fromEntries(Object.entries(wanted).map(([name, version]) => [name, version.replace(/^npm:[a-z0-9]+@/, '')]));
    expect(printed).toEqual(pinned);
    for (const [name, version] of Object.entries(pinned)) expect([name, lockOf(name).version]).toEqual([name, version]);
  });

  it('says the licence of the installed package', () => {
    for (const [name, row] of rows) {
      const file = path.join('node_modules', name, 'package.json');
      const licence = existsSync(path.join(ROOT, file)) ? json<{ license?: string }>(file).license : lockOf(name).license;
      expect([name, row.licence]).toEqual([name, licence ?? lockOf(name).license]);
    }
  });

  it('says which packages bring native code or want to run scripts, and all of those are denied', () => {
    for (const [name, row] of rows) {
      const wants = lockOf(name).hasInstallScript === true;
      expect([name, /script denied/.test(row.scripts)]).toEqual([name, wants]);
      if (wants && packages[`node_modules/${name}`] && existsSync(path.join(ROOT, 'node_modules', name))) {
        expect([name, manifest.allowScripts[name]]).toEqual([name, false]);
      }
    }
    expect(readFileSync(path.join(ROOT, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m);
  });

  it('names nothing that no file imports', () => {
    // Loaded by name: @nestjs/apollo asks for the integration of the HTTP adapter.
    const loadedByOthers = ['@as-integrations/express5'];
    const text = filesBelow(['apps', 'libs', 'migrations', 'tools'], /\.(ts|mjs)$/).map((file) => file.text).join('\n');
    const isImported = (name: string): boolean => new RegExp(`(from|import|import\\(|resolve\\() ?'${name}(/[^']*)?'`).test(text);
    expect([isImported('left-pad'), isImported('pg')]).toEqual([false, true]);
    expect(Object.keys(manifest.dependencies).filter((name) => !isImported(name))).toEqual(loadedByOthers);
  });

  it('gives a reason for each', () => {
    expect([...rows].filter(([, row]) => row.why.length < 15).map(([name]) => name)).toEqual([]);
  });

  it('names the Node versions of package.json', () => {
    expect(readFileSync(path.join(ROOT, 'docs/dependencies.md'), 'utf8')).toContain(`\`${manifest.engines.node}\``);
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    expect(major > 20 || (major === 20 && minor >= 19)).toBe(true);
  });
});
