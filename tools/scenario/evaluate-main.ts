/** `node dist/tools/scenario/evaluate-main.js --scenario DIR | --labels DIR [--json]`: prints the figures, exits 1 below the mark. */
import { parseArgs } from 'node:util';
import { evaluateLabels } from './evaluate-labels.js';
import { evaluateScenario } from './evaluate.js';

const { values } = parseArgs({ options: { scenario: { type: 'string' }, labels: { type: 'string' }, json: { type: 'boolean' } } });
const print = (text: string): void => { process.stdout.write(`${text}\n`); };
let good = true;

if (values.scenario !== undefined) {
  const figures = evaluateScenario(values.scenario);
  if (values.json === true) print(JSON.stringify(figures));
  else {
    print(`rows ${String(figures.rows)} in ${figures.seconds.toFixed(2)} s; rejects ${String(figures.rejectRows.rejected)}/${String(figures.rejectRows.expected)}; kept local ${String(figures.keptLocal)}; false exact overlaps ${String(figures.falseOverlaps.length)}`);
    for (const [kind, levels] of Object.entries(figures.overlaps)) {
      for (const [level, f] of Object.entries(levels)) print(`${kind.padEnd(10)} ${level.padEnd(7)} expected ${String(f.expected)} exact ${String(f.exact)} weak ${String(f.weak)}`);
    }
    print(JSON.stringify(figures.rejectRows.byCode));
    for (const line of [...figures.falseOverlaps, ...figures.problems].slice(0, 60)) print(`  ! ${line}`);
  }
  good &&= figures.problems.length === 0 && figures.falseOverlaps.length === 0;
}
if (values.labels !== undefined) {
  for (const figures of evaluateLabels(values.labels)) {
    print(values.json === true ? JSON.stringify(figures) : `${figures.file}: ${Object.entries(figures.levels).map(([l, f]) => `${l} ${String(f.exact)}+${String(f.weak)}w/${String(f.cases)}`).join(', ')}`);
    if (values.json !== true) for (const line of figures.wrong.slice(0, 25)) print(`  ! ${line}`);
    good &&= figures.wrong.every((line) => line.startsWith('should'));
  }
}
process.exitCode = good ? 0 : 1;
