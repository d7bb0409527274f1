/**
 * `tally roster`: coordinators propose what a member may ask, key-holders judge and sign. Works on files, because the parties are
 * different institutions: a proposal and drafts travel as they like, what counts are the signatures and the pinned keys.
 */
import path from 'node:path';
import type { Command } from 'commander';
import { createSodiumEngine, type GeneralJws, type HolderPins, mergeSignatures, parseHolderPins, verifyManifest } from '#crypto';
import { DomainError } from '#kernel';
import { BUDGETS, type Budget, groupKeyOf, parseManifest, type RosterMember } from '#protocol';
import { judgeRoster, keyChanges, parsePublicFile, proposeEntry, readPrivateJwk, readProposal, RosterMemoryFile, rosterSigners, type RosterChange, signRosterAs, TrustStore } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { readJsonFile } from '../shell/input.js';
import { repeated, wholeNumber } from '../shell/option-values.js';
import { writeOut } from '../shell/output.js';
import type { Shell } from '../shell/shell.js';

interface ProposeOptions extends Partial<Record<Budget, string>> {
  readonly member: string;
  readonly epoch: string;
  readonly attested?: string;
  readonly remove?: boolean;
  readonly days: string;
  readonly officerKey: string;
  readonly out: string;
}
interface SignOptions {
  readonly manifest: string;
  readonly pins: string;
  readonly proposal: readonly string[];
  readonly current?: string;
  readonly draft?: string;
  readonly key?: string;
  readonly days: string;
  readonly out: string;
  readonly yes?: boolean;
}
interface ShowOptions { readonly pins?: string }
interface MergeOptions { readonly pins: string; readonly out: string }

const NUMBER_MAX = 999_999_999;

export const rosterCommand: CommandModule = {
  register(program, shell) {
    const roster = program.command('roster').description(shell.text('roster.description'));
    registerPropose(roster, shell);
    registerSign(roster, shell);
    roster.command('show <document>').description(shell.text('roster.showDescription')).option('--pins <file>', shell.text('roster.pins'))
      .action((file: string, options: ShowOptions) => show(shell, file, options));
    roster.command('merge <rosters...>').description(shell.text('roster.mergeDescription'))
      .requiredOption('--pins <file>', shell.text('roster.pins')).requiredOption('--out <file>', shell.text('roster.out'))
      .action((files: string[], options: MergeOptions) => merge(shell, files, options));
  },
};

function registerPropose(roster: Command, shell: Shell): void {
  roster.command('propose').description(shell.text('roster.proposeDescription'))
    .requiredOption('--member <public.json>', shell.text('roster.member')).requiredOption('--epoch <n>', shell.text('roster.epoch'))
    .option('--attested <n>', shell.text('roster.attested')).option('--remove', shell.text('roster.remove'))
    .option('--publish <n>', shell.text('roster.budget', { budget: 'publish' })).option('--enrolment <n>', shell.text('roster.budget', { budget: 'enrolment' }))
    .option('--daily <n>', shell.text('roster.budget', { budget: 'daily' }))
    .option('--days <n>', shell.text('roster.days'), '365').requiredOption('--officer-key <file>', shell.text('admin.officerKey'))
    .requiredOption('--out <file>', shell.text('roster.out')).action((options: ProposeOptions) => propose(shell, options));
}

function registerSign(roster: Command, shell: Shell): void {
  roster.command('sign').description(shell.text('roster.signDescription'))
    .requiredOption('--manifest <file>', shell.text('roster.manifest')).requiredOption('--pins <file>', shell.text('roster.pins'))
    .requiredOption('--proposal <file>', shell.text('roster.proposal'), repeated, [])
    .option('--current <file>', shell.text('roster.current')).option('--draft <file>', shell.text('roster.draft'))
    .option('--key <file>', shell.text('roster.key')).option('--days <n>', shell.text('roster.days'), '365')
    .requiredOption('--out <file>', shell.text('roster.out')).option('--yes', shell.text('roster.yes'))
    .action((options: SignOptions) => sign(shell, options));
}

function propose(shell: Shell, options: ProposeOptions): void {
  if ((options.attested === undefined) === !options.remove) throw new DomainError('BAD_INPUT', 'either --attested or --remove', { options: ['--attested', '--remove'] });
  const number = (name: Budget | 'attested'): number => wholeNumber(`--${name}`, options[name]!, 0, NUMBER_MAX);
  const budgets = Object.fromEntries(BUDGETS.filter((name) => options[name] !== undefined).map((name) => [name, number(name)]));
  const { jws, proposal } = proposeEntry({
    federation: shell.home().party.federationId, epoch: wholeNumber('--epoch', options.epoch, 0, NUMBER_MAX), member: parsePublicFile(readJsonFile(options.member, 'FILE_UNREADABLE')),
    attested: options.attested === undefined ? null : number('attested'), budgets, days: wholeNumber('--days', options.days, 1, 400), now: new Date(),
  }, readPrivateJwk(options.officerKey));
  write(options.out, jws);
  shell.result({ file: options.out, proposal }, [shell.text('roster.proposed', { member: proposal.memberId, file: options.out }), ...entryLines(shell, [{ memberId: proposal.memberId, before: null, after: proposal.entry }])]);
}

