/** Text files: decoding, and records of CSV, TSV and JSON Lines. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import iconv from 'iconv-lite';
import { DomainError, type SafeFields } from '#kernel';
import { LINE_MAX_BYTES, READ_BYTES, type Encoding } from './byte-scan.js';
import { tooLarge, unreadable } from './input-errors.js';
import type { SourceRecord } from './source-record.js';

export interface TextSource {
  readonly file: string;
  readonly name: string;
  readonly encoding: Encoding;
}
export type Layout = { readonly layout: 'csv'; readonly delimiter: ',' | '\t' | ';' } | { readonly layout: 'json-lines'; readonly keys: readonly string[] };

const KEYS_MAX = 256;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const GARBAGE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/;
const ICONV_NAMES: Readonly<Record<Encoding, string>> = { 'utf-8': 'utf8', 'utf-16le': 'utf16-le', 'utf-16be': 'utf16-be', gb18030: 'gb18030' };

export async function* decoded({ file, encoding }: TextSource): AsyncGenerator<string> {
  const decoder = iconv.getDecoder(ICONV_NAMES[encoding], { stripBOM: true } as never);
  for await (const chunk of createReadStream(file, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>) {
    const text = decoder.write(chunk);
    if (text) yield text;
  }
  const rest = decoder.end();
  if (rest) yield rest;
}

/** GB18030 assigns nearly every pair of bytes, UTF-16 every one: what gives garbage away is an unassigned pair, half a pair or a control character. */
export async function assertText(source: TextSource): Promise<void> {
  let high = false;
  for await (const text of decoded(source)) {
    const whole = high ? `\ud800${text}` : text;
    high = /[\ud800-\udbff]$/.test(text);
    if (GARBAGE.test(text) || !(high ? whole.slice(0, -1) : whole).isWellFormed()) throw unreadable(source.name, { reason: 'encoding' });
  }
  if (high) throw unreadable(source.name, { reason: 'encoding' });
}

/** By the first line: an object is JSON Lines; else the sign that parts most cells. JSON is read once for its keys. */
export async function layoutOf(source: TextSource): Promise<Layout> {
  let head = '';
  for await (const text of decoded(source)) {
    head += text;
    if (head.includes('\n') || head.length > LINE_MAX_BYTES) break;
  }
  const line = head.trimStart().split(/\r?\n/, 1)[0] ?? '';
  if (line.startsWith('{')) return { layout: 'json-lines', keys: await keysOf(source) };
  const bare = line.replace(/"(?:[^"]|"")*"/g, '');
  const count = (sign: string): number => bare.split(sign).length - 1;
  const [tabs, commas, semicolons] = [count('\t'), count(','), count(';')];
  return { layout: 'csv', delimiter: tabs > 0 && tabs >= commas ? '\t' : semicolons > commas ? ';' : ',' };
}

/** @throws FILE_UNREADABLE, PAYLOAD_TOO_LARGE */
export async function* textRecords(source: TextSource, layout: Layout): AsyncGenerator<SourceRecord> {
  if (layout.layout === 'csv') yield* csvRecords(source, layout.delimiter);
  else {
    yield { line: 0, cells: layout.keys };
    for await (const { line, object } of jsonObjects(source)) yield { line, cells: layout.keys.map((key) => textOf(object[key], source.name, line)) };
  }
}

async function* csvRecords(source: TextSource, delimiter: string): AsyncGenerator<SourceRecord> {
  const parser = parse({ bom: true, info: true, delimiter, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, max_record_size: LINE_MAX_BYTES });
  const text = Readable.from(decoded(source), { objectMode: true, highWaterMark: 1 });
  text.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: { lines: number }; record: string[] }>) yield { line: info.lines, cells: record };
  } catch (error) {
    throw csvFailure(error, source.name);
  } finally {
    text.destroy();
  }
}

function csvFailure(error: unknown, file: string): DomainError {
  if (error instanceof DomainError) return error;
  const { code, lines } = error as { code?: string; lines?: number };
  const at: SafeFields = typeof lines === 'number' ? { line: lines } : {};
  if (code === 'CSV_MAX_RECORD_SIZE') return tooLarge(file, { ...at, maxBytes: LINE_MAX_BYTES });
  return unreadable(file, { reason: code?.startsWith('CSV_') ? 'not CSV' : code ?? 'unreadable', ...at });
}

async function* jsonObjects(source: TextSource): AsyncGenerator<{ line: number; object: Readonly<Record<string, unknown>> }> {
  let rest = '';
  let line = 0;
  const read = (text: string): Readonly<Record<string, unknown>> | null => {
    line += 1;
    if (text.trim() === '') return null;
    if (text.length > LINE_MAX_BYTES) throw tooLarge(source.name, { line, maxBytes: LINE_MAX_BYTES });
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
    } catch { /* told below: the parser's message quotes the text */ }
    throw unreadable(source.name, { reason: 'not JSON Lines', line });
  };
  for await (const text of decoded(source)) {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? '';
    if (rest.length > LINE_MAX_BYTES) throw tooLarge(source.name, { line: line + 1, maxBytes: LINE_MAX_BYTES });
    for (const content of lines) {
      const object = read(content);
      if (object !== null) yield { line, object };
    }
  }
  const object = read(rest);
  if (object !== null) yield { line, object };
}

async function keysOf(source: TextSource): Promise<string[]> {
  const keys = new Set<string>();
  for await (const { line, object } of jsonObjects(source)) {
    for (const key of Object.keys(object)) keys.add(key);
    if (keys.size > KEYS_MAX) throw tooLarge(source.name, { line, maxKeys: KEYS_MAX });
  }
  return [...keys];
}

/** Own text of a JSON value: an integer that JSON.parse could not hold exactly would come out as another number. */
function textOf(value: unknown, file: string, line: number): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) || !Number.isInteger(value) ? String(value) : value.toExponential();
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(';');
  throw unreadable(file, { reason: 'nested JSON', line });
}
