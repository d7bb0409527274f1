import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createKernelEngine, createNobleEngine, createSodiumEngine, type Engine } from '#crypto';
import { runVectors } from '../../tools/vectors/run-vectors.js';

const FILE = path.resolve(import.meta.dirname, '../../../shared/data/vectors/rfc9497.json');
const present = existsSync(FILE);
type Tree = string | number | { [key: string]: Tree } | Tree[];

(present ? describe : describe.skip)('RFC 9497 A.1 (skipped where ../shared/data is absent)', () => {
  let engines: Engine[];
  const groups = present ? (JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Tree>[]) : [];
  beforeAll(async () => { engines = [await createSodiumEngine(), await createNobleEngine(), await createKernelEngine()]; });

  it('passes on every engine in modes OPRF and VOPRF, and skips the other groups by name', () => {
    const report = runVectors(readFileSync(FILE, 'utf8'), engines);
    expect(report.ok).toBe(true);
    expect(report.groups.map(({ suite, mode, outcome }) => `${suite} ${mode} ${outcome}`)).toEqual([
      'ristretto255-SHA512 OPRF passed', 'ristretto255-SHA512 VOPRF passed', 'ristretto255-SHA512 POPRF skipped',
      'P256-SHA256 OPRF skipped', 'P256-SHA256 VOPRF skipped', 'P256-SHA256 POPRF skipped',
    ]);
  });

  const ours = groups.slice(0, 2);
  const leaves = ours.flatMap((group, i) => leafPaths(group).map((leaf) => [`group ${i + 1} ${leaf.join('.')}`, i, leaf] as const));
  it.each(leaves)('%s: a flipped bit fails on every engine', (_, index, leaf) => {
    for (const engine of engines) {
      const changes = changesOf(at(ours[index]!, leaf));
      for (const change of engine.name === 'noble' ? changes.slice(-1) : changes) { // the oracle is 25 times slower
        const copy = structuredClone(ours);
        set(copy[index]!, leaf, change);
        expect(passes(JSON.stringify(copy), engine)).toBe(false);
      }
    }
  });
  it('tells a flipped bit in a group that is skipped, too', () => {
    for (const group of groups.slice(2)) {
      for (const leaf of leafPaths(group).filter((path) => path.length === 1 || path[1] === '0')) {
        const changed = structuredClone(group);
        set(changed, leaf, changesOf(at(group, leaf)).at(-2) as string | number);
        expect(passes(JSON.stringify([ours[0], changed]), engines[0]!)).toBe(false);
      }
    }
  });
  it('fails when a member is renamed, missing or doubled with another name', () => {
    for (const name of Object.keys(ours[1]!)) {
      const { [name]: value, ...rest } = ours[1]!;
      for (const changed of [rest, { ...rest, [`${name}x`]: value }, { ...ours[1]!, extra: 1 }]) {
        expect(passes(JSON.stringify([ours[0], changed]), engines[0]!)).toBe(false);
      }
    }
  });
  it('fails on a file that leaves nothing to run', () => {
    for (const text of ['', '[]', '{}', JSON.stringify(groups.slice(2))]) expect(passes(text, engines[0]!)).toBe(false);
  });
});

function passes(text: string, engine: Engine): boolean {
  try {
    return runVectors(text, [engine]).ok;
  } catch {
    return false;
  }
}

/** Characters and, for hexadecimal, decoded bytes (written in either case): first, middle and last; every bit of numbers. */
function changesOf(value: Tree): (string | number)[] {
  if (typeof value === 'number') return [0, 1, 2, 3].map((bit) => value ^ (1 << bit));
  const text = value as string;
  const at = (length: number): number[] => [...new Set([0, length >> 1, length - 1])];
  const characters = at(text.length).flatMap((i) => [0, 5].map((bit) => text.slice(0, i) + String.fromCharCode(text.charCodeAt(i) ^ (1 << bit)) + text.slice(i + 1)));
  if (!/^[0-9a-f]+$/.test(text)) return characters;
  const bytes = Buffer.from(text, 'hex');
  const decoded = at(bytes.length).flatMap((i) => [0, 7].flatMap((bit) => {
    const copy = Buffer.from(bytes);
    copy[i] = (copy[i] as number) ^ (1 << bit);
    return [copy.toString('hex'), copy.toString('hex').toUpperCase()];
  }));
  return [...characters, ...decoded];
}

function leafPaths(tree: Tree, prefix: string[] = []): string[][] {
  return typeof tree === 'object' ? Object.entries(tree).flatMap(([key, value]) => leafPaths(value as Tree, [...prefix, key])) : [prefix];
}
function at(tree: Tree, keys: readonly string[]): Tree {
  return keys.reduce((node, key) => (node as { [key: string]: Tree })[key] as Tree, tree);
}
function set(tree: Tree, keys: readonly string[], value: Tree): void {
  (at(tree, keys.slice(0, -1)) as { [key: string]: Tree })[keys.at(-1) as string] = value;
}
