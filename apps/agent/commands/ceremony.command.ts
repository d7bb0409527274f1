/** `tally ceremony`: what a key-holder's operator does to make, refresh and reshare the group key. Needs a holder's home, not a member's. */
import { type Command, Option } from 'commander';
import { createSodiumEngine, type Engine } from '#crypto';
import { DomainError } from '#kernel';
import { CEREMONY_KINDS, type CeremonyPlan } from '#protocol';
import {
  abandonCeremony, advanceCeremony, ceremonyState, type CeremonyState, createHolderHome, fingerprintOf, finishCeremony, type HolderHome, joinCeremony,
  openGeneration, openHolderHome, type Opening, openRefresh, openResharing, retireOldShares, signCeremonyManifest,
} from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { readPublicFile } from '../shell/input.js';
import { confirmed, repeated, wholeNumber } from '../shell/option-values.js';
import type { Shell } from '../shell/shell.js';

interface InitOptions { readonly holderId: string; readonly name: string; readonly federationId: string; readonly passphraseFile?: string; readonly keyFile?: string }
interface OpenOptions { readonly dir: string; readonly epoch: string; readonly days: string; readonly threshold: string; readonly holder: readonly string[]; readonly dealer: readonly string[] }
interface JoinOptions { readonly dir: string; readonly kind: CeremonyPlan['kind']; readonly epoch: string; readonly threshold: string; readonly holder: readonly string[] }

export const ceremonyCommand: CommandModule = {
  register(program, shell) {
    const group = program.command('ceremony').description(shell.text('ceremony.description'));
    registerHome(group, shell);
    registerOpening(group, shell);
    registerRounds(group, shell);
    registerEnd(group, shell);
  },
};

function registerHome(group: Command, shell: Shell): void {
  group.command('init').description(shell.text('ceremony.initDescription'))
    .requiredOption('--holder-id <id>', shell.text('ceremony.holderId')).requiredOption('--name <name>', shell.text('ceremony.name'))
    .requiredOption('--federation-id <id>', shell.text('init.federationId'))
    .option('--passphrase-file <file>', shell.text('ceremony.passphraseFile')).option('--key-file <file>', shell.text('ceremony.keyFile'))
    .action((options: InitOptions) => init(shell, options));
  group.command('fingerprint').description(shell.text('ceremony.fingerprintDescription')).action(() => {
    const open = homeOf(shell).publicFile();
    const fingerprint = fingerprintOf(open);
    shell.result({ subject: open.subject, name: open.name, fingerprint }, shell.text('keys.fingerprint', { fingerprint }));
  });
  group.command('pin').description(shell.text('ceremony.pinDescription'))
    .requiredOption('--file <public.json>', shell.text('ceremony.publicFile')).requiredOption('--fingerprint <groups>', shell.text('trust.fingerprint'))
    .option('--replace', shell.text('trust.replace'))
    .action((options: { file: string; fingerprint: string; replace?: boolean }) => {
      const pins = homeOf(shell).trust.add(readPublicFile(options.file), options.fingerprint, new Date(), options.replace ?? false);
      shell.result(pins, pins.map(({ subject, use, kid }) => `${subject}  ${use}  ${kid}`));
    });
}

function registerOpening(group: Command, shell: Shell): void {
  const common = (command: Command): Command => command
    .requiredOption('--dir <folder>', shell.text('ceremony.dir')).requiredOption('--epoch <n>', shell.text('ceremony.epoch')).option('--days <n>', shell.text('ceremony.days'), '400');
  const withHolders = (command: Command): Command => common(command)
    .requiredOption('--threshold <t>', shell.text('ceremony.threshold')).requiredOption('--holder <id>', shell.text('ceremony.holder'), repeated, []);
  withHolders(group.command('open').description(shell.text('ceremony.openDescription')))
    .action((options: OpenOptions) => opened(shell, openGeneration(homeOf(shell), { ...openingOf(options), threshold: number('--threshold', options.threshold), holders: options.holder }), options.dir));
  common(group.command('refresh').description(shell.text('ceremony.refreshDescription')))
    .action((options: OpenOptions) => opened(shell, openRefresh(homeOf(shell), openingOf(options)), options.dir));
  withHolders(group.command('reshare').description(shell.text('ceremony.reshareDescription'))).option('--dealer <id>', shell.text('ceremony.dealer'), repeated, [])
    .action((options: OpenOptions) => opened(shell, openResharing(homeOf(shell), {
      ...openingOf(options), threshold: number('--threshold', options.threshold), holders: options.holder, ...(options.dealer.length > 0 ? { dealers: options.dealer } : {}),
    }), options.dir));
}

