/** `npm run bench -- SUITE [--shared DIR] [--json]`: figures of one suite. */
import { parseArgs } from 'node:util';
import type { BenchTable } from './bench.model.js';
import { benchComplaints } from './complaints-suite.js';
import { benchNames } from './names-suite.js';

const SUITES: Readonly<Record<string, (shared: string) => readonly BenchTable[]>> = { names: benchNames, complaints: benchComplaints };

const { values, positionals } = parseArgs({ allowPositionals: true, options: { shared: { type: 'string', default: '../shared/data' }, json: { type: 'boolean' } } });
const suite = SUITES[positionals[0] ?? ''];
if (suite === undefined) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(SUITES).join('|')} [--shared DIR] [--json]\n`);
  process.exitCode = 2;
} else {
  const tables = suite(values.shared);
  process.stdout.write(values.json === true ? `${JSON.stringify(tables, null, 2)}\n` : tables.map(textOf).join('\n'));
}

function textOf({ title, head, rows }: BenchTable): string {
  const all = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  return `${title}\n${all.map((row) => `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')}\n`).join('')}`;
}
