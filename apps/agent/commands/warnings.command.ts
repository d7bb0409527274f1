/** `tally warnings`: the lists of this version, and their tokens for the hub. */
import { TOKENISED_WARNING_LISTS } from '#indicators';
import { giveWarnings, HubClient, inlineRunner, loadBrands, Tokeniser } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { onFalseHolder } from '../shell/false-holders.js';
import { withVault } from '../shell/with-vault.js';

export const warningsCommand: CommandModule = {
  register(program, shell) {
    const warnings = program.command('warnings').description(shell.text('warnings.description'));
    warnings.command('list').description(shell.text('warnings.list')).action(() => {
      const lists = TOKENISED_WARNING_LISTS.map(({ list, version, kind, values }) => ({ list, version, kind, entries: values.length }));
      const head = (['warnings.name', 'warnings.version', 'warnings.kind', 'warnings.entries'] as const).map((key) => shell.text(key));
      shell.result(lists, shell.table(head, lists.map(({ list, version, kind, entries }) => [list, version, kind, String(entries)])));
    });
    warnings.command('publish').description(shell.text('warnings.publish')).action(async () => {
      const given = await withVault(shell, async (home, vault) => (
        giveWarnings(home, vault, new HubClient(home), await Tokeniser.open(home, vault, inlineRunner(), { onFalseHolder: onFalseHolder(shell) }), await loadBrands(home))));
      shell.result(given, shell.text('warnings.published', { ...given }));
    });
  },
};
