/** The options that say how a file is to be read, alike in every command that reads one. */
import type { Command } from 'commander';
import { kindNamed } from '#indicators';
import { DomainError } from '#kernel';
import { COLUMNS, type Column, type ColumnMap, type InputOptions } from '#sdk';
import { repeated } from './option-values.js';
import type { Shell } from './shell.js';

export interface FileOptions {
  readonly map?: readonly string[];
  readonly kind?: string;
  readonly sheet?: string;
  readonly ignoreUnknown?: boolean;
}

export function withFileOptions(command: Command, shell: Shell): Command {
  return command
    .option('--map <field=column>', shell.text('input.map', { fields: COLUMNS.join(', ') }), repeated)
    .option('--kind <kind>', shell.text('input.kind'))
    .option('--sheet <name|number>', shell.text('input.sheet'));
}

/** @throws BAD_INPUT, KIND_UNKNOWN */
export function inputOptionsOf(options: FileOptions, purpose: InputOptions['purpose']): InputOptions {
  if (options.kind !== undefined && kindNamed(options.kind) === null) throw new DomainError('KIND_UNKNOWN', 'unknown kind', { option: '--kind' });
  return { purpose, map: mapOf(options.map ?? []), kind: options.kind ?? null, sheet: options.sheet ?? null, ignoreUnknown: options.ignoreUnknown ?? false };
}

function mapOf(entries: readonly string[]): ColumnMap {
  const map: Partial<Record<Column, string>> = {};
  for (const entry of entries) {
    const at = entry.indexOf('=');
    const field = entry.slice(0, Math.max(at, 0)).trim() as Column;
    if (!COLUMNS.includes(field) || entry.slice(at + 1).trim() === '') throw new DomainError('BAD_INPUT', 'not FIELD=COLUMN', { option: '--map', expected: 'FIELD=COLUMN', fields: COLUMNS });
    map[field] = entry.slice(at + 1);
  }
  return map;
}
