/**
 * What a command is given: where the party's home is, how to say things, and where to put them. Results go to stdout
 * (one JSON document with --json, text otherwise), progress and errors to stderr. Nothing here prints a user's value.
 */
import { DomainError } from '#kernel';
import { openHome, type PartyHome } from '#sdk';
import { messageIn, type Language, type MessageParameters } from './language.js';
import type { MessageKey } from '../messages/messages.en.js';

export interface ShellStreams {
  readonly stdin: NodeJS.ReadStream | NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean };
  readonly env: NodeJS.ProcessEnv;
}

export class Shell {
  constructor(
    readonly streams: ShellStreams,
    readonly language: Language,
    /** --json: results as one JSON document, progress as JSON lines on stderr. */
    readonly json: boolean,
    private readonly homeOption: string | undefined,
  ) {}

  /** Where the home is or shall be; not opened. @throws CONFIG_INVALID when neither --home nor TALLY_HOME is given */
  homeDirectory(): string {
    const directory = this.homeOption ?? this.streams.env.TALLY_HOME;
    if (!directory) throw new DomainError('CONFIG_INVALID', 'no home: give --home DIR or set TALLY_HOME', { missing: '--home' });
    return directory;
  }

  /** The party's home folder. @throws CONFIG_INVALID when it is none */
  home(): PartyHome {
    return openHome(this.homeDirectory());
  }

  text(key: MessageKey, parameters?: MessageParameters): string {
    return messageIn(this.language, key, parameters);
  }

  /** The command's result: `value` with --json, `lines` for people otherwise. */
  result(value: unknown, lines: string | readonly string[]): void {
    const text = this.json ? JSON.stringify(value, null, 2) : typeof lines === 'string' ? lines : lines.join('\n');
    this.streams.stdout.write(`${text}\n`);
  }

  /** Rows as a table with aligned columns (a Han character takes two cells); for `result`. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
    const all = [head, ...rows];
    const widths = head.map((_, column) => Math.max(...all.map((row) => cells(row[column] ?? ''))));
    return all.map((row) => row.map((cell, column) => cell + ' '.repeat(widths[column]! - cells(cell))).join('  ').trimEnd());
  }

  /** A remark for people while the command runs; silent with --json. */
  note(key: MessageKey, parameters?: MessageParameters): void {
    if (!this.json) this.streams.stderr.write(`${this.text(key, parameters)}\n`);
  }

  /** Progress for programs: one JSON line on stderr with --json; silent otherwise. Counts and ids only. */
  event(event: string, fields: Readonly<Record<string, string | number | boolean | null>> = {}): void {
    if (this.json) this.streams.stderr.write(`${JSON.stringify({ event, ...fields })}\n`);
  }
}

function cells(text: string): number {
  return [...text].reduce((sum, char) => sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(char) ? 2 : 1), 0);
}
