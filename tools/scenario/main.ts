/** `npm run scenario`: three banks with known overlaps; with --only-phones one bank of N mobile numbers, streamed. */
import { runTool, UsageError, wholeNumber } from '../command-line/run-tool.js';
import { writePhonesOnly, writeScenario } from './folder.js';
import { FULL, SMALL } from './plan.js';

await runTool({
  usage: `npm run scenario -- --out DIR [--seed N] [--small] [--phones N [--only-phones]] [--json]
Writes the files of three banks whose overlaps are known, with the truth beside them; the same for the same seed.`,
  options: {
    out: { type: 'string' }, seed: { type: 'string' }, phones: { type: 'string' }, small: { type: 'boolean' }, 'only-phones': { type: 'boolean' }, json: { type: 'boolean' },
  },
  run: async (values, _words, { out }) => {
    if (values.out === undefined) throw new UsageError('--out is needed');
    const seed = wholeNumber('--seed', values.seed, 20260701, 1, 0xffff_ffff);
    const sizes = values.small === true ? SMALL : FULL;
    const phones = wholeNumber('--phones', values.phones, sizes.phone, 1, 50_000_000);
    const written = values['only-phones'] === true
      ? await writePhonesOnly(values.out, seed, phones)
      : writeScenario(values.out, seed, { ...sizes, phone: phones });
    const banks = Object.entries(written.rows).map(([bank, rows]) => `${bank}: ${String(rows)}`).join(', ');
    out(values.json === true ? `${JSON.stringify(written)}\n`
      : `scenario in ${written.directory} (seed ${String(seed)}): rows ${banks}; ${String(written.overlapping)} entities overlap, ${String(written.decoys)} decoys\n`);
  },
});
