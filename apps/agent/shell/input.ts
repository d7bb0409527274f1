/** Reading what a command is given as a file or, for `-`, on standard input. Values never come from arguments. */
import { createReadStream, readFileSync } from 'node:fs';
import path from 'node:path';
import { DomainError, type ErrorCode } from '#kernel';
import { parsePublicFile, type PublicFile } from '#sdk';
import type { Shell } from './shell.js';

const LINES_MAX = 5_000;
const TEXT_MAX = 4 * 1024 * 1024;

/** @throws `code` when the file is missing or not JSON */
export function readJsonFile(file: string, code: ErrorCode): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'not JSON';
    throw new DomainError(code, 'file missing or not JSON', { file: path.basename(file), reason });
  }
}

/** Lines with their numbers; empty ones are left out. @throws FILE_UNREADABLE, LIMIT_EXCEEDED */
export async function readLines(shell: Shell, source: string): Promise<{ line: number; text: string }[]> {
  const stream = source === '-' ? shell.streams.stdin : createReadStream(source);
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of stream) {
      const bytes = Buffer.from(part as Buffer);
      size += bytes.length;
      if (size > TEXT_MAX) throw new DomainError('PAYLOAD_TOO_LARGE', 'input too large', { maxBytes: TEXT_MAX });
      parts.push(bytes);
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
    const lines = text.split(/\r?\n/).map((content, i) => ({ line: i + 1, text: content })).filter((entry) => entry.text.trim() !== '');
    if (lines.length > LINES_MAX) throw new DomainError('LIMIT_EXCEEDED', 'too many lines', { maximum: LINES_MAX });
    return lines;
  } catch (error) {
    if (error instanceof DomainError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    // Not even the name: somebody may have typed a value where a file belongs.
    throw new DomainError('FILE_UNREADABLE', 'input unreadable', { source: source === '-' ? 'stdin' : 'file', reason });
  }
}

/** A party's, holder's or hub's public.json. @throws FILE_UNREADABLE, BAD_INPUT */
export function readPublicFile(file: string, subject?: string): PublicFile {
  return parsePublicFile(readJsonFile(file, 'FILE_UNREADABLE'), subject);
}
