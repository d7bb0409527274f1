import { DomainError } from '#kernel';
import { parseProfile, publishFile, type PublishSummary, WINDOW_FORMS_DEFAULT } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { falseHolderLines, onFalseHolder, tellFailedChecks } from '../shell/false-holders.js';
import { wholeNumber } from '../shell/option-values.js';
import { inputOptionsOf, withFileOptions, type FileOptions } from '../shell/input-options.js';
import { readJsonFile } from '../shell/input.js';
import { progressOf } from '../shell/progress.js';
import type { Shell } from '../shell/shell.js';
import { withVault } from '../shell/with-vault.js';

interface PublishOptions extends FileOptions {
  readonly profile: string;
  readonly rejects?: string;
  readonly chunk: string;
  readonly wait?: boolean;
  readonly waitSeconds: string;
  readonly brandAlerts: boolean;
}

export const publishCommand: CommandModule = {
  register(program, shell) {
    withFileOptions(program.command('publish <file>').description(shell.text('publish.description')), shell)
      .option('--ignore-unknown', shell.text('input.ignoreUnknown'))
      .requiredOption('--profile <file>', shell.text('publish.profile'))
      .option('--rejects <file>', shell.text('publish.rejects'))
      .option('--chunk <forms>', shell.text('publish.chunk'), String(WINDOW_FORMS_DEFAULT))
      .option('--wait', shell.text('publish.wait'))
      .option('--no-brand-alerts', shell.text('publish.noBrandAlerts'))
      .option('--wait-seconds <n>', shell.text('publish.waitSeconds'), '600')
      .action(async (file: string, options: PublishOptions) => {
        const input = inputOptionsOf(options, 'clues');
        const profile = parseProfile(readJsonFile(options.profile, 'PROFILE_INVALID'));
        tellPolicy(shell);
        const progress = progressOf(shell, 'publish.progress', shell.text('publish.progress'));
        const summary = await withVault(shell, (home, vault) => publishFile(home, vault, {
          file, input, profile, rejectsFile: options.rejects ?? null, chunk: wholeNumber('--chunk', options.chunk, 64, 4096),
          waitMs: options.wait ? wholeNumber('--wait-seconds', options.waitSeconds, 1, 86_400) * 1000 : null, language: shell.language, alertBrands: options.brandAlerts, onFalseHolder: onFalseHolder(shell),
          onProgress: ({ counts, totalRows, publicationId, resumed }) =>
            progress.update(counts.rows, totalRows, { publicationId, resumed, accepted: counts.accepted, rejected: counts.rejected }),
        })).finally(() => progress.stop());
        tellFailedChecks(shell, summary.failedChecks);
        tell(shell, summary);
        const { rows, rejected, refusedRows } = summary.counts;
        if (rows > 0 && rejected + refusedRows === rows) throw new DomainError('BAD_INPUT', 'every row was refused', { rows, refused: rows });
      });
  },
};

/** Synthetic data lets reserved ranges through: said at each start, never in production. */
function tellPolicy(shell: Shell): void {
  if (shell.home().party.federationPolicy !== 'synthetic') return;
  if (shell.streams.env.TALLY_PROFILE === 'production') throw new DomainError('POLICY_FORBIDS', 'synthetic federation in production', { policy: 'synthetic' });
  shell.note('publish.synthetic');
}

function tell(shell: Shell, summary: PublishSummary): void {
  const { counts, stages } = summary;
  const codes = Object.entries(counts.rejectsByCode).sort(([, a], [, b]) => b - a);
  shell.result(summary, [
    shell.text(summary.resumed ? 'publish.resumed' : 'publish.done', { file: summary.file, rows: counts.rows, publicationId: summary.publicationId }),
    shell.text('publish.accepted', { rows: summary.acceptedRows, clues: counts.accepted }),
    shell.text('publish.known', { repeated: counts.repeated, knownBefore: counts.knownBefore, alreadyKnown: counts.alreadyKnown }),
    shell.text('publish.local', { rows: counts.keptLocal }),
    shell.text('publish.refused', { rows: counts.rejected + counts.refusedRows }),
    ...codes.map(([code, rows]) => `  ${code}  ${rows}`),
    ...summary.imitated.map(({ brandId, rows, strong, alerts }) => shell.text('publish.imitated', { brandId, rows, strong, alerts })),
    ...(summary.overlapsAtOnce === null ? [] : [shell.text('publish.overlaps', { count: summary.overlapsAtOnce })]),
    ...falseHolderLines(shell, summary.falseHolders),
    stages.map(({ name, seconds }) => `${name} ${seconds.toFixed(1)} s`).join('  '),
  ]);
}
