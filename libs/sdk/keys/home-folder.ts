/** What the homes of parties and of key-holders have in common: a folder for one person's eyes, and JSON files in it. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generatePrivateJwk, keyIdOf, type PrivateJwk } from '#crypto';
import { DomainError } from '#kernel';
import { writePrivateFile } from './private-file.js';

/** Makes the folder and those below it, each of mode 0700. @throws ALREADY_EXISTS when `mark`, the file that makes it a home, is there; CONFIG_INVALID when it cannot be made */
export function makeHomeFolders(directory: string, mark: string, below: readonly string[]): void {
  if (existsSync(path.join(directory, mark))) throw new DomainError('ALREADY_EXISTS', 'the folder holds a home already', { file: mark });
  try {
    for (const folder of [directory, ...below.map((name) => path.join(directory, name))]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      chmodSync(folder, 0o700);
    }
  } catch (error) {
    throw new DomainError('CONFIG_INVALID', 'the folder cannot be made', { folder: path.basename(directory), reason: (error as NodeJS.ErrnoException).code ?? 'unwritable' });
  }
}

/** @throws CONFIG_INVALID when the file is missing or not JSON */
export function readHomeJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new DomainError('CONFIG_INVALID', 'home file missing or not JSON', { file: path.basename(file), reason: (error as NodeJS.ErrnoException).code ?? 'not JSON' });
  }
}

/** A new key in a file of mode 0600. @param more what else the file says, beside kid and key */
export function writeNewKey(file: string, more: object = {}): PrivateJwk {
  const jwk = generatePrivateJwk();
  writePrivateFile(file, `${JSON.stringify({ ...more, kid: keyIdOf(jwk), ...jwk }, null, 2)}\n`);
  return jwk;
}

/** public.json, which everybody may read. */
export function writePublicFile(file: string, open: object): void {
  writeFileSync(file, `${JSON.stringify(open, null, 2)}\n`);
}
