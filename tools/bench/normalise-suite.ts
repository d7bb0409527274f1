/** `npm run bench -- normalise`: figures per file against what the file expects, name pairs, the scenario, rows a second per kind. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { normalise } from '#indicators';
import { evaluateScenario, readCsv } from '../scenario/evaluate.js';
import type { BenchTable } from './bench.model.js';
import { judgeNamePairs } from './name-pairs.js';
import { FILE_CASES, judgeFile, type FileFigures } from './normalise-files.js';
import { judgeSameEntity } from './same-entity.js';

const MISSES_SHOWN = 40;
const TIMED_ROWS = 60_000;
/** Rows a second and core that the product promises. */
const PROMISED: Readonly<Record<string, number>> = { phone: 100_000, org_name: 30_000 };

export async function benchNormalise(folder: string): Promise<BenchTable[]> {
  const shared = path.resolve(folder);
  const files: FileFigures[] = [];
  for (const one of FILE_CASES) files.push(await judgeFile(shared, one));
  return [fileTable(files), missTable(files), pairTable(shared), ...scenarioTables(path.join(shared, 'scenario'))];
}

const of = (levels: FileFigures['levels'], level: string): string => (levels[level] === undefined ? '' : `${String(levels[level].right)}/${String(levels[level].rows)}`);

function fileTable(files: readonly FileFigures[]): BenchTable {
  return {
    title: 'files: right / rows that expect something', head: ['', 'rows', 'must', 'should', 'reject', 'rows a second'],
    rows: files.map(({ file, rows, levels, rowsPerSecond }) => [file, rows, of(levels, 'must'), of(levels, 'should'), of(levels, 'reject'), Math.round(rowsPerSecond)]),
  };
}

function missTable(files: readonly FileFigures[]): BenchTable {
  const misses = files.flatMap(({ file, misses: own }) => own.map((miss) => [file, miss]));
  return { title: `misses: ${String(misses.length)} (reasons: docs/indicators.md)`, head: ['file', 'row'], rows: misses.slice(0, MISSES_SHOWN) };
}

function pairTable(shared: string): BenchTable {
  const same = judgeSameEntity(shared).map((f) => [f.name, `${String(f.found)}/${String(f.same)}`, `${String(f.merged)}/${String(f.different)}`, f.precision.toFixed(4), f.recall.toFixed(4)]);
  const told = judgeNamePairs(shared).figures.map((f) => [`impersonation, ${f.name}`, `${String(f.told)}/${String(f.told + f.missed)}`, `${String(f.falselyTold)}/${String(f.negatives)}`, f.precision.toFixed(4), f.recall.toFixed(4)]);
  return { title: 'name pairs', head: ['', 'found', 'falsely', 'precision', 'recall'], rows: [...same, ...told] };
}

function scenarioTables(folder: string): BenchTable[] {
  if (!existsSync(path.join(folder, 'truth'))) return [];
  const { overlaps, falseOverlaps, rejectRows } = evaluateScenario(folder);
  const levels = Object.entries(overlaps).flatMap(([kind, byLevel]) => Object.entries(byLevel).map(([level, f]) => [`${kind} ${level}`, f.expected, f.exact, f.weak]));
  return [
    { title: `scenario: rows that overlap; false overlaps ${String(falseOverlaps.length)}; refused ${String(rejectRows.rejected)}/${String(rejectRows.expected)}`, head: ['', 'expected', 'exact', 'weak'], rows: levels },
    speedTable(folder),
  ];
}

function speedTable(folder: string): BenchTable {
  const values = new Map<string, string[]>();
  for (const bank of ['a', 'b', 'c']) {
    for (const { type = '', value = '' } of readCsv(path.join(folder, `bank-${bank}.csv`))) {
      const own = values.get(type);
      if (own === undefined) values.set(type, [value]);
      else own.push(value);
    }
  }
  return {
    title: 'speed: normalise() alone, CPU of one core', head: ['', 'rows a second', 'promised'],
    rows: [...values].map(([kind, raws]) => [kind, Math.round(speedOf(kind, raws)), PROMISED[kind] ?? '']),
  };
}

function speedOf(kind: string, raws: readonly string[]): number {
  for (const raw of raws) normalise(kind, raw);
  const rounds = Math.ceil((TIMED_ROWS * (kind === 'complaint_text' ? 0.1 : 1)) / Math.max(1, raws.length));
  const start = process.cpuUsage();
  for (let i = 0; i < rounds; i++) for (const raw of raws) normalise(kind, raw);
  const { user, system } = process.cpuUsage(start);
  return (rounds * raws.length) / ((user + system) / 1e6);
}
