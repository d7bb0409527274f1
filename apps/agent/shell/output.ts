/** What commands write into files, and others' words on a terminal. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DomainError } from '#kernel';

/** @param mode 0644 for what others are meant to read @throws FILE_UNREADABLE when it cannot be written */
export function writeOut(file: string, text: string, mode: 0o600 | 0o644 = 0o600): void {
  try {
    writeFileSync(file, text, { mode });
  } catch (error) {
    throw new DomainError('FILE_UNREADABLE', 'file cannot be written', { file: path.basename(file), reason: (error as NodeJS.ErrnoException).code ?? 'unwritable' });
  }
}

/** From another party: no control characters, no second line on a terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}
