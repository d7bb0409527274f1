/** `npm run test:mutants`: takes one guard away at a time; each must be noticed by a test. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTool, UsageError } from '../command-line/run-tool.js';
import { judgeMutants } from './judge-mutants.js';
import { MUTANTS } from './mutants.js';
import type { Mutant, Verdict } from './mutant.model.js';
import { ScratchCopy } from './scratch-copy.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

function line({ outcome, name, seconds, detail }: Verdict): string {
  const said = outcome === 'caught' ? `${detail.length} red: ${detail[0] ?? ''}` : detail.join('; ');
  return `${outcome.toUpperCase().padEnd(9)} ${name.padEnd(44)} ${seconds.toFixed(1).padStart(6)} s  ${said}`;
}

async function judged(chosen: readonly Mutant[], tell: (text: string) => void): Promise<Verdict[]> {
  const copy = new ScratchCopy(ROOT);
  const stop = (): void => {
    copy.remove();
    process.exit(130);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await judgeMutants(copy, chosen, (verdict) => { tell(`${line(verdict)}\n`); });
  } finally {
    copy.remove();
  }
}

await runTool({
  usage: `npm run test:mutants -- [--only NAME] [--list] [--json]
--only takes a name or its beginning and may be repeated. Ends with 0 only when every mutant is caught.`,
  options: { only: { type: 'string', multiple: true }, list: { type: 'boolean' }, json: { type: 'boolean' } },
  run: async ({ only = [], list, json }, _words, { out, err }) => {
    const chosen = MUTANTS.filter((mutant) => only.length === 0 || only.some((name) => mutant.name.startsWith(name)));
    if (chosen.length === 0) throw new UsageError('no mutant of that name; see --list');
    if (list === true) {
      out(json === true ? `${JSON.stringify(chosen.map(({ name, guard }) => ({ name, guard })), null, 2)}\n` : chosen.map((mutant) => `${mutant.name.padEnd(44)} ${mutant.guard}\n`).join(''));
      return 0;
    }
    const verdicts = await judged(chosen, json === true ? err : out);
    const caught = verdicts.filter((verdict) => verdict.outcome === 'caught').length;
    out(json === true ? `${JSON.stringify({ mutants: verdicts.length, caught, verdicts }, null, 2)}\n` : `${caught} of ${verdicts.length} mutants caught\n`);
    return caught === verdicts.length ? 0 : 1;
  },
});
