/** Writes a scenario folder: all of truth/ first, then the banks' files with noise. Deterministic for a seed. */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { mobileAt, phones } from './phones.js';
import { BANKS, planScenario, type Bank, type PlannedRow, type Sizes } from './plan.js';
import { SeededRandom } from './random.js';
import { csvLine, rowId, truthCounts, truthCountsByLevel, truthDecoys, truthOverlaps, truthRows } from './truth.js';
import { complaintText } from './unmatched.js';

const HEADER = csvLine(['row', 'type', 'value', 'first_seen', 'channel']);
const CHANNELS = ['hotline', 'hotline', 'complaint', 'app', 'sms'];

/** Noise has a stream of chance of its own for each row, apart from the one that decided the truth. */
function noisyValue(row: PlannedRow, random: SeededRandom): string {
  if ('junk' in row.of) return row.of.junk;
  if ('template' in row.of) return complaintText(row.of, random);
  const name = row.noise.split(';')[0];
  const noise = row.of.maker.noises(row.of.value).find((candidate) => candidate.name === name);
  return noise?.write(row.of.value.plain, random) ?? row.of.value.plain;
}

const details = (random: SeededRandom): [string, string] => [`2026-03-${String(random.between(1, 28)).padStart(2, '0')}`, random.pick(CHANNELS)];

function* bankLines(seed: number, bank: Bank, rows: readonly PlannedRow[]): Generator<string> {
  yield HEADER;
  for (const [i, row] of rows.entries()) {
    const random = new SeededRandom(seed, (BANKS.indexOf(bank) + 1) * 10_000_019 + i);
    yield csvLine([rowId(bank, i), row.type, noisyValue(row, random), ...details(random)]);
  }
}

const write = (directory: string, name: string, lines: Iterable<string>): void => { writeFileSync(path.join(directory, name), [...lines].join('')); };
const json = (value: object): string => `${JSON.stringify(value, null, 1)}\n`;

export interface Written {
  readonly directory: string;
  readonly seed: number;
  readonly rows: Readonly<Record<string, number>>;
  readonly overlapping: number;
  readonly decoys: number;
}

export function writeScenario(directory: string, seed: number, sizes: Sizes): Written {
  const plan = planScenario(seed, sizes);
  const truth = path.join(directory, 'truth');
  mkdirSync(truth, { recursive: true });
  for (const bank of BANKS) write(truth, `rows-${bank}.csv`, truthRows(bank, plan.rows[bank]));
  write(truth, 'overlaps.csv', truthOverlaps(plan));
  write(truth, 'decoys.csv', truthDecoys(plan));
  write(truth, 'counts.json', [json(truthCounts(plan))]);
  write(truth, 'overlap-counts-by-level.json', [json(truthCountsByLevel(plan))]);
  for (const bank of BANKS) write(directory, `bank-${bank}.csv`, bankLines(seed, bank, plan.rows[bank]));
  return {
    directory, seed, decoys: plan.decoys.length,
    rows: Object.fromEntries(BANKS.map((bank) => [bank, plan.rows[bank].length])),
    overlapping: plan.entities.filter((entity) => entity.banks.length > 1).length,
  };
}

/** One bank of nothing but different mobile numbers, written row by row: memory does not grow with their number. */
export async function writePhonesOnly(directory: string, seed: number, count: number): Promise<Written> {
  const truth = path.join(directory, 'truth');
  mkdirSync(truth, { recursive: true });
  write(truth, 'overlaps.csv', [csvLine(['entity', 'type', 'canonical', 'banks', 'rows_a', 'rows_b', 'rows_c'])]);
  write(truth, 'decoys.csv', [csvLine(['entity', 'lookalike_entity', 'how'])]);
  write(truth, 'counts.json', [json({ seed, phones_per_bank: count, by_type: { phone: { distinct_a: count } }, rows_per_bank: { a: count } })]);
  write(truth, 'overlap-counts-by-level.json', [json({})]);
  const [rows, bank] = [createWriteStream(path.join(truth, 'rows-a.csv')), createWriteStream(path.join(directory, 'bank-a.csv'))];
  rows.write(csvLine(['row', 'entity', 'noise', 'level']));
  bank.write(HEADER);
  const random = new SeededRandom(seed);
  for (let i = 0; i < count; i++) {
    const value = mobileAt(i, seed);
    const noise = random.pick(phones.noises(value));
    const more = rows.write(csvLine([rowId('a', i), `P${String(i + 1).padStart(7, '0')}`, noise.name, noise.level]));
    if (!more) await once(rows, 'drain');
    if (!bank.write(csvLine([rowId('a', i), 'phone', noise.write(value.plain, random), ...details(random)]))) await once(bank, 'drain');
  }
  await Promise.all([rows, bank].map(async (stream) => { stream.end(); await once(stream, 'finish'); }));
  return { directory, seed, rows: { a: count }, overlapping: 0, decoys: 0 };
}
