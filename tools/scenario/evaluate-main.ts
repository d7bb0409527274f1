/** Judges the normalisers by a scenario's truth or by labelled files: `npm run evaluate`. */
import { existsSync } from 'node:fs';
import { runTool, UsageError, type ToolStreams } from '../command-line/run-tool.js';
import { evaluateLabels } from './evaluate-labels.js';
import { evaluateScenario } from './evaluate.js';

function tellScenario(directory: string, json: boolean, print: (text: string) => void): boolean {
  const figures = evaluateScenario(directory);
  if (json) print(JSON.stringify(figures));
  else {
    print(`rows ${String(figures.rows)} in ${figures.seconds.toFixed(2)} s; rejects ${String(figures.rejectRows.rejected)}/${String(figures.rejectRows.expected)}; kept local ${String(figures.keptLocal)}; false exact overlaps ${String(figures.falseOverlaps.length)}`);
    for (const [kind, levels] of Object.entries(figures.overlaps)) {
      for (const [level, f] of Object.entries(levels)) print(`${kind.padEnd(10)} ${level.padEnd(7)} expected ${String(f.expected)} exact ${String(f.exact)} weak ${String(f.weak)}`);
    }
    print(JSON.stringify(figures.rejectRows.byCode));
    for (const line of [...figures.falseOverlaps, ...figures.problems].slice(0, 60)) print(`  ! ${line}`);
  }
  return figures.rows > 0 && figures.problems.length === 0 && figures.falseOverlaps.length === 0;
}

function tellLabels(directory: string, json: boolean, print: (text: string) => void): boolean {
  return evaluateLabels(directory).map((figures) => {
    print(json ? JSON.stringify(figures) : `${figures.file}: ${Object.entries(figures.levels).map(([l, f]) => `${l} ${String(f.exact)}+${String(f.weak)}w/${String(f.cases)}`).join(', ')}`);
    if (!json) for (const line of figures.wrong.slice(0, 25)) print(`  ! ${line}`);
    return figures.wrong.every((line) => line.startsWith('should'));
  }).every(Boolean);
}

await runTool({
  usage: 'npm run evaluate -- --scenario DIR | --labels DIR [--json]\nPrints the figures; ends with 1 below the mark.',
  options: { scenario: { type: 'string' }, labels: { type: 'string' }, json: { type: 'boolean' } },
  run: ({ scenario, labels, json = false }, _words, { out }: ToolStreams) => {
    if (scenario === undefined && labels === undefined) throw new UsageError('--scenario or --labels is needed');
    for (const directory of [scenario, labels]) if (directory !== undefined && !existsSync(directory)) throw new UsageError('no such folder');
    const print = (text: string): void => { out(`${text}\n`); };
    const good = [...(scenario === undefined ? [] : [tellScenario(scenario, json, print)]), ...(labels === undefined ? [] : [tellLabels(labels, json, print)])];
    return good.every(Boolean) ? 0 : 1;
  },
});
