/** Rows of a Parquet file, one row group at a time: a group is held in memory, so its size has a limit. Flat columns only. */
import zlib from 'node:zlib';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type Compressors, type FileMetaData } from 'hyparquet';
import { DomainError } from '#kernel';
import { tooLarge, unreadable } from './input-errors.js';
import type { CellFault, SourceRecord } from './source-record.js';

const GROUP_BYTES_MAX = 256 * 1024 * 1024;
const COLUMNS_MAX = 512;
const SLICE_ROWS = 4096;
type Inflate = (input: Uint8Array, options: { maxOutputLength: number }) => Buffer;

/** What node:zlib can unpack here (zstd since Node 22.15); each page says how long it will be, and no more is unpacked. */
function compressors(): Compressors {
  const unpack = (inflate: Inflate) => (input: Uint8Array, length: number): Uint8Array => inflate(input, { maxOutputLength: Math.max(1, length) });
  const zstd = (zlib as { zstdDecompressSync?: Inflate }).zstdDecompressSync;
  return { GZIP: unpack(zlib.gunzipSync), BROTLI: unpack(zlib.brotliDecompressSync), ...(zstd === undefined ? {} : { ZSTD: unpack(zstd) }) };
}

/** @throws FILE_UNREADABLE, PAYLOAD_TOO_LARGE */
export async function* parquetRecords({ file, name }: { readonly file: string; readonly name: string }): AsyncGenerator<readonly SourceRecord[]> {
  try {
    const buffer = await asyncBufferFromFile(file);
    const metadata = await parquetMetadataAsync(buffer);
    const columns = columnsOf(metadata, name);
    yield [{ line: 0, cells: columns }];
    let start = 0;
    for (const group of metadata.row_groups) {
      if (Number(group.total_byte_size) > GROUP_BYTES_MAX) throw tooLarge(name, { reason: 'a row group is too large', maxBytes: GROUP_BYTES_MAX });
      const end = start + Number(group.num_rows);
      const rows = await parquetReadObjects({ file: buffer, metadata, columns, rowStart: start, rowEnd: end, compressors: compressors() });
      for (let i = 0; i < rows.length; i += SLICE_ROWS) {
        const first = start + i + 1;
        yield rows.slice(i, i + SLICE_ROWS).map((row, at) => recordOf(row, columns, first + at));
      }
      start = end;
    }
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw unreadable(name, { reason: (error as NodeJS.ErrnoException).code ?? (/codec|compress/i.test(String(error)) ? 'Parquet with a compression that is not read here' : 'not Parquet') });
  }
}

/** Names of the leaves below the root; a column with children is a nested one. */
function columnsOf({ schema }: FileMetaData, name: string): string[] {
  const children = schema.slice(1);
  if (children.length > COLUMNS_MAX) throw tooLarge(name, { maxColumns: COLUMNS_MAX });
  if (children.some((column) => (column.num_children ?? 0) > 0)) throw unreadable(name, { reason: 'nested Parquet column' });
  return children.map((column) => column.name);
}

function recordOf(row: Readonly<Record<string, unknown>>, columns: readonly string[], line: number): SourceRecord {
  const faults = new Map<number, CellFault>();
  const cells = columns.map((column, place) => {
    const text = textOf(row[column]);
    if (text === null) faults.set(place, 'CELL_UNREADABLE');
    return text ?? '';
  });
  return { line, cells, faults };
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) || !Number.isInteger(value) ? String(value) : value.toExponential();
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.getTime() % 86_400_000 === 0 ? value.toISOString().slice(0, 10) : value.toISOString();
  return null;
}
