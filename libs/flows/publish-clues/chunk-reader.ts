/**
 * Reads one chunk of newline-delimited JSON into a batch. Everything about the body is chosen by whoever uploads it, so lines, bytes and
 * their number are bounded while they arrive; what is kept of a line is its COPY text only.
 */
import { createHash } from 'node:crypto';
import type { StagedBatch } from '#domain/clues';
import { DomainError } from '#kernel';

export const CHUNK_LIMITS = { lines: 5_000, lineBytes: 64 * 1024, bytes: 8 * 1024 * 1024 } as const;
const NEWLINE = 0x0a;

/** What takes the parsed lines. */
export type LineTaker = Pick<StagedBatch<never>, 'add' | 'addUnreadable' | 'received'>;

export interface ReadChunk<B extends LineTaker> {
  readonly batch: B;
  /** SHA-256 of the bytes after any content coding: what makes a repeat a repeat. */
  readonly sha256: Buffer;
}

/** @throws DomainError PAYLOAD_TOO_LARGE, LIMIT_EXCEEDED, BAD_INPUT for an empty chunk */
export async function readChunk<B extends LineTaker>(body: AsyncIterable<Buffer>, batch: B): Promise<ReadChunk<B>> {
  const hash = createHash('sha256');
  let rest: Buffer = Buffer.alloc(0);
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > CHUNK_LIMITS.bytes) throw new DomainError('PAYLOAD_TOO_LARGE', 'chunk', { limitBytes: CHUNK_LIMITS.bytes });
    hash.update(piece);
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      addLine(batch, bytes, start, end);
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > CHUNK_LIMITS.lineBytes) throw tooLong(batch);
  }
  addLine(batch, rest, 0, rest.length);
  if (batch.received === 0) throw new DomainError('BAD_INPUT', 'the chunk is empty', { field: 'body' });
  return { batch, sha256: hash.digest() };
}

function addLine(batch: LineTaker, bytes: Buffer, start: number, end: number): void {
  if (end === start) return;
  if (end - start > CHUNK_LIMITS.lineBytes) throw tooLong(batch);
  if (batch.received >= CHUNK_LIMITS.lines) throw new DomainError('LIMIT_EXCEEDED', 'lines', { limit: 'lines', maximum: CHUNK_LIMITS.lines });
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8', start, end));
  } catch {
    return batch.addUnreadable();
  }
  batch.add(value);
}

function tooLong(batch: LineTaker): DomainError {
  return new DomainError('LIMIT_EXCEEDED', 'line', { limit: 'lineBytes', maximum: CHUNK_LIMITS.lineBytes, line: batch.received + 1 });
}
