/** What options and arguments may be, said once: each fault is BAD_INPUT and names the option, never what was typed. */
import { DomainError, isUuid } from '#kernel';

/** @throws BAD_INPUT */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw new DomainError('BAD_INPUT', 'not a whole number in range', { option, least, most });
  return value;
}

/** @param what the option (`--liaison`) or the argument (`case`) @throws BAD_INPUT */
export function uuidOf(what: string, text: string): string {
  if (!isUuid(text)) throw new DomainError('BAD_INPUT', 'not an id', { argument: what, expected: 'UUID' });
  return text;
}

/** For options that may be given more than once. */
export function repeated(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** What destroys or ends something is done only when told so. @throws BAD_INPUT */
export function confirmed(yes: boolean | undefined): void {
  if (yes !== true) throw new DomainError('BAD_INPUT', 'this cannot be undone: it needs --yes', { missing: '--yes' });
}
