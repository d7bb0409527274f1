/**
 * Backup and restore of a vault, streamed, encrypted under a passphrase of its own. A restored vault may be older than what was sent since,
 * and may be restored twice; so it never goes on where the old one was: it draws a new seed of blinds, forgets the journal of batches, and
 * closes what was running. No blind of before can come again, whatever is asked of it.
 */
import { createReadStream, createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { DomainError } from '#kernel';
import type { PartyHome } from '../keys/party-home.js';
import { BackupFrames, damaged, newHeader, parseHeader, type BackupHeader } from './backup-format.js';
import { materialOf, newVaultKeys, textOf, VaultKeys, writeVaultKeys } from './vault-keys.js';
import type { MoveRecord, PublicationRecord } from './vault-records.js';
import { openStoreAt, put, Vault, META, META_TEXT, type Write } from './vault.js';

const FRAME_BYTES = 256 * 1024;
/** A record that is longer goes over several frames: a chunk that waits to be sent can have megabytes. */
const FRAME_MOST_BYTES = 1024 * 1024;
const HEADER_MAX = 4096;
const KEYS_LINE = 'keys';

/** Writes beside and renames: a backup that has its name is whole. @returns how many records it holds */
export async function backupVault(home: PartyHome, vault: Vault, file: string, passphrase: string, now: Date): Promise<number> {
  if (existsSync(file)) throw new DomainError('ALREADY_EXISTS', 'the backup file exists', { file: 'backup' });
  const header = newHeader(home.party.partyId, home.party.federationId, now.toISOString());
  const line = JSON.stringify(header);
  const frames = new BackupFrames(line, header.salt, passphrase);
  const draft = `${file}.${process.pid}.new`;
  const out = createWriteStream(draft, { mode: 0o600, flags: 'wx', flush: true });
  try {
    const write = async (bytes: string | Buffer): Promise<void> => { if (!out.write(bytes)) await once(out, 'drain'); };
    await write(`${line}\n`);
    let text = `${JSON.stringify([KEYS_LINE, textOf(vault.keys.material)])}\n`;
    let records = 0;
    for await (const entry of vault.everything()) {
      records += 1;
      text += `${JSON.stringify(entry)}\n`;
      if (text.length < FRAME_BYTES) continue;
      for (const piece of piecesOf(Buffer.from(text))) await write(frames.seal(piece, false));
      text = '';
    }
    await write(frames.seal(Buffer.from(text), true));
    out.end();
    await finished(out);
    renameSync(draft, file);
    await vault.noteBackup(header.createdAt);
    return records;
  } catch (error) {
    out.destroy();
    rmSync(draft, { force: true });
    throw error;
  }
}

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += FRAME_MOST_BYTES) yield bytes.subarray(from, from + FRAME_MOST_BYTES);
}

export interface Restored {
  readonly records: number;
  /** When the backup was made. */
  readonly createdAt: string;
}

/**
 * @param wrap passphrase of the vault.key that is made; null leaves it to its mode
 * @throws ALREADY_EXISTS where a vault is; VAULT_INVALID for another passphrase, another party, or a file that is not whole
 */