function registerRounds(group: Command, shell: Shell): void {
  group.command('join').description(shell.text('ceremony.joinDescription')).requiredOption('--dir <folder>', shell.text('ceremony.dir'))
    .addOption(new Option('--kind <kind>', shell.text('ceremony.kind')).choices(CEREMONY_KINDS).makeOptionMandatory())
    .requiredOption('--epoch <n>', shell.text('ceremony.epoch')).requiredOption('--threshold <t>', shell.text('ceremony.threshold')).requiredOption('--holder <id>', shell.text('ceremony.holders'), repeated, [])
    .action(async (options: JoinOptions) => {
      const expected = { kind: options.kind, epoch: number('--epoch', options.epoch), threshold: number('--threshold', options.threshold), holders: options.holder };
      show(shell, await joinCeremony(homeOf(shell), options.dir, await createSodiumEngine(), expected));
    });
  const step = (command: Command, run: (home: HolderHome, dir: string, engine: Engine) => CeremonyState | Promise<CeremonyState>): Command =>
    command.requiredOption('--dir <folder>', shell.text('ceremony.dir')).action(async ({ dir }: { dir: string }) => show(shell, await run(homeOf(shell), dir, await createSodiumEngine())));
  step(group.command('round').description(shell.text('ceremony.roundDescription')), advanceCeremony);
  step(group.command('status').description(shell.text('ceremony.statusDescription')), ceremonyState);
}

function registerEnd(group: Command, shell: Shell): void {
  group.command('sign-manifest').description(shell.text('ceremony.signDescription')).requiredOption('--dir <folder>', shell.text('ceremony.dir'))
    .action(async ({ dir }: { dir: string }) => {
      const { manifest, manifestHash } = signCeremonyManifest(homeOf(shell), dir, await createSodiumEngine());
      shell.result({ manifestHash, epoch: manifest.epoch, generation: manifest.generation, publicKey: manifest.publicKey }, shell.text('ceremony.signed', { hash: manifestHash }));
    });
  group.command('finish').description(shell.text('ceremony.finishDescription')).requiredOption('--dir <folder>', shell.text('ceremony.dir'))
    .action(async ({ dir }: { dir: string }) => {
      const { manifest, ...done } = await finishCeremony(homeOf(shell), dir, await createSodiumEngine());
      const { epoch, generation, publicKey } = manifest;
      shell.result({ ...done, epoch, generation, publicKey }, [
        shell.text(done.shareFile === null ? 'ceremony.left' : 'ceremony.finished', { epoch, generation, signers: done.signedBy.length }), done.manifestFile, done.pinsFile, ...(done.shareFile === null ? [] : [done.shareFile]),
      ]);
    });
  group.command('abandon').description(shell.text('ceremony.abandonDescription')).requiredOption('--dir <folder>', shell.text('ceremony.dir')).option('--yes', shell.text('ceremony.yes'))
    .action(async ({ dir, yes }: { dir: string; yes?: boolean }) => {
      confirmed(yes);
      const { ceremony } = abandonCeremony(homeOf(shell), dir, await createSodiumEngine());
      shell.result({ ceremony, abandoned: true }, shell.text('ceremony.abandoned'));
    });
  group.command('retire').description(shell.text('ceremony.retireDescription')).requiredOption('--epoch <n>', shell.text('ceremony.epoch')).option('--yes', shell.text('ceremony.yes'))
    .action(async ({ epoch, yes }: { epoch: string; yes?: boolean }) => {
      confirmed(yes);
      const destroyed = await retireOldShares(homeOf(shell), number('--epoch', epoch));
      shell.result({ epoch: Number(epoch), destroyed }, shell.text('ceremony.retired', { count: destroyed.length }));
    });
}

function homeOf(shell: Shell): HolderHome {
  return openHolderHome(shell.homeDirectory());
}

function init(shell: Shell, options: InitOptions): void {
  const { passphraseFile, keyFile } = options;
  if ((passphraseFile === undefined) === (keyFile === undefined)) throw new DomainError('BAD_INPUT', 'one of two options', { options: ['--passphrase-file', '--key-file'] });
  const sealing = passphraseFile === undefined ? { kind: 'key-file' as const, file: keyFile! } : { kind: 'passphrase' as const, file: passphraseFile };
  const home = createHolderHome(shell.homeDirectory(), { federation: options.federationId, id: options.holderId, name: options.name, sealing });
  const fingerprint = fingerprintOf(home.publicFile());
  shell.result({ home: home.directory, subject: `holder:${options.holderId}`, publicFile: home.file('public.json'), fingerprint },
    [shell.text('ceremony.ready', { home: home.directory }), shell.text('keys.fingerprint', { fingerprint })]);
}

function openingOf({ dir, epoch, days }: OpenOptions): Opening {
  return { folder: dir, epoch: number('--epoch', epoch), days: number('--days', days), now: new Date() };
}

function opened(shell: Shell, plan: CeremonyPlan, folder: string): void {
  const { kind, epoch, generation, threshold, holders, dealers } = plan;
  shell.result({ kind, epoch, generation, threshold, holders, dealers, folder }, shell.text('ceremony.opened', { kind, epoch, generation, threshold, of: holders.length, folder }));
}

function show(shell: Shell, { ceremony, plan, round, waitingFor }: CeremonyState): void {
  const { kind, epoch, generation, threshold, holders } = plan;
  const line = round === 'confirmed' ? shell.text('ceremony.confirmed') : shell.text('ceremony.waiting', { round, holders: waitingFor.join(', ') });
  shell.result({ ceremony, kind, epoch, generation, threshold, holders: holders.map(({ id }) => id), round, waitingFor }, line);
}

function number(option: string, text: string): number {
  return wholeNumber(option, text, 0, 999_999_999);
}
