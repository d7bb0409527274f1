/** Journeys one and two as the banks live them: publish a file, then read what overlaps; nothing here sees another bank's data. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type { RowCounts } from './demo-report.js';
import type { DemoParties } from './demo-parties.js';
import type { Narrator } from './narrator.js';
import type { RunFolder } from './run-folder.js';
import { BANKS, bankFile, type Bank, type OverlapRow, type PerBank } from './scenario-truth.js';
import { tally } from './tally-command.js';

/** What the files do not say. Cited law and category fit each other: AML duties cover illegal loan intermediaries. */
export const PROFILE = {
  role: 'AGENT', category: 'ILLEGAL_LOAN_INTERMEDIARY', means: ['SOLICITATION_RECORDED'], level: 'L1', purpose: 'FRAUD_PREVENTION',
  legalBasis: { code: 'STATUTORY_DUTY', law: 'ANTI_MONEY_LAUNDERING_LAW', article: '27' }, tlp: 'AMBER',
};

/** Every query states its purpose and legal basis, and is on record. */
export const STATED = ['--purpose', 'FRAUD_PREVENTION', '--legal-basis', 'STATUTORY_DUTY:ANTI_MONEY_LAUNDERING_LAW:27'];

interface PublishAnswer {
  readonly counts: { readonly rows: number; readonly rejected: number; readonly refusedRows: number; readonly keptLocal: number; readonly rejectsByCode: Record<string, number> };
  readonly acceptedRows: number;
  readonly overlapsAtOnce: number | null;
  readonly stages: readonly { readonly name: string; readonly seconds: number }[];
}

export interface Published {
  readonly rows: RowCounts;
  readonly total: number;
}

/** Where a bank's own exports are: its rejects and its overlaps. */
export class BankFiles {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  rejects(bank: Bank): string { return path.join(this.folder, `rejects-${bank}.csv`); }
  overlaps(bank: Bank): string { return path.join(this.folder, `overlaps-${bank}.csv`); }
  get packageFile(): string { return path.join(this.folder, 'package.json'); }
  file(name: string): string { return path.join(this.folder, name); }
}

export async function publishAll(run: RunFolder, parties: DemoParties, scenario: string, files: BankFiles, narrator: Narrator, during: (bank: Bank) => void): Promise<Published> {
  const profile = run.file('profile.json');
  writeFileSync(profile, JSON.stringify(PROFILE, null, 2));
  const rows: RowCounts = { accepted: 0, rejected: 0, keptLocal: 0, byCode: {} };
  let total = 0;
  for (const bank of BANKS) {
    const party = parties.bank(bank);
    during(bank);
    const answer = await narrator.stage(`publish bank ${bank}`, () =>
      tally<PublishAnswer>(party.home, ['publish', bankFile(scenario, bank), '--profile', profile, '--rejects', files.rejects(bank), '--wait']), ({ counts }) => counts.rows);
    const { counts, acceptedRows, stages } = answer;
    total += counts.rows;
    rows.accepted += acceptedRows;
    rows.rejected += counts.rejected + counts.refusedRows;
    rows.keptLocal += counts.keptLocal;
    for (const [code, n] of Object.entries(counts.rejectsByCode)) rows.byCode[code] = (rows.byCode[code] ?? 0) + n;
    narrator.say(`${party.title}: ${counts.rows} rows, ${acceptedRows} accepted, ${counts.rejected + counts.refusedRows} rejected with reasons, ${counts.keptLocal} kept local`
      + `${answer.overlapsAtOnce === null ? '' : `, ${answer.overlapsAtOnce} overlap at once`}.`);
    narrator.say(`  ${stages.map(({ name, seconds }) => `${name} ${seconds.toFixed(1)} s`).join(', ')}`);
  }
  return { rows, total };
}

export async function readOverlaps(parties: DemoParties, files: BankFiles): Promise<PerBank<OverlapRow[]>> {
  const shown = await Promise.all(BANKS.map(async (bank) => {
    await tally(parties.bank(bank).home, ['overlaps', ...STATED, '--format', 'csv', '--out', files.overlaps(bank)]);
    return parse(readFileSync(files.overlaps(bank)), { columns: true, bom: true }) as OverlapRow[];
  }));
  return { a: shown[0]!, b: shown[1]!, c: shown[2]! };
}

export function refusedRows(files: BankFiles, bank: Bank): ReadonlySet<string> {
  if (!existsSync(files.rejects(bank))) return new Set();
  return new Set((parse(readFileSync(files.rejects(bank)), { columns: true, bom: true }) as { row: string }[]).map(({ row }) => row));
}
