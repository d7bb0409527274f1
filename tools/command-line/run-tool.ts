/**
 * What the tools do alike: `--help`, a usage line and status 2 for a wrong call, one line instead of a stack trace for everything else,
 * with the exit status of the error registry. The agent has a shell of its own (apps/agent/shell).
 */
import { parseArgs, type ParseArgsConfig, types } from 'node:util';
import { isDomainError } from '#kernel';
import { transportOf } from '#protocol';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O; strict: true; allowPositionals: true }>>['values'];

export interface Tool<O extends Options> {
  /** `npm run name -- [--option VALUE]`, then what it does and what its exit status says. */
  readonly usage: string;
  readonly options?: O;
  /** How many words may stand beside the options; 0 unless said. */
  readonly words?: number;
  /** True where a message may hold what is nobody's business (a database driver's): its class and code are told instead. */
  readonly discreet?: boolean;
  /** @returns exit status, 0 for nothing */
  run(values: Values<O>, words: readonly string[], streams: ToolStreams): number | void | Promise<number | void>;
}

/** A call that cannot be meant: its message and the usage are printed, the status is 2. */
export class UsageError extends Error {}

export interface ToolStreams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}
const STREAMS: ToolStreams = { out: (text) => process.stdout.write(text), err: (text) => process.stderr.write(text) };

/** Runs the tool over the process's arguments and leaves its exit status in process.exitCode. */
export async function runTool<O extends Options>(tool: Tool<O>): Promise<void> {
  process.exitCode = await statusOf(tool, process.argv.slice(2), STREAMS);
}

/** The same without touching the process. */
export async function statusOf<O extends Options>(tool: Tool<O>, argv: readonly string[], { out, err }: ToolStreams): Promise<number> {
  try {
    const { values, positionals } = parsed(tool, argv);
    if ((values as { help?: boolean }).help === true) {
      out(`usage: ${tool.usage}\n`);
      return 0;
    }
    if (positionals.length > (tool.words ?? 0)) throw new UsageError('too many arguments');
    return await tool.run(values, positionals, { out, err }) ?? 0;
  } catch (error) {
    if (error instanceof UsageError) {
      err(`BAD_INPUT: ${error.message}\nusage: ${tool.usage}\n`);
      return transportOf('BAD_INPUT').exit;
    }
    return told(error, tool.discreet ?? false, err);
  }
}

/** A whole number of an option, or what stands for it. @throws UsageError */
export function wholeNumber(option: string, text: string | undefined, standard: number, least: number, most: number): number {
  const value = text === undefined ? standard : /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw new UsageError(`${option} takes a whole number from ${least} to ${most}`);
  return value;
}

function parsed<O extends Options>({ options }: Tool<O>, argv: readonly string[]): { values: Values<O>; positionals: string[] } {
  try {
    return parseArgs({ args: [...argv], options: { ...options, help: { type: 'boolean', short: 'h' } }, strict: true, allowPositionals: true }) as never;
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0]);
  }
}

function told(error: unknown, discreet: boolean, err: ToolStreams['err']): number {
  const fault: NodeJS.ErrnoException = types.isNativeError(error) ? error : new Error('unknown');
  // What the file system says names a code (ENOENT, EISDIR); what a driver says may name a value.
  const code = isDomainError(error) ? error.code : fault.syscall !== undefined && !discreet ? 'FILE_UNREADABLE' : 'INTERNAL';
  const text = discreet && !isDomainError(error) ? [fault.name, fault.code ?? ''].join(' ').trim() : fault.message;
  err(`${code}: ${text}\n`);
  return transportOf(code).exit;
}