export async function restoreVault(home: PartyHome, file: string, passphrase: string, wrap: string | null): Promise<Restored> {
  const folder = home.file('vault.restoring');
  // A restore that was cut off may have written its key; whoever had a vault has its folder too.
  const interrupted = existsSync(folder);
  if (existsSync(home.file('vault')) || (existsSync(home.file('vault.key')) && !interrupted)) throw new DomainError('ALREADY_EXISTS', 'the home has a vault', { file: 'vault' });
  if (interrupted) rmSync(home.file('vault.key'), { force: true });
  rmSync(folder, { recursive: true, force: true });
  const store = await openStoreAt(folder);
  let keys: VaultKeys | null = null;
  let records = 0;
  let header: BackupHeader;
  try {
    const reading = readBackup(file, passphrase, (found) => assertOwn(home, found));
    let writes: Write[] = [];
    for (let next = await reading.next(); ; next = await reading.next()) {
      if (next.done) { header = next.value; break; }
      const [key, value] = next.value;
      if (keys === null) {
        if (key !== KEYS_LINE) throw damaged('order');
        keys = new VaultKeys(materialOf(value)).withFreshBlinds();
        continue;
      }
      records += 1;
      const kept = restored(key, value);
      if (kept !== null) writes.push(put(key, kept));
      if (writes.length >= 1000) { await store.batch(writes as never); writes = []; }
    }
    keys ??= newVaultKeys();
    await store.batch([...writes, put(META, keys.seal(META_TEXT, META))] as never, { sync: true });
  } catch (error) {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  await store.close();
  writeVaultKeys(home.file('vault.key'), keys, wrap);
  renameSync(folder, home.file('vault'));
  return { records, createdAt: header.createdAt };
}

/** What a record becomes; null: it stays behind. */
function restored(key: string, value: string): string | null {
  if (key.startsWith('b/')) return null;
  if (key.startsWith('p/')) {
    const record = JSON.parse(value) as PublicationRecord;
    return record.state === 'RUNNING' ? JSON.stringify({ ...record, restored: true }) : value;
  }
  if (key.startsWith('m/')) return (JSON.parse(value) as MoveRecord).state === 'RUNNING' ? null : value;
  return value;
}

function assertOwn(home: PartyHome, { partyId, federationId }: BackupHeader): void {
  if (partyId !== home.party.partyId || federationId !== home.party.federationId) throw new DomainError('VAULT_INVALID', 'the backup is of another party', { reason: 'another party' });
}

/** Lines of the frames in order; the header at the end, when all of it has been verified. */
async function* readBackup(file: string, passphrase: string, check: (header: BackupHeader) => void): AsyncGenerator<[key: string, value: string], BackupHeader> {
  let rest: Buffer = Buffer.alloc(0);
  let header: BackupHeader | null = null;
  let frames: BackupFrames | null = null;
  let waiting: Buffer | null = null;
  let begun: Buffer = Buffer.alloc(0); // of a record that goes on in the next frame
  const lines = function* (plain: Buffer): Generator<[string, string]> {
    const bytes = Buffer.concat([begun, plain]);
    const end = bytes.lastIndexOf(0x0a) + 1;
    begun = bytes.subarray(end);
    for (const line of bytes.toString('utf8', 0, end).split('\n')) if (line !== '') yield JSON.parse(line) as [string, string];
  };
  for await (const piece of readable(file)) {
    rest = Buffer.concat([rest, piece]);
    if (frames === null) {
      const end = rest.indexOf(0x0a);
      if (end < 0 && rest.length <= HEADER_MAX) continue;
      const line = rest.toString('utf8', 0, Math.max(0, end));
      header = parseHeader(line);
      check(header);
      frames = new BackupFrames(line, header.salt, passphrase);
      rest = rest.subarray(end + 1);
    }
    while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
      const length = rest.readUInt32BE(0);
      if (waiting !== null) yield* lines(frames.open(waiting, false));
      waiting = rest.subarray(4, 4 + length);
      rest = rest.subarray(4 + length);
    }
    if (rest.length > 4 && rest.readUInt32BE(0) > 2 * 1024 * 1024) throw damaged('frame');
  }
  if (frames === null || header === null || waiting === null || rest.length > 0) throw damaged('cut off');
  yield* lines(frames.open(waiting, true));
  if (begun.length > 0) throw damaged('cut off');
  return header;
}

async function* readable(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file) as AsyncIterable<Buffer>;
  } catch (error) {
    throw new DomainError('FILE_UNREADABLE', 'the backup cannot be read', { file: 'backup', reason: (error as NodeJS.ErrnoException).code ?? 'unreadable' });
  }
}
