/** Feeds files and database dumps to the index in overlapping chunks, so that nothing hides on a boundary. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { PatternIndex } from './pattern-index.js';

export type Place = 'table' | 'directory' | 'job' | 'log';
export interface PlaceFinding {
  readonly place: Place;
  /** Table or file name: what an operator needs to find the leak; never the value. */
  readonly where: string;
  readonly value: number;
  readonly encoding: number;
}

export async function scanStream(index: PatternIndex, chunks: AsyncIterable<Buffer>, place: Place, where: string, out: PlaceFinding[]): Promise<number> {
  let total = 0;
  let carry: Buffer = Buffer.alloc(0);
  let seen = 0; // bytes at the head of `carry` whose patterns were reported: kept for the look at what stands before
  const report = (finding: { value: number; encoding: number }): void => { out.push({ place, where, ...finding }); };
  for await (const chunk of chunks) {
    total += chunk.length;
    const bytes = carry.length === 0 ? chunk : Buffer.concat([carry, chunk]);
    const end = Math.max(seen, bytes.length - index.longest);
    index.scan(bytes, seen, end, report);
    const keepFrom = Math.max(0, end - 1);
    seen = end - keepFrom;
    carry = Buffer.from(bytes.subarray(keepFrom));
  }
  index.scan(carry, seen, carry.length, report);
  return total;
}

export async function scanFolder(index: PatternIndex, folder: string, place: Place, out: PlaceFinding[]): Promise<number> {
  let total = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    total += await scanFile(index, file, place, path.relative(folder, file), out);
  }
  return total;
}

/** A running server removes files of its own (relation caches, old log segments) while they are read; others may not vanish. */
async function scanFile(index: PatternIndex, file: string, place: Place, where: string, out: PlaceFinding[]): Promise<number> {
  try {
    return await scanStream(index, createReadStream(file, { highWaterMark: 4 << 20 }) as AsyncIterable<Buffer>, place, where, out);
  } catch (error) {
    if (place === 'directory' && (error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
