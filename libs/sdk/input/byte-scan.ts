/** First reading of a file: its hash, its format by its first bytes, its encoding. Streams; holds one chunk. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { DomainError } from '#kernel';
import { tooLarge, unreadable } from './input-errors.js';

/** A line without end is refused. The longest value, a complaint of 32,000 characters, takes 192,000 bytes where JSON escapes each of them. */
export const LINE_MAX_BYTES = 256 * 1024;
export const READ_BYTES = 64 * 1024;
export type Format = 'text' | 'xlsx' | 'parquet';
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

export interface ByteScan {
  /** SHA-256 of the file, hex. */
  readonly digest: string;
  readonly bytes: number;
  readonly format: Format;
  /** Of a text: UTF-16 by its mark or by its zero bytes; UTF-8 when every byte fits; null: neither. */
  readonly encoding: Exclude<Encoding, 'gb18030'> | null;
}

/** Magic numbers: ZIP (PKWARE APPNOTE 4.3.7), Parquet, Compound File Binary (old Excel, or an encrypted workbook). */
function formatOf(head: Buffer, name: string): Format {
  if (head.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') return 'xlsx';
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
  if (head.subarray(0, 8).toString('hex') === 'd0cf11e0a1b11ae1') throw unreadable(name, { reason: 'old or encrypted Excel file; save it as .xlsx without a password' });
  if (head.subarray(0, 5).toString('latin1') === '%PDF-') throw unreadable(name, { reason: 'PDF' });
  return 'text';
}

/** A byte order mark, or zero bytes on one side of nearly every pair: Latin text and digits look so. */
function utf16Of(head: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const pairs = Math.floor(Math.min(head.length, 512) / 2);
  let even = 0;
  let odd = 0;
  for (let i = 0; i < pairs; i++) {
    if (head[2 * i] === 0) even += 1;
    if (head[2 * i + 1] === 0) odd += 1;
  }
  if (pairs < 4 || even + odd < pairs * 0.4) return null;
  return odd > even * 4 ? 'utf-16le' : even > odd * 4 ? 'utf-16be' : null;
}

/** @throws FILE_UNREADABLE, PAYLOAD_TOO_LARGE (a line of a text) */
export async function scanBytes(file: string, name: string): Promise<ByteScan> {
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let format: Format | null = null;
  let utf16: 'utf-16le' | 'utf-16be' | null = null;
  let utf8 = true;
  let bytes = 0;
  const lines = new LineMeter(name);
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      if (format === null) {
        format = formatOf(chunk, name);
        utf16 = format === 'text' ? utf16Of(chunk) : null;
      }
      bytes += chunk.length;
      if (format !== 'text' || utf16 !== null) continue;
      if (chunk.includes(0)) throw unreadable(name, { reason: 'binary' });
      lines.add(chunk);
      if (utf8) utf8 = decodes(decoder, chunk);
    }
    if (utf8) utf8 = decodes(decoder, null);
  } catch (error) {
    throw error instanceof DomainError ? error : unreadable(name, { reason: (error as NodeJS.ErrnoException).code ?? 'unreadable' });
  }
  return { digest: hash.digest('hex'), bytes, format: format ?? 'text', encoding: utf16 ?? (utf8 ? 'utf-8' : null) };
}

class LineMeter {
  private line = 1;
  private lineBytes = 0;
  constructor(private readonly file: string) {}

  add(chunk: Buffer): void {
    for (let from = 0; from <= chunk.length;) {
      const end = chunk.indexOf(10, from);
      this.lineBytes += (end < 0 ? chunk.length : end) - from;
      if (this.lineBytes > LINE_MAX_BYTES) throw tooLarge(this.file, { line: this.line, maxBytes: LINE_MAX_BYTES });
      if (end < 0) break;
      this.line += 1;
      this.lineBytes = 0;
      from = end + 1;
    }
  }
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
