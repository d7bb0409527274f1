/** Text files: decoding, and records of CSV, TSV and JSON Lines. */
import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import iconv from 'iconv-lite';
import { DomainError } from '#kernel';
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

/** In pieces, because a step of an asynchronous generator costs more than a row. @throws FILE_UNREADABLE, PAYLOAD_TOO_LARGE */
export async function* textRecords(source: TextSource, layout: Layout): AsyncGenerator<readonly SourceRecord[]> {
  if (layout.layout === 'csv') {
    yield* csvRecords(source, layout.delimiter);
    return;
  }
  yield [{ line: 0, cells: layout.keys }];
  for await (const objects of jsonObjects(source)) yield objects.map(({ line, object }) => ({ line, cells: layout.keys.map((key) => textOf(object[key], source.name, line)) }));
}

/** The parser is fed and emptied by hand: its own count of lines costs more than the parsing. A quoted cell may hold lines of its own. */
async function* csvRecords(source: TextSource, delimiter: string): AsyncGenerator<readonly SourceRecord[]> {
  const parser = parse({ bom: true, delimiter, relax_column_count: true, relax_quotes: true, max_record_size: LINE_MAX_BYTES });
  let failure: unknown = null;
  parser.on('error', (error) => { failure = error; });
  let line = 0;
  const taken = (): SourceRecord[] => {
    const records: SourceRecord[] = [];
    for (let cells = parser.read() as string[] | null; cells !== null; cells = parser.read() as string[] | null) {
      line += 1 + cells.reduce((sum, cell) => (cell.includes('\n') ? sum + cell.split('\n').length - 1 : sum), 0);
      if (cells.length > 1 || cells[0] !== '') records.push({ line, cells });
    }
    return records;
  };
  try {
    for await (const text of decoded(source)) {
      const fed = new Promise<void>((resolve) => { parser.write(text, () => { resolve(); }); });
      yield taken();
      await fed;
      if (failure !== null) throw failure;
    }
    const ended = new Promise<void>((resolve) => { parser.once('end', resolve).once('close', resolve); });
    parser.end();
    let last = taken();
    while (last.length > 0) {
      yield last;
      last = taken();
    }
    await ended;
    if (failure !== null) throw failure;
    yield taken();
  } catch (error) {
    throw csvFailure(error, source.name, line + 1);
  } finally {
    parser.destroy();
  }
}

function csvFailure(error: unknown, file: string, line: number): DomainError {
  if (error instanceof DomainError) return error;
  const { code, lines } = error as { code?: string; lines?: number };
  if (code === 'CSV_MAX_RECORD_SIZE') return tooLarge(file, { line: lines ?? line, maxBytes: LINE_MAX_BYTES });
  return unreadable(file, { reason: code?.startsWith('CSV_') ? 'not CSV' : code ?? 'unreadable', line: lines ?? line });
}

type JsonLine = { readonly line: number; readonly object: Readonly<Record<string, unknown>> };

async function* jsonObjects(source: TextSource): AsyncGenerator<JsonLine[]> {
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
    yield lines.flatMap((content) => {
      const object = read(content);
      return object === null ? [] : [{ line, object }];
    });
  }
  const object = read(rest);
  if (object !== null) yield [{ line, object }];
}

async function keysOf(source: TextSource): Promise<string[]> {
  const keys = new Set<string>();
  for await (const objects of jsonObjects(source)) {
    for (const { line, object } of objects) {
      for (const key of Object.keys(object)) keys.add(key);
      if (keys.size > KEYS_MAX) throw tooLarge(source.name, { line, maxKeys: KEYS_MAX });
    }
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