async function sign(shell: Shell, options: SignOptions): Promise<void> {
  const pins = pinsOf(options.pins);
  const now = new Date();
  const engine = await createSodiumEngine();
  const { manifest } = verifyManifest({ jws: readJsonFile(options.manifest, 'FILE_UNREADABLE'), pins, engine, now, parse: parseManifest, groupKeyOf });
  const memoryFile = new RosterMemoryFile(shell.homeDirectory(), manifest.epoch);
  const { roster, changes, memory } = judgeRoster({
    manifest, pins, trust: trustOf(shell), memory: memoryFile.read(), current: fileOrNull(options.current), draft: fileOrNull(options.draft), now,
    proposals: options.proposal.map((file) => readJsonFile(file, 'FILE_UNREADABLE')), days: wholeNumber('--days', options.days, 1, 400),
  });
  const lines = [...entryLines(shell, changes), ...keyChanges(changes).map(({ memberId, before, after }) => shell.text('roster.keys', { member: memberId, keys: [before.join(' '), after.join(' ')].filter((kids) => kids !== '').join(' > ') }))];
  if (!options.yes) {
    shell.result({ signed: false, serial: roster.serial, members: roster.members.length, changes }, [...lines, shell.text('roster.notSigned')]);
    return;
  }
  memoryFile.replace(memory); // before anything is signed
  const key = readPrivateJwk(options.key ?? path.join(shell.homeDirectory(), 'keys', 'evidence.jwk.json'));
  write(options.out, signRosterAs(roster, key));
  shell.result({ signed: true, file: options.out, serial: roster.serial, members: roster.members.length, changes }, [...lines, shell.text('roster.signed', { file: options.out, members: roster.members.length })]);
}

function merge(shell: Shell, files: readonly string[], options: MergeOptions): void {
  const pins = pinsOf(options.pins);
  const merged = mergeSignatures(files.map((file) => readJsonFile(file, 'FILE_UNREADABLE')));
  const { roster, owners, enough } = rosterSigners(merged, pins);
  write(options.out, merged);
  const told = { file: options.out, signers: owners.length, needed: pins.threshold };
  shell.result({ ...told, owners, enough, serial: roster.serial, members: roster.members.length }, shell.text(enough ? 'roster.complete' : 'roster.incomplete', told));
}

/** A proposal is checked against the home's pins, a roster against --pins: an unchecked document is never shown as if it stood. */
function show(shell: Shell, file: string, { pins }: ShowOptions): void {
  const jws = readJsonFile(file, 'FILE_UNREADABLE');
  if (pins === undefined) {
    const proposal = readProposal(jws, trustOf(shell));
    shell.result({ kind: 'proposal', proposal }, [shell.text('roster.proposalHead', { at: proposal.proposedAt, epoch: proposal.epoch }), ...entryLines(shell, [{ memberId: proposal.memberId, before: null, after: proposal.entry }])]);
    return;
  }
  const { roster, owners, enough } = rosterSigners(jws, pinsOf(pins));
  const head = shell.text('roster.rosterHead', { epoch: roster.epoch, serial: roster.serial, until: roster.validUntil, signers: owners.join(', ') });
  shell.result({ kind: 'roster', roster, owners, enough }, [head, ...entryLines(shell, roster.members.map((entry) => ({ memberId: entry.memberId, before: null, after: entry })))]);
}

function entryLines(shell: Shell, changes: readonly RosterChange[]): string[] {
  const head = [shell.text('roster.memberHead'), shell.text('roster.attestedHead'), ...BUDGETS, shell.text('roster.untilHead')];
  const cell = (before: RosterMember | null, after: RosterMember | null, value: (entry: RosterMember) => string | number): string => {
    const [old, fresh] = [before, after].map((entry) => (entry === null ? '-' : String(value(entry))));
    return before === null || old === fresh ? fresh! : `${old} > ${fresh}`;
  };
  return shell.table(head, changes.map(({ memberId, before, after }) => [
    memberId, cell(before, after, ({ attested }) => attested), ...BUDGETS.map((budget) => cell(before, after, ({ budgets }) => budgets[budget])), cell(before, after, ({ validUntil }) => validUntil.slice(0, 10)),
  ]));
}

function pinsOf(file: string): HolderPins {
  return parseHolderPins(readJsonFile(file, 'FILE_UNREADABLE'));
}

function trustOf(shell: Shell): TrustStore {
  return new TrustStore(path.join(shell.homeDirectory(), 'trust.json'));
}

function fileOrNull(file: string | undefined): unknown {
  return file === undefined ? null : readJsonFile(file, 'FILE_UNREADABLE');
}

function write(file: string, jws: GeneralJws): void {
  writeOut(file, `${JSON.stringify(jws, null, 2)}\n`, 0o644);
}
