/**
 * The key under which hashes of identity numbers are shown as pseudonyms: 32 random bytes in a file of the user's own, so that two looks at two files
 * can be compared. Without a place to keep it, or where others may read it, a key of the run takes its place.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const BYTES = 32;

/** @param folder where the key is kept, made if absent; null: nowhere */
export function pseudonymKey(folder: string | null): Uint8Array {
  if (folder === null) return randomBytes(BYTES);
  const file = path.join(folder, 'pseudonym.key');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    try {
      writeFileSync(file, randomBytes(BYTES), { mode: 0o600, flag: 'wx' });
    } catch { /* there already, perhaps by a run at the same moment */ }
    const key = readFileSync(file);
    if (key.length === BYTES && (statSync(file).mode & 0o077) === 0) return key;
  } catch { /* read-only or not ours */ }
  return randomBytes(BYTES);
}
