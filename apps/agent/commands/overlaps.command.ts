import { Option } from 'commander';
import { DomainError } from '#kernel';
import { HubClient, csvCell, queryOverlaps, type OverlapRow } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { writeOut } from '../shell/output.js';
import { statedPurposeOf, type StatedOptions } from '../shell/stated-purpose.js';
import { withVault } from '../shell/with-vault.js';

interface OverlapOptions extends StatedOptions {
  readonly since?: string;
  readonly withdrawn?: boolean;
  readonly format?: 'csv' | 'json';
  readonly out?: string;
}

const COLUMNS = ['row', 'kind', 'strength', 'members', 'categories', 'levels', 'first_seen', 'last_seen', 'state', 'overlap', 'variants'] as const;

export const overlapsCommand: CommandModule = {
  register(program, shell) {
    program.command('overlaps').description(shell.text('overlaps.description'))
      .option('--purpose <code>', shell.text('overlaps.purpose'))
      .option('--legal-basis <code[:law:article]>', shell.text('overlaps.legalBasis'))
      .option('--since <instant>', shell.text('overlaps.since'))
      .option('--withdrawn', shell.text('overlaps.withdrawn'))
      .addOption(new Option('--format <format>', shell.text('overlaps.format')).choices(['csv', 'json']))
      .option('--out <file>', shell.text('overlaps.out'))
      .action(async (options: OverlapOptions) => {
        const query = { ...statedPurposeOf(shell, options), since: options.since === undefined ? null : instantOf(options.since), withWithdrawn: options.withdrawn ?? false };
        const answer = await withVault(shell, (home, vault) => queryOverlaps(new HubClient(home), vault, query));
        const format = options.format ?? (shell.json ? 'json' : options.out?.endsWith('.json') ? 'json' : 'csv');
        const text = format === 'json' ? `${JSON.stringify(answer.rows, null, 2)}\n` : csvOf(answer.rows);
        if (options.out === undefined) shell.streams.stdout.write(text);
        else {
          writeOut(options.out, text);
          shell.result({ file: options.out, rows: answer.rows.length, unknownClues: answer.unknownClues }, shell.text('overlaps.written', { file: options.out, rows: answer.rows.length }));
        }
        if (answer.unknownClues > 0) shell.note('overlaps.unknown', { count: answer.unknownClues });
      });
  },
};

function csvOf(rows: readonly OverlapRow[]): string {
  const lines = rows.map((row) => [
    row.row, row.kind, row.strength, row.members, row.categories.join(';'), row.levels.join(';'), row.firstSeen ?? '', row.lastSeen ?? '', row.state, row.overlapId, row.variants.join(';'),
  ].map(csvCell).join(','));
  return [COLUMNS.join(','), ...lines].map((line) => `${line}\n`).join('');
}

function instantOf(text: string): string {
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) throw new DomainError('BAD_INPUT', 'not an instant', { option: '--since', expected: 'ISO 8601' });
  return new Date(instant).toISOString();
}
