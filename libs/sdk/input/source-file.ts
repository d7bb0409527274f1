/**
 * The input file, judged whole before anything of it is used: format (CSV, TSV, JSON Lines, XLSX, Parquet), encoding, length
 * of lines, header, and that it can be read to its end. So a file that cannot be read to the end is refused with nothing
 * half-done. Streams throughout; no part of a file is echoed.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { scanBytes, type Encoding } from './byte-scan.js';
import { headerMap, type HeaderMap, type HeaderRules } from './header-map.js';
import { unreadable } from './input-errors.js';
import { COLUMNS, type Column } from './input-columns.js';
import { parquetRecords } from './parquet-reader.js';
import type { CellFault, SourceRecord } from './source-record.js';
import { assertText, layoutOf, textRecords, type Layout } from './text-reader.js';
import { xlsxRecords } from './xlsx-reader.js';

export interface InputOptions extends HeaderRules {
  /** Of a workbook: name of the sheet, or its number from 1; null: the first visible one. */
  readonly sheet: string | null;
}
export const CLUES_INPUT: InputOptions = { purpose: 'clues', map: {}, kind: null, ignoreUnknown: false, sheet: null };

export interface SourceFile {
  readonly file: string;
  readonly name: string;
  /** First 16 bytes of SHA-256 of the file (and of the options that read it otherwise), hex: the same file is the same publication. */
  readonly fileId: string;
  readonly encoding: Encoding | 'binary';
  readonly format: 'csv' | 'tsv' | 'json-lines' | 'xlsx' | 'parquet';
  readonly rows: number;
  /** Kind that the value column's name or the user says; null: each row says its own. */
  readonly valueKind: string | null;
  /** Columns that no field needs. */
  readonly ignored: number;
  readonly options: InputOptions;
  /** In pieces; the header is the first record. */
  readonly records: () => AsyncGenerator<readonly SourceRecord[]>;
}
export interface SourceRow {
  /** Line in the file; the header is line 1 where there is one. */
  readonly line: number;
  /** null: the number of cells is not the header's. */
  readonly cells: Readonly<Partial<Record<Column, string>>> | null;
  /** A cell that is needed cannot be trusted. */
  readonly fault?: CellFault;
}

/** @throws FILE_UNREADABLE, PAYLOAD_TOO_LARGE, HEADER_INVALID */
export async function openSourceFile(file: string, options: InputOptions = CLUES_INPUT): Promise<SourceFile> {
  const name = path.basename(file);
  const scan = await scanBytes(file, name);
  if (scan.bytes === 0) throw unreadable(name, { reason: 'empty' });
  const reader = scan.format === 'text' ? await textReader(file, name, scan.encoding ?? 'gb18030') : binaryReader(file, name, scan.format, options.sheet);
  const draft = { file, name, fileId: fileIdOf(scan.digest, options), rows: 0, valueKind: null, ignored: 0, options, ...reader };
  let header: HeaderMap | null = null;
  let rows = 0;
  for await (const piece of reader.records()) {
    if (header === null && piece[0] !== undefined) {
      header = headerMap(piece[0].cells, options, name);
      rows -= 1;
    }
    rows += piece.length;
  }
  if (header === null) throw unreadable(name, { reason: 'empty' });
  return { ...draft, rows, valueKind: header.valueKind, ignored: header.ignored };
}

/** @throws as openSourceFile */
export async function* readRows(source: SourceFile): AsyncGenerator<SourceRow> {
  let header: HeaderMap | null = null;
  for await (const piece of source.records()) {
    for (const record of piece) {
      if (header === null) header = headerMap(record.cells, source.options, source.name);
      else yield rowOf(record, header, source.format);
    }
  }
}

function rowOf({ line, cells, faults }: SourceRecord, { places, width }: HeaderMap, format: SourceFile['format']): SourceRow {
  // A sheet's row ends at its last filled cell; what stands right of the header is refused everywhere.
  const fits = format === 'xlsx' ? cells.slice(width).every((cell) => cell === '') : cells.length === width;
  if (!fits) return { line, cells: null };
  const row: Partial<Record<Column, string>> = {};
  let fault: CellFault | undefined;
  for (const [field, place] of places) {
    row[field] = cells[place] ?? '';
    fault ??= faults?.get(place);
  }
  return fault === undefined ? { line, cells: row } : { line, cells: row, fault };
}

function fileIdOf(digest: string, { map, kind, sheet }: InputOptions): string {
  const read = JSON.stringify([COLUMNS.flatMap((column) => (map[column] === undefined ? [] : [[column, map[column]]])), kind, sheet]);
  if (read === '[[],null,null]') return digest.slice(0, 32);
  return createHash('sha256').update(`${digest}\n${read}`).digest('hex').slice(0, 32);
}

type Reader = Pick<SourceFile, 'encoding' | 'format' | 'records'>;

async function textReader(file: string, name: string, encoding: Encoding): Promise<Reader> {
  const text = { file, name, encoding };
  if (encoding !== 'utf-8') await assertText(text);
  const layout: Layout = await layoutOf(text);
  const format = layout.layout === 'json-lines' ? 'json-lines' : layout.delimiter === '\t' ? 'tsv' : 'csv';
  return { encoding, format, records: () => textRecords(text, layout) };
}

function binaryReader(file: string, name: string, format: 'xlsx' | 'parquet', sheet: string | null): Reader {
  return { encoding: 'binary', format, records: () => (format === 'xlsx' ? xlsxRecords({ file, name }, sheet) : parquetRecords({ file, name })) };
}
