/**
 * `node dist/tools/scenario/main.js --out DIR [--seed N] [--small] [--phones N [--only-phones]] [--json]`
 * Three banks with known overlaps; with --only-phones one bank of N mobile numbers, streamed.
 */
import { parseArgs } from 'node:util';
import { writePhonesOnly, writeScenario, type Written } from './folder.js';
import { FULL, SMALL } from './plan.js';

const USAGE = 'usage: main.js --out DIR [--seed N] [--small] [--phones N [--only-phones]] [--json]\n';

function count(text: string | undefined, standard: number, highest: number): number {
  const value = text === undefined ? standard : Number(text);
  if (!Number.isSafeInteger(value) || value < 1 || value > highest) throw new RangeError(`a number from 1 to ${String(highest)} is needed`);
  return value;
}

async function run(): Promise<Written> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' }, seed: { type: 'string' }, phones: { type: 'string' },
      small: { type: 'boolean' }, 'only-phones': { type: 'boolean' }, json: { type: 'boolean' },
    },
  });
  if (values.out === undefined) throw new RangeError('--out is needed');
  const seed = count(values.seed, 20260701, 0xffff_ffff);
  const sizes = values.small === true ? SMALL : FULL;
  const phones = count(values.phones, sizes.phone, 50_000_000);
  const written = values['only-phones'] === true
    ? await writePhonesOnly(values.out, seed, phones)
    : writeScenario(values.out, seed, { ...sizes, phone: phones });
  const banks = Object.entries(written.rows).map(([bank, rows]) => `${bank}: ${String(rows)}`).join(', ');
  process.stdout.write(values.json === true ? `${JSON.stringify(written)}\n`
    : `scenario in ${written.directory} (seed ${String(seed)}): rows ${banks}; ${String(written.overlapping)} entities overlap, ${String(written.decoys)} decoys\n`);
  return written;
}

try {
  await run();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n${USAGE}`);
  process.exitCode = 2;
}
