/**
 * `npm run bench [-- SUITE] [--json FILE] [--rounds N] [--only TEXT] [--engine kernel|libsodium] [--shared DIR] [--no-fail]`: without a suite it
 * lists them. Exit 0 when every row reaches its pass, 1 when one does not, 2 for a wrong call.
 */
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
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

const USAGE = 'usage: npm run bench -- SUITE [--json FILE] [--rounds N] [--only TEXT] [--engine kernel|libsodium] [--shared DIR] [--no-fail]\n';

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      shared: { type: 'string', default: '../shared/data' }, json: { type: 'string' }, rounds: { type: 'string', default: '5' }, only: { type: 'string', default: '' },
      engine: { type: 'string', default: 'kernel' }, 'no-fail': { type: 'boolean' },
    },
  });
  const [name] = positionals;
  if (name === undefined) {
    process.stdout.write(`${Object.entries(SUITES).map(([suite, { about }]) => `${suite.padEnd(12)}${about}`).join('\n')}\n${USAGE}`);
    return 0;
  }
  const suite = SUITES[name];
  const rounds = Number(values.rounds);
  const { engine } = values;
  if (suite === undefined || !Number.isInteger(rounds) || rounds < 1 || (engine !== 'kernel' && engine !== 'libsodium')) {
    process.stderr.write(USAGE);
    return 2;
  }
  const report = await suite.run({ shared: values.shared, rounds, only: values.only, engine, progress: (text) => { if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`); } });
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[2K');
  process.stdout.write(textOf(report));
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ suite: name, engine, rounds, machine: machine(), ...jsonOf(report) }, null, 2)}\n`);
  const missed = (report.rows ?? []).filter((row) => verdictOf(row) === 'MISSED');
  return missed.length > 0 && !values['no-fail'] ? 1 : 0;
}

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

try {
  process.exitCode = await run();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
  process.exitCode = 2;
}
process.exit();
