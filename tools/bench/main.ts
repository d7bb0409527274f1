/** `npm run bench`: what it costs, and whether that is enough (docs/benchmarks.md). */
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { runTool, type Tool, UsageError, wholeNumber } from '../command-line/run-tool.js';
import { type BenchReport, type BenchRow, type BenchSuite, type BenchTable, verdictOf } from './bench.model.js';
import { benchComplaints } from './complaints-suite.js';
import { benchNames } from './names-suite.js';
import { benchNormalise } from './normalise-suite.js';
import { oprfSuite } from './oprf/oprf-suite.js';

const tablesOf = (about: string, make: (shared: string) => readonly BenchTable[] | Promise<readonly BenchTable[]>): BenchSuite => ({ about, run: async ({ shared }) => ({ tables: await make(shared) }) });

const SUITES: Readonly<Record<string, BenchSuite>> = {
  oprf: oprfSuite,
  normalise: tablesOf('normalisers: figures per file against what it expects, name pairs, the scenario, rows a second', benchNormalise),
  names: tablesOf('impersonation: precision, recall and speed on the labelled name pairs', benchNames),
  complaints: tablesOf('complaint templates: precision, recall and speed', benchComplaints),
};

const OPTIONS = {
  shared: { type: 'string' }, json: { type: 'string' }, rounds: { type: 'string' }, only: { type: 'string' }, engine: { type: 'string' }, rows: { type: 'string' }, 'no-fail': { type: 'boolean' },
} as const;
const USAGE = `npm run bench -- SUITE [--json FILE] [--rounds N] [--only TEXT] [--engine kernel|libsodium] [--rows N] [--shared DIR] [--no-fail]
Without a suite it lists them. Ends with 0 when every row reaches its pass (or with --no-fail), with 1 when one does not.`;

const tool: Tool<typeof OPTIONS> = {
  usage: USAGE,
  options: OPTIONS,
  words: 1,
  run: async ({ shared = '../shared/data', json, rounds, only = '', engine = 'kernel', rows, 'no-fail': noFail }, [name], { out }) => {
    if (name === undefined) {
      out(`${Object.entries(SUITES).map(([suite, { about }]) => `${suite.padEnd(12)}${about}`).join('\n')}\n`);
      return 0;
    }
    const suite = SUITES[name];
    if (suite === undefined) throw new UsageError('no suite of that name');
    if (engine !== 'kernel' && engine !== 'libsodium') throw new UsageError('--engine is kernel or libsodium');
    const times = wholeNumber('--rounds', rounds, 5, 1, 1000);
    const report = await suite.run({ shared, rounds: times, only, engine, rows: wholeNumber('--rows', rows, 100_000, 1, 100_000_000), progress: (text) => { if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`); } });
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[2K');
    out(textOf(report));
    if (json !== undefined) writeFileSync(json, `${JSON.stringify({ suite: name, engine, rounds: times, machine: machine(), ...jsonOf(report) }, null, 2)}\n`);
    const missed = (report.rows ?? []).filter((row) => verdictOf(row) === 'MISSED');
    return missed.length > 0 && noFail !== true ? 1 : 0;
  },
};

/** Figures that were not measured are left out of `rows`: a reader compares numbers. */
function jsonOf({ rows, tables }: BenchReport): object {
  return {
    ...(rows === undefined ? {} : { rows: rows.filter(({ figure }) => figure !== null), skipped: rows.filter(({ figure }) => figure === null).map(({ name, note }) => ({ name, why: note })) }),
    ...(tables === undefined ? {} : { tables }),
  };
}

function textOf({ rows, tables }: BenchReport): string {
  return [...(rows === undefined ? [] : [figures(rows)]), ...(tables ?? [])].map(tableText).join('\n');
}

function figures(rows: readonly BenchRow[]): BenchTable {
  return {
    title: machine(), head: ['', 'figure', 'pass', 'aim', 'better', '', 'of'],
    rows: rows.map((row) => [row.name, row.figure === null ? '-' : short(row.figure), short(row.pass), short(row.aim), row.better, verdictOf(row), row.note]),
  };
}

function short(figure: number): string {
  return figure >= 1e6 ? `${(figure / 1e6).toFixed(1)} M` : figure >= 1_000 ? String(Math.round(figure)) : figure.toFixed(2);
}

function machine(): string {
  const [cpu] = os.cpus();
  return `${cpu?.model.trim() ?? 'unknown'} x ${String(os.cpus().length)}, Node ${process.versions.node}, load ${os.loadavg()[0]!.toFixed(1)}`;
}

function tableText({ title, head, rows }: BenchTable): string {
  const all = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string => row.map((cell, i) => (i === 0 || i === head.length - 1 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ').trimEnd();
  return `${title}\n${all.map((row) => `  ${line(row)}\n`).join('')}`;
}

await runTool(tool);
process.exit();
