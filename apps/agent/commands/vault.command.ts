import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { backupVault, destroyVault, moveClues, rekeyVault, restoreVault, type VaultStatus, WINDOW_FORMS_DEFAULT } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { falseHolderLines, onFalseHolder, tellFailedChecks } from '../shell/false-holders.js';
import { confirmed, wholeNumber } from '../shell/option-values.js';
import { progressOf } from '../shell/progress.js';
import type { Shell } from '../shell/shell.js';
import { passphraseIn, vaultPassphrase, withVault } from '../shell/with-vault.js';

interface BackupOptions { readonly file: string; readonly passphraseFile: string }

export const vaultCommand: CommandModule = {
  register(program, shell) {
    const vault = program.command('vault').description(shell.text('vault.description'));
    vault.command('status').description(shell.text('vault.statusDescription')).action(() => status(shell));
    vault.command('retokenise').description(shell.text('vault.retokeniseDescription'))
      .option('--chunk <forms>', shell.text('publish.chunk'), String(WINDOW_FORMS_DEFAULT))
      .action((options: { chunk: string }) => retokenise(shell, wholeNumber('--chunk', options.chunk, 64, 4096)));
    vault.command('compact').description(shell.text('vault.compactDescription')).action(() => compact(shell));
    registerBackup(vault, shell);
    vault.command('rekey').description(shell.text('vault.rekeyDescription'))
      .option('--new-passphrase-file <file>', shell.text('vault.newPassphrase'))
      .action((options: { newPassphraseFile?: string }) => rekey(shell, options.newPassphraseFile));
    vault.command('purge').description(shell.text('vault.purgeDescription'))
      .option('--raw', shell.text('vault.raw'))
      .option('--yes', shell.text('vault.yes'))
      .action((options: { raw?: boolean; yes?: boolean }) => purge(shell, options));
  },
};

function registerBackup(vault: Command, shell: Shell): void {
  vault.command('backup').description(shell.text('vault.backupDescription'))
    .requiredOption('--file <file>', shell.text('vault.backupFile')).requiredOption('--passphrase-file <file>', shell.text('vault.backupPassphrase'))
    .action(async ({ file, passphraseFile }: BackupOptions) => {
      const passphrase = passphraseIn(passphraseFile);
      const records = await withVault(shell, (home, open) => backupVault(home, open, file, passphrase, new Date()));
      shell.result({ records }, shell.text('vault.backedUp', { records }));
    });
  vault.command('restore').description(shell.text('vault.restoreDescription'))
    .requiredOption('--file <file>', shell.text('vault.restoreFile')).requiredOption('--passphrase-file <file>', shell.text('vault.backupPassphrase'))
    .action(async ({ file, passphraseFile }: BackupOptions) => {
      const restored = await restoreVault(shell.home(), file, passphraseIn(passphraseFile), vaultPassphrase(shell));
      shell.result(restored, shell.text('vault.restored', { ...restored }));
    });
}

async function status(shell: Shell): Promise<void> {
  const { groups, ...found } = await withVault(shell, (_, open) => open.status());
  const all = { ...found, bytes: sizeOf(shell), groups };
  const head = [shell.text('vault.head.kind'), shell.text('epoch.head'), shell.text('epoch.state'), shell.text('vault.head.raw'), shell.text('vault.head.clues')];
  shell.result(all, [...linesOf(shell, found, all.bytes), ...(groups.length === 0 ? [] : shell.table(head, groups.map(({ kind, epoch, state, raw, clues }) => [kind, String(epoch), state, shell.text(raw ? 'vault.head.yes' : 'vault.head.no'), String(clues)])))]);
}

function linesOf(shell: Shell, { clues, ...rest }: Omit<VaultStatus, 'groups'>, bytes: number): string[] {
  const named = { clues: Object.entries(clues).map(([state, n]) => `${state} ${n}`).join(', '), ...rest, bytes };
  return Object.entries(named).map(([name, value]) => `${shell.text(`vault.count.${name as keyof typeof named}`)}: ${value ?? '-'}`);
}

async function retokenise(shell: Shell, chunk: number): Promise<void> {
  const progress = progressOf(shell, 'vault.progress', shell.text('vault.progress'));
  const summary = await withVault(shell, (home, vault) => moveClues(home, vault, {
    chunk, onFalseHolder: onFalseHolder(shell), onProgress: ({ done, total, counts }) => progress.update(done, total, { moved: counts.moved, refused: counts.refused }),
  })).finally(() => progress.stop());
  const { counts, epoch, publicationId } = summary;
  tellFailedChecks(shell, summary.failedChecks);
  const codes = Object.entries(counts.byCode).sort(([, a], [, b]) => b - a);
  const warned = summary.warnings === null ? [] : [shell.text('vault.warned', { tokens: summary.warnings.tokens, epoch })];
  shell.result(summary, publicationId === null ? [shell.text('vault.nothingToMove', { epoch }), ...warned] : [
    shell.text('vault.retokenised', { epoch, moved: counts.moved, clues: counts.clues, alreadyKnown: counts.alreadyKnown, refused: counts.refused, seconds: summary.seconds.toFixed(1) }),
    ...(counts.withoutValue > 0 ? [shell.text('vault.stayed', { withoutValue: counts.withoutValue, until: summary.formerEndsAt ?? '-' })] : []),
    ...warned,
    ...codes.map(([code, clues]) => `  ${code}  ${clues}`),
    ...falseHolderLines(shell, summary.falseHolders),
  ]);
}

async function compact(shell: Shell): Promise<void> {
  const before = sizeOf(shell);
  const records = await withVault(shell, (_, open) => open.compact());
  const after = sizeOf(shell);
  shell.result({ records, before, after }, shell.text('vault.compacted', { records, before, after }));
}

async function rekey(shell: Shell, file: string | undefined): Promise<void> {
  const next = file === undefined ? null : passphraseIn(file);
  const rekeyed = await rekeyVault(shell.home(), { current: vaultPassphrase(shell), next }, (records) => shell.event('vault.rekeying', { records }));
  shell.result(rekeyed, shell.text('vault.rekeyed', { records: rekeyed.records }));
}

async function purge(shell: Shell, { raw, yes }: { raw?: boolean; yes?: boolean }): Promise<void> {
  confirmed(yes);
  if (raw) {
    const purged = await withVault(shell, (_, open) => open.purgeRawValues());
    shell.result({ purged: 'raw', records: purged }, shell.text('vault.purgedRaw', { records: purged }));
    return;
  }
  await withVault(shell, (home, open) => open.close().then(() => destroyVault(home)));
  shell.result({ purged: 'all' }, shell.text('vault.purged'));
}

/** Bytes of the store on disk. */
function sizeOf(shell: Shell): number {
  const folder = shell.home().file('vault');
  return readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
}
