/** Reading and writing files that only their owner may read. */
import { chmodSync, closeSync, fchmodSync, fstatSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DomainError, type ErrorCode } from '#kernel';

const PRIVATE_MODE = 0o600;

/** Writes beside and renames, so that a crash leaves the old file or the new one, never half of one. */
export function writePrivateFile(file: string, content: string | Uint8Array): void {
  const draft = `${file}.${process.pid}.new`;
  const handle = openSync(draft, 'w', PRIVATE_MODE);
  try {
    fchmodSync(handle, PRIVATE_MODE);
    writeFileSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, file);
  chmodSync(file, PRIVATE_MODE);
}

/** @throws `code` when the file is missing, or readable by group or others; the file's name only is told */
export function readPrivateFile(file: string, code: ErrorCode): Buffer {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch (error) {
    throw new DomainError(code, 'private file cannot be opened', { file: path.basename(file), reason: (error as NodeJS.ErrnoException).code ?? 'unreadable' });
  }
  try {
    const mode = fstatSync(handle).mode & 0o777;
    if ((mode & 0o077) !== 0) throw new DomainError(code, 'private file is open to others', { file: path.basename(file), mode: mode.toString(8), required: '600' });
    return readFileSync(handle);
  } finally {
    closeSync(handle);
  }
}
