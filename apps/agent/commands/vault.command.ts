import { DomainError } from '#kernel';
import { destroyVault } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { withVault } from '../shell/with-vault.js';

export const vaultCommand: CommandModule = {
  register(program, shell) {
    const vault = program.command('vault').description(shell.text('vault.description'));
    vault.command('status').description(shell.text('vault.statusDescription')).action(async () => {
      const status = await withVault(shell, (_, open) => open.status());
      shell.result(status, Object.entries({ ...status, clues: Object.entries(status.clues).map(([state, n]) => `${state} ${n}`).join(', ') }).map(([name, value]) => `${name}: ${value}`));
    });
    vault.command('purge').description(shell.text('vault.purgeDescription'))
      .option('--raw', shell.text('vault.raw'))
      .option('--yes', shell.text('vault.yes'))
      .action(async ({ raw, yes }: { raw?: boolean; yes?: boolean }) => {
        if (!yes) throw new DomainError('BAD_INPUT', 'purging needs --yes', { missing: '--yes' });
        if (raw) {
          const purged = await withVault(shell, (_, open) => open.purgeRawValues());
          shell.result({ purged: 'raw', records: purged }, shell.text('vault.purgedRaw', { records: purged }));
          return;
        }
        await withVault(shell, (home, open) => open.close().then(() => destroyVault(home)));
        shell.result({ purged: 'all' }, shell.text('vault.purged'));
      });
  },
};
