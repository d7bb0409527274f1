/**
 * What the normalisers make of a file, row by row, without any network, home or vault: the same reading as a publication's. The hash of an
 * identity number is never given back: it stands as a pseudonym under a secret key, so that equal rows can still be told.
 */
import { createHmac } from 'node:crypto';
import { readIndicator, type Form, type FormKind, type IndicatorKind } from '#indicators';
import { rowReason } from '../publish/row-reject.js';
import { pseudonymKey } from './pseudonym-key.js';
import { readRows, type SourceFile, type SourceRow } from './source-file.js';

export interface NormalisedForm {
  readonly kind: FormKind;
  readonly canonical: string;
  readonly strength: Form['strength'];
  readonly variant: Form['variant'];
}
export interface NormalisedRow {
  /** The row's own name, or its number from 1 where the file names none. */
  readonly row: string | number;
  readonly line: number;
  readonly kind: IndicatorKind | null;
  readonly forms: readonly NormalisedForm[];
  readonly reject: { readonly code: string; readonly reason: string; readonly reasonZh: string } | null;
  /** How many bands a text is compared by beside its form; 0 for every other kind. */
  readonly bands: number;
}

/** @param key of pseudonyms; without one they hold for this call only. @throws FILE_UNREADABLE and others of openSourceFile */
export async function* normaliseRows(source: SourceFile, key: Uint8Array = pseudonymKey(null)): AsyncGenerator<NormalisedRow> {
  let number = 0;
  for await (const row of readRows(source)) {
    number += 1;
    yield normalisedRow(row, number, source.valueKind, key);
  }
}

function normalisedRow({ line, cells, fault }: SourceRow, number: number, valueKind: string | null, key: Uint8Array): NormalisedRow {
  const row = cells?.row?.trim() || number;
  const base = { row, line, kind: null, forms: [], reject: null, bands: 0 };
  if (cells === null) return { ...base, reject: rowReason('COLUMNS_INVALID') };
  if (fault !== undefined) return { ...base, reject: rowReason(fault) };
  const reading = readIndicator(cells.value ?? '', { word: cells.type ?? null, fallback: valueKind, detect: true });
  if (reading.kind === null) return { ...base, reject: rowReason(reading.unknown) };
  const { kind, result } = reading;
  if ('reject' in result) return { ...base, kind, reject: result.reject };
  return { ...base, kind, forms: result.forms.map((form) => shown(form, key)), bands: result.bands?.length ?? 0 };
}

function shown({ kind, value, strength, variant }: Form, key: Uint8Array): NormalisedForm {
  return { kind, canonical: kind === 'id_hash' ? pseudonymOf(value, key) : value, strength, variant };
}

function pseudonymOf(hash: string, key: Uint8Array): string {
  return `hidden:${createHmac('sha256', key).update(hash).digest('hex').slice(0, 24)}`;
}
