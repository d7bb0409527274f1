/**
 * Change of the vault's key, record by record: everything sealed is sealed anew, every entry of the index gets one more key on top (for
 * which no value is needed, so that purged clues keep their place), blinds get another seed. The new key waits in vault.key.next until
 * the last record is done; a run that was cut off goes on with the same two keys. Afterwards the old file opens nothing.
 */
import { existsSync, renameSync } from 'node:fs';
import { DomainError } from '#kernel';
import type { PartyHome } from '../keys/party-home.js';
import { readVaultKeys, writeVaultKeys, type VaultKeys } from './vault-keys.js';
import type { ClueRecord, LocalRecord } from './vault-records.js';
import { del, META, META_TEXT, put, vaultKey, Vault, type Write } from './vault.js';

const WRITES_AT_ONCE = 1_000;

export interface Rekeyed {
  readonly records: number;
  /** An earlier run had begun it. */
  readonly resumed: boolean;
}

export interface RekeySecrets {
  /** Of vault.key as it is; null when it is not wrapped. */
  readonly current: string | null;
  /** Of vault.key as it will be; null leaves it to the file's mode. */
  readonly next: string | null;
}

/** @throws VAULT_INVALID; nothing is lost by running it again */
export async function rekeyVault(home: PartyHome, secrets: RekeySecrets, onProgress: (records: number) => void = () => undefined): Promise<Rekeyed> {
  const waiting = home.file('vault.key.next');
  const resumed = existsSync(waiting);
  const vault = await Vault.open(home, secrets.current, { rekeying: true });
  try {
    const old = vault.keys;
    if (!resumed) writeVaultKeys(waiting, old.next(), secrets.next);
    const keys = readVaultKeys(waiting, secrets.next);
    if (keys.generation !== old.generation + 1) throw new DomainError('VAULT_INVALID', 'vault.key.next is not of this vault', { file: 'vault.key.next', reason: 'generation' });
    const records = await rekeyRecords(vault, old, keys, onProgress);
    await vault.write([put(META, keys.seal(META_TEXT, META))]);
    await vault.compact();
    renameSync(waiting, home.file('vault.key'));
    return { records, resumed };
  } finally {
    await vault.close();
  }
}

async function rekeyRecords(vault: Vault, old: VaultKeys, keys: VaultKeys, onProgress: (records: number) => void): Promise<number> {
  let records = 0;
  let writes: Write[] = [];
  const flush = async (): Promise<void> => {
    await vault.write(writes);
    writes = [];
    onProgress(records);
  };
  for (const rekeyed of [rekeyedClues, rekeyedLocals, rekeyedTokens]) {
    for await (const changes of rekeyed(vault, old, keys)) {
      records += 1;
      writes.push(...changes);
      if (writes.length >= WRITES_AT_ONCE) await flush();
    }
    await flush();
  }
  // Of the old key's blinds and digests: an interrupted batch goes out as another one.
  await vault.clear('b/');
  await vault.clear('t/');
  return records;
}

async function* rekeyedClues(vault: Vault, old: VaultKeys, keys: VaultKeys): AsyncGenerator<Write[]> {
  for await (const [key, text] of vault.entries('c/')) {
    const record = JSON.parse(text) as ClueRecord;
    if ((record.generation ?? 1) >= keys.generation) continue;
    const clueId = key.slice('c/'.length);
    const indexKey = keys.step(record.indexKey);
    const held = await vault.get(vaultKey.exact(record.indexKey)) === clueId;
    const sealed = record.sealed === undefined ? {} : { sealed: keys.seal(old.open(record.sealed, key), key) };
    yield [put(key, { ...record, indexKey, generation: keys.generation, ...sealed }), ...(held ? [del(vaultKey.exact(record.indexKey)), put(vaultKey.exact(indexKey), clueId)] : [])];
  }
}

async function* rekeyedLocals(vault: Vault, old: VaultKeys, keys: VaultKeys): AsyncGenerator<Write[]> {
  for await (const [key, text] of vault.entries('n/')) {
    const record = JSON.parse(text) as LocalRecord;
    if ((record.generation ?? 1) < keys.generation) yield [put(key, { ...record, generation: keys.generation, sealed: keys.seal(old.open(record.sealed, key), key) })];
  }
}

async function* rekeyedTokens(vault: Vault, _old: VaultKeys, keys: VaultKeys): AsyncGenerator<Write[]> {
  for await (const [key, value] of vault.entries('w/')) {
    const [token, generation = '1'] = value.split('@');
    const [, epoch, index] = key.split('/');
    if (Number(generation) < keys.generation) yield [del(key), put(vaultKey.weak(Number(epoch), keys.step(index!)), `${token}@${keys.generation}`)];
  }
}
