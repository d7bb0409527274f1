/**
 * One line an event: a name, ids, counts, durations. Redaction is by construction, not by a list of secret names:
 * fields are numbers, booleans and short words; a string that could be a value (long digits, long hex, spaces, Han)
 * is withheld, and of an error only what we wrote ourselves is told. A driver's message may quote a row, so it is not.
 */
import pino from 'pino';
import { isDomainError, isUuid } from '#kernel';
import { correlationId } from './correlation.js';

export type FieldValue = string | number | boolean | null | undefined;
export type EventFields = Readonly<Record<string, FieldValue>>;

export interface EventLog {
  event(name: string, fields?: EventFields): void;
  warn(name: string, fields?: EventFields): void;
  error(name: string, error?: unknown, fields?: EventFields): void;
}

export interface EventLogOptions {
  readonly app: string;
  readonly level?: 'debug' | 'info' | 'warn' | 'error';
  /** A file (made 0600) or a stream; standard output when absent. */
  readonly destination?: string | { write(line: string): void };
}

export function createEventLog(options: EventLogOptions): EventLog {
  const { destination } = options;
  const stream = typeof destination === 'object' ? destination : pino.destination({ dest: destination ?? 1, sync: true, mkdir: true, mode: 0o600 });
  const logger = pino({
    level: options.level ?? 'info', base: { app: options.app }, messageKey: 'event', timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  }, stream);
  return {
    event: (name, fields) => { logger.info(line(fields), name); },
    warn: (name, fields) => { logger.warn(line(fields), name); },
    error: (name, error, fields) => { logger.error({ ...line(fields), ...(error === undefined ? {} : { error: describeError(error) }) }, name); },
  };
}

function line(fields: EventFields = {}): Record<string, FieldValue> {
  const id = correlationId();
  return { ...(id === undefined ? {} : { correlationId: safe(id) }), ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, safe(value)])) };
}

const WITHHELD = '[withheld]';

function safe(value: FieldValue): FieldValue {
  if (typeof value !== 'string') return value;
  if (isUuid(value as unknown)) return value;
  const harmless = value.length <= 80 && /^[A-Za-z0-9._:/+-]*$/.test(value) && !/\d{7}|[0-9a-fA-F]{24}/.test(value);
  return harmless ? value : WITHHELD;
}

/** Class, code and our own stack frames; the message only of our own errors. */
export function describeError(error: unknown): Record<string, string | readonly string[]> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as { code?: unknown };
  return {
    type: error.constructor.name,
    ...(typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? { code } : {}),
    ...(isDomainError(error) ? { message: error.message } : {}),
    at: ownFrames(error.stack ?? ''),
    ...(error.cause === undefined ? {} : { cause: (describeError(error.cause).type as string) }),
  };
}

function ownFrames(stack: string): string[] {
  return stack.split('\n')
    .filter((frame) => /^\s+at /.test(frame) && !/node_modules|node:/.test(frame))
    .map((frame) => frame.trim().replace(/\(?(?:file:\/\/)?\/\S*?\/((?:dist\/)?(?:apps|libs|migrations|tools|test)\/)/, '($1').slice(0, 200))
    .slice(0, 12);
}
