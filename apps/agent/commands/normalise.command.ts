/** `tally normalise FILE`: what a publication of the file would tokenise, and what it would refuse. No network, no home, no vault. */
import { once } from 'node:events';
import path from 'node:path';
import { normaliseRows, openSourceFile, pseudonymKey, RejectsFile, type NormalisedRow, type RowReject, type SourceFile } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { inputOptionsOf, withFileOptions, type FileOptions } from '../shell/input-options.js';
import { progressOf } from '../shell/progress.js';
import type { Shell } from '../shell/shell.js';

interface NormaliseOptions extends FileOptions {
  readonly rejects?: string;
}
const PIECE_ROWS = 500;
const PROGRESS_MS = 1000;

export const normaliseCommand: CommandModule = {
  register(program, shell) {
    withFileOptions(program.command('normalise <file>').alias('normalize').description(shell.text('normalise.description')), shell)
      .option('--rejects <file>', shell.text('publish.rejects'))
      .action(async (file: string, options: NormaliseOptions) => {
        const startedAt = performance.now();
        const source = await openSourceFile(file, inputOptionsOf(options, 'values'));
        const rejects = options.rejects === undefined ? null : await RejectsFile.open(options.rejects, 0);
        const counts = await new RowPrinter(shell, source, rejects).print().finally(() => rejects?.close());
        tell(shell, source, counts, (performance.now() - startedAt) / 1000);
      });
  },
};

/** XDG Base Directory: state of a user, not of a file or of a party. */
function stateFolderOf({ streams: { env } }: Shell): string | null {
  const state = env.XDG_STATE_HOME ?? (env.HOME ? path.join(env.HOME, '.local', 'state') : undefined);
  return state === undefined || !path.isAbsolute(state) ? null : path.join(state, 'tally');
}

interface Counts {
  rows: number;
  accepted: number;
  readonly rejectsByCode: Record<string, number>;
  readonly kinds: Record<string, number>;
}

/** Prints in pieces and waits for whoever reads: a file of any size needs the memory of a piece. */
class RowPrinter {
  private readonly counts: Counts = { rows: 0, accepted: 0, rejectsByCode: {}, kinds: {} };
  private lines: string[] = [];
  private refused: RowReject[] = [];
  private toldAt = performance.now();

  constructor(private readonly shell: Shell, private readonly source: SourceFile, private readonly rejects: RejectsFile | null) {}

  async print(): Promise<Counts> {
    const progress = progressOf(this.shell, 'normalise.progress', this.shell.text('normalise.progress'));
    try {
      for await (const row of normaliseRows(this.source, pseudonymKey(stateFolderOf(this.shell)))) {
        this.count(row);
        this.lines.push(this.shell.json ? jsonOf(row) : textOf(row, this.shell.language));
        if (row.reject !== null) this.refused.push({ line: row.line, row: String(row.row), ...row.reject });
        if (this.lines.length >= PIECE_ROWS) {
          await this.flush();
          if (performance.now() - this.toldAt > PROGRESS_MS) {
            this.toldAt = performance.now();
            progress.update(this.counts.rows, this.source.rows, { accepted: this.counts.accepted });
          }
        }
      }
      await this.flush();
    } finally {
      progress.stop();
    }
    return this.counts;
  }

  private count({ kind, forms, reject }: NormalisedRow): void {
    const { counts } = this;
    counts.rows += 1;
    if (forms.length > 0) counts.accepted += 1;
    if (reject !== null) counts.rejectsByCode[reject.code] = (counts.rejectsByCode[reject.code] ?? 0) + 1;
    else if (kind !== null) counts.kinds[kind] = (counts.kinds[kind] ?? 0) + 1;
  }

  private async flush(): Promise<void> {
    const { stdout } = this.shell.streams;
    const text = this.lines.map((line) => `${line}\n`).join('');
    this.lines = [];
    await this.rejects?.write(this.refused, this.shell.language);
    this.refused = [];
    if (text !== '' && !stdout.write(text)) await once(stdout, 'drain');
  }
}

/** One object a row, on a line of its own. */
function jsonOf({ row, line, kind, forms, reject, bands }: NormalisedRow): string {
  return JSON.stringify({ row, line, kind, forms, reject: reject === null ? null : { code: reject.code, reason: reject.reason, reasonZh: reject.reasonZh }, bands });
}

function textOf({ row, forms, reject }: NormalisedRow, language: 'zh' | 'en'): string {
  const cells = reject !== null ? ['-', reject.code, language === 'zh' ? reject.reasonZh : reject.reason]
    : forms.flatMap((form) => (form.strength === 'exact' ? [form.kind, form.canonical] : [`${form.variant}=${form.canonical}`]));
  return [String(row), ...cells].join('\t').replace(/[^\P{Cc}\t]/gu, ' ');
}

function tell(shell: Shell, source: SourceFile, counts: Counts, seconds: number): void {
  const { rows, accepted, rejectsByCode } = counts;
  const rejected = Object.values(rejectsByCode).reduce((sum, count) => sum + count, 0);
  shell.event('normalise.done', { file: source.name, format: source.format, encoding: source.encoding, rows, accepted, rejected, ignoredColumns: source.ignored, seconds: Number(seconds.toFixed(3)) });
  shell.note('normalise.done', { file: source.name, format: source.format, encoding: source.encoding, rows, accepted, rejected, ignored: source.ignored });
}
