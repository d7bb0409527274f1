import { DomainError, type ClueId } from '#kernel';
import { RETRACTION_REASONS } from '#protocol';
import { HubClient, cluesOfRow, retractClues } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { uuidOf } from '../shell/option-values.js';
import { withVault } from '../shell/with-vault.js';

export const retractCommand: CommandModule = {
  register(program, shell) {
    program.command('retract').description(shell.text('retract.description'))
      .option('--row <name>', shell.text('retract.row'))
      .option('--clue <id>', shell.text('retract.clue'))
      .requiredOption('--reason <code>', shell.text('retract.reason', { codes: Object.keys(RETRACTION_REASONS).join(', ') }))
      .action(async ({ row, clue, reason }: { row?: string; clue?: string; reason: string }) => {
        if ((row === undefined) === (clue === undefined)) throw new DomainError('BAD_INPUT', 'one of --row and --clue', { expected: '--row or --clue' });
        if (clue !== undefined) uuidOf('--clue', clue);
        const retracted = await withVault(shell, async (home, vault) =>
          retractClues(new HubClient(home), vault, clue === undefined ? await cluesOfRow(vault, row!) : [clue as ClueId], reason));
        shell.result(retracted, shell.table(['CLUE', shell.text('retract.outcome'), shell.text('retract.rows')], retracted.map(({ clueId, outcome, rows }) => [clueId, outcome, rows.join(' ')])));
        if (retracted.every(({ outcome }) => outcome === 'NOT_FOUND')) throw new DomainError('NOT_FOUND', 'nothing retracted', { what: 'clue' });
      });
  },
};
