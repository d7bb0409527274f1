// npm run test:mutants [-- --only NAME] [--list] [--json]
// Exit 0 only when every mutant is caught. --only takes a name or its beginning and may be repeated.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { judgeMutants } from './judge-mutants.js';
import { MUTANTS } from './mutants.js';
import type { Verdict } from './mutant.model.js';
import { ScratchCopy } from './scratch-copy.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, list: { type: 'boolean' }, json: { type: 'boolean' } },
});
const only = values.only ?? [];
const chosen = MUTANTS.filter((mutant) => only.length === 0 || only.some((name) => mutant.name.startsWith(name)));

const line = ({ outcome, name, seconds, detail }: Verdict): string => {
  const said = outcome === 'caught' ? `${detail.length} red: ${detail[0] ?? ''}` : detail.join('; ');
  return `${outcome.toUpperCase().padEnd(9)} ${name.padEnd(44)} ${seconds.toFixed(1).padStart(6)} s  ${said}`;
};

if (values.list) {
  for (const mutant of chosen) console.log(`${mutant.name.padEnd(44)} ${mutant.guard}`);
} else if (chosen.length === 0) {
  console.error('no mutant of that name; see --list');
  process.exitCode = 2;
} else {
  const copy = new ScratchCopy(ROOT);
  const stop = (): void => {
    copy.remove();
    process.exit(130);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const verdicts = await judgeMutants(copy, chosen, (verdict) => (values.json ? console.error : console.log)(line(verdict)));
    const caught = verdicts.filter((verdict) => verdict.outcome === 'caught').length;
    if (values.json) console.log(JSON.stringify({ mutants: verdicts.length, caught, verdicts }, null, 2));
    else console.log(`${caught} of ${verdicts.length} mutants caught`);
    process.exitCode = caught === verdicts.length ? 0 : 1;
  } finally {
    copy.remove();
  }
}
