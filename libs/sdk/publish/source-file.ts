/**
 * The input file, judged whole before anything of it is used: encoding (UTF-8 with or without BOM, else GB18030),
 * length of lines, header, and that it parses as CSV to its end. So a file that cannot be read to the end is refused
 * with nothing half-done. Streams throughout; no part of a file is echoed.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import iconv from 'iconv-lite';
import { DomainError, type SafeFields } from '#kernel';

export const LINE_MAX_BYTES = 64 * 1024;
const READ_BYTES = 64 * 1024;
const REQUIRED = ['row', 'type', 'value', 'first_seen', 'channel'] as const;
const OPTIONAL = ['role', 'category', 'means', 'level', 'purpose', 'legal_basis', 'tlp'] as const;
export type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

export interface SourceFile {
  readonly file: string;
  readonly name: string;
  /** First 16 bytes of SHA-256 of the file, hex: the same file is the same publication. */
  readonly fileId: string;
  readonly encoding: 'utf-8' | 'gb18030';
  readonly rows: number;
}
export interface SourceRow {
  /** Line in the file; the header is line 1. */
  readonly line: number;
  /** null: the number of cells is not the header's. */
  readonly cells: Readonly<Partial<Record<Column, string>>> | null;
}

/** @throws FILE_UNREADABLE, PAYLOAD_TOO_LARGE (a line), HEADER_INVALID */
export async function openSourceFile(file: string): Promise<SourceFile> {
  const name = path.basename(file);
  const { digest, utf8, bytes } = await scanBytes(file, name);
  if (bytes === 0) throw unreadable(name, { reason: 'empty' });
  const encoding = utf8 ? 'utf-8' : 'gb18030';
  if (!utf8) await checkGb18030(file, name);
  const source: SourceFile = { file, name, fileId: digest.slice(0, 32), encoding, rows: 0 };
  let rows = 0;
  for await (const _ of readRows(source)) rows += 1;
  return { ...source, rows };
}

/** @throws as openSourceFile */
export async function* readRows(source: SourceFile): AsyncGenerator<SourceRow> {
  const parser = parse({ bom: true, info: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, max_record_size: LINE_MAX_BYTES });
  const text = Readable.from(decoded(source), { objectMode: true, highWaterMark: 1 });
  text.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  let columns: readonly Column[] | null = null;
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: { lines: number }; record: string[] }>) {
      if (columns === null) columns = headerOf(record, source.name);
      else yield { line: info.lines, cells: cellsOf(columns, record) };
    }
  } catch (error) {
    throw parseFailure(error, source.name);
  } finally {
    text.destroy();
  }
  if (columns === null) throw unreadable(source.name, { reason: 'empty' });
}

async function scanBytes(file: string, name: string): Promise<{ digest: string; utf8: boolean; bytes: number }> {
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let utf8 = true;
  let bytes = 0;
  let line = 1;
  let lineBytes = 0;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      if (chunk.includes(0)) throw unreadable(name, { reason: 'binary' });
      for (let from = 0; from <= chunk.length;) {
        const end = chunk.indexOf(10, from);
        lineBytes += (end < 0 ? chunk.length : end) - from;
        if (lineBytes > LINE_MAX_BYTES) throw new DomainError('PAYLOAD_TOO_LARGE', 'a line is too long', { file: name, line, maxBytes: LINE_MAX_BYTES });
        if (end < 0) break;
        line += 1;
        lineBytes = 0;
        from = end + 1;
      }
      if (utf8) utf8 = decodes(decoder, chunk);
    }
    if (utf8) utf8 = decodes(decoder, null);
  } catch (error) {
    throw error instanceof DomainError ? error : unreadable(name, { reason: (error as NodeJS.ErrnoException).code ?? 'unreadable' });
  }
  return { digest: hash.digest('hex'), utf8, bytes };
}

function decodes(decoder: InstanceType<typeof TextDecoder>, chunk: Buffer | null): boolean {
  try {
    if (chunk === null) decoder.decode();
    else decoder.decode(chunk, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** GB18030 assigns nearly every pair of bytes: what gives garbage away is an unassigned pair or a control character. */
async function checkGb18030(file: string, name: string): Promise<void> {
  const source: SourceFile = { file, name, fileId: '', encoding: 'gb18030', rows: 0 };
  // eslint-disable-next-line no-control-regex
  for await (const text of decoded(source)) if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/.test(text)) throw unreadable(name, { reason: 'encoding' });
}

async function* decoded({ file, encoding }: SourceFile): AsyncGenerator<string> {
  const decoder = iconv.getDecoder(encoding === 'utf-8' ? 'utf8' : 'gb18030', { stripBOM: true } as never);
  for await (const chunk of createReadStream(file, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>) {
    const text = decoder.write(chunk);
    if (text) yield text;
  }
  const rest = decoder.end();
  if (rest) yield rest;
}

function headerOf(record: readonly string[], file: string): readonly Column[] {
  const names = record.map((cell) => cell.trim().toLowerCase());
  const known: readonly string[] = [...REQUIRED, ...OPTIONAL];
  const missing = REQUIRED.filter((name) => !names.includes(name));
  const unknown = names.filter((name) => !known.includes(name)).length;
  const repeated = names.length - new Set(names).size;
  if (missing.length + unknown + repeated > 0) throw new DomainError('HEADER_INVALID', 'header', { file, missing, unknown, repeated });
  return names as Column[];
}

function cellsOf(columns: readonly Column[], record: readonly string[]): SourceRow['cells'] {
  return record.length === columns.length ? Object.fromEntries(columns.map((column, i) => [column, record[i]!])) : null;
}

function parseFailure(error: unknown, file: string): DomainError {
  if (error instanceof DomainError) return error;
  const { code, lines } = error as { code?: string; lines?: number };
  const at: SafeFields = typeof lines === 'number' ? { line: lines } : {};
  if (code === 'CSV_MAX_RECORD_SIZE') return new DomainError('PAYLOAD_TOO_LARGE', 'a record is too long', { file, ...at, maxBytes: LINE_MAX_BYTES });
  return unreadable(file, { reason: code?.startsWith('CSV_') ? 'not CSV' : code ?? 'unreadable', ...at });
}

function unreadable(file: string, fields: SafeFields): DomainError {
  return new DomainError('FILE_UNREADABLE', 'file cannot be read', { file, ...fields });
}
