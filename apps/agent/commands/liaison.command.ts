/** `tally liaison`: inbox, fetch, verify and open, receipts, outcomes. `open` needs no network: a file and the pins are enough. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DomainError, canonicalJson, type Json } from '#kernel';
import { OUTCOME_KINDS, RECEIPT_KINDS, type OutcomeKind, type ReceiptKind } from '#protocol';
import { HubClient, LiaisonClient, TrustedKeys, packageReport, stixBundle, verifyPackage, type VerifiedPackage } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { wholeNumber } from '../shell/option-values.js';
import type { Shell } from '../shell/shell.js';

interface OutcomeOptions { readonly kind: string; readonly persons?: string; readonly amount?: string; readonly reference: string }

export const liaisonCommand: CommandModule = {
  register(program, shell) {
    const group = program.command('liaison').description(shell.text('liaison.description'));
    group.command('inbox').description(shell.text('liaison.inboxDescription')).option('--wait <seconds>', shell.text('liaison.wait'), '0').option('--all', shell.text('liaison.all'))
      .action((options: { wait: string; all?: boolean }) => inbox(shell, wholeNumber('--wait', options.wait, 0, 30), options.all ?? false));
    group.command('fetch <package>').description(shell.text('liaison.fetchDescription')).option('--out <file>', shell.text('liaison.out'))
      .action((id: string, options: { out?: string }) => fetchPackage(shell, id, options.out ?? `${id}.package.json`));
    group.command('open <package-file>').description(shell.text('liaison.openDescription')).requiredOption('--out <folder>', shell.text('liaison.out'))
      .action((file: string, options: { out: string }) => open(shell, file, options.out));
    group.command('receipt <package>').description(shell.text('liaison.receiptDescription'))
      .requiredOption('--kind <kind>', shell.text('liaison.kind', { codes: RECEIPT_KINDS.join(', ') })).option('--reference <text>', shell.text('liaison.reference'), '').option('--reason <text>', shell.text('liaison.reason'), '')
      .action((id: string, options: { kind: string; reference: string; reason: string }) => receipt(shell, id, options));
    group.command('outcome <package>').description(shell.text('liaison.outcomeDescription'))
      .requiredOption('--kind <kind>', shell.text('liaison.kind', { codes: OUTCOME_KINDS.join(', ') })).option('--persons <n>', shell.text('liaison.persons')).option('--amount <yuan>', shell.text('liaison.amount'))
      .option('--reference <text>', shell.text('liaison.reference'), '')
      .action((id: string, options: OutcomeOptions) => outcome(shell, id, options));
  },
};

function clientOf(shell: Shell): LiaisonClient {
  const home = shell.home();
  return new LiaisonClient(home, new HubClient(home));
}

async function inbox(shell: Shell, waitSeconds: number, all: boolean): Promise<void> {
  const entries = await clientOf(shell).inbox({ waitSeconds, all });
  const head = [shell.text('case.package'), shell.text('events.kind'), shell.text('liaison.at'), shell.text('liaison.size')];
  shell.result(entries, shell.table(head, entries.map((one) => [one.packageId, `${one.kind} ${one.packageKind}`, one.at, String(one.size)])));
}

async function fetchPackage(shell: Shell, id: string, file: string): Promise<void> {
  const { digest, size } = await clientOf(shell).fetch(id, file);
  shell.result({ file, digest, size }, shell.text('liaison.fetched', { file, size, digest }));
}

async function open(shell: Shell, file: string, folder: string): Promise<void> {
  const home = shell.home();
  const trusted = await TrustedKeys.from(home.trust.list());
  const verified = await verifyPackage(readFile(file), { agency: home.party.partyId, sealKey: home.privateKey('seal'), trusted });
  const files = outputsOf(verified);
  writeAll(folder, files);
  new LiaisonClient(home, new HubClient(home)).remember(verified);
  const { envelope, contributions, digest } = verified;
  const answer = { verified: true, id: envelope.id, kind: envelope.kind, case: envelope.case, digest, handling: envelope.handling, contributors: contributions.length,
    contributions: contributions.map(({ payload }) => ({ id: payload.id, member: payload.member })), folder, files: [...files.keys()] };
  shell.result(answer, envelope.kind === 'TEST' ? shell.text('liaison.openedTest', { folder }) : shell.text('liaison.opened', { contributors: contributions.length, case: envelope.case ?? '', folder }));
}

async function receipt(shell: Shell, id: string, options: { kind: string; reference: string; reason: string }): Promise<void> {
  const kind = oneOf(RECEIPT_KINDS, options.kind) as ReceiptKind;
  const done = await clientOf(shell).receipt(id, kind, { officerReference: options.reference, reason: options.reason });
  shell.result(done, shell.text('liaison.receipted', { kind: done.kind, state: done.state }));
}

async function outcome(shell: Shell, id: string, options: OutcomeOptions): Promise<void> {
  const kind = oneOf(OUTCOME_KINDS, options.kind) as OutcomeKind;
  const count = (text: string | undefined, option: string): number | null => (text === undefined ? null : wholeNumber(option, text, 0, Number.MAX_SAFE_INTEGER));
  const done = await clientOf(shell).outcome(id, kind, { persons: count(options.persons, '--persons'), amountCny: count(options.amount, '--amount'), reference: options.reference });
  shell.result(done, shell.text('liaison.reported', { id: done.outcomeId }));
}

/** What is written: STIX, report, the signed statements as they were (they verify without any private key), and the evidence. */
function outputsOf(verified: VerifiedPackage): Map<string, Uint8Array | string> {
  const { envelopeJws, contributions, source } = verified;
  const signed = { v: 1, envelope: envelopeJws, contributions: contributions.map(({ payload, signed: jws }) => ({ id: payload.id, jws: jws as unknown as Json })), package: source as unknown as Json };
  const files = new Map<string, Uint8Array | string>([['bundle.stix.json', stixBundle(verified)], ['report.md', packageReport(verified)], ['signed.json', `${canonicalJson(signed as unknown as Json)}\n`]]);
  for (const { payload } of contributions) {
    for (const item of payload.contents) files.set(path.join('evidence', payload.id, item.path), Buffer.from(item.blob, 'base64url'));
  }
  return files;
}

/** All or nothing: into a new folder beside, then renamed. @throws ALREADY_EXISTS when the folder is there */
function writeAll(folder: string, files: ReadonlyMap<string, Uint8Array | string>): void {
  if (existsSync(folder)) throw new DomainError('ALREADY_EXISTS', 'output folder', { folder: path.basename(folder) });
  const draft = `${folder}.${process.pid}.new`;
  try {
    for (const [name, content] of files) {
      mkdirSync(path.dirname(path.join(draft, name)), { recursive: true, mode: 0o700 });
      writeFileSync(path.join(draft, name), content, { mode: 0o600 });
    }
    renameSync(draft, folder);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    throw new DomainError('FILE_UNREADABLE', 'output folder cannot be written', { folder: path.basename(folder), reason: (cause as NodeJS.ErrnoException).code ?? '' }, { cause });
  }
}

function readFile(file: string): Uint8Array {
  try {
    if (!statSync(file).isFile()) throw new Error('no file');
    return readFileSync(file);
  } catch (cause) {
    throw new DomainError('FILE_UNREADABLE', 'package file', { file: path.basename(file), reason: (cause as NodeJS.ErrnoException).code ?? 'no file' }, { cause });
  }
}
function oneOf(words: readonly string[], text: string): string {
  const word = text.toUpperCase();
  if (!words.includes(word)) throw new DomainError('BAD_INPUT', 'unknown kind', { option: '--kind', allowed: words });
  return word;
}
