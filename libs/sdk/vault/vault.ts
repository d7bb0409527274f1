/**
 * The agent's memory: an embedded store (classic-level) beside its key. Keys of the store:
 *   meta                      check value of the vault key
 *   x/<index>                 clue id of an exact form          w/<index>   token of a weak form
 *   c/<clue id>               ClueRecord                        r/<clue id>/<file id>/<line>   the row's name
 *   n/<file id>/<line>        LocalRecord                       b/<publication id>/<window>    BatchRecord
 *   p/<publication id>        PublicationRecord                 k/<publication id>/<seq>       ChunkRecord
 * All that belongs together is written in one atomic batch, flushed to disk: a kill leaves all of it or nothing.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { ClassicLevel } from 'classic-level';
import { DomainError, type ClueId } from '#kernel';
import type { PartyHome } from '../keys/party-home.js';
import { VaultKeys, createVaultKeys, readVaultKeys } from './vault-keys.js';
import type { BatchRecord, ChunkRecord, ClueRecord, LocalRecord, PublicationRecord, RowRef, SealedClue } from './vault-records.js';

/** LevelDB maps its files: few and small ones keep a vault of a million rows from filling the memory. */
const STORE_OPTIONS = { writeBufferSize: 1 << 20, cacheSize: 2 << 20, maxOpenFiles: 80, maxFileSize: 1 << 20 };
const LOCK_TRIES = 25;
const LOCK_PAUSE_MS = 200;
const META = 'meta';
const META_TEXT = 'tallystick vault 1';

export type Write = { readonly type: 'put'; readonly key: string; readonly value: string } | { readonly type: 'del'; readonly key: string };
export const put = (key: string, value: unknown): Write => ({ type: 'put', key, value: typeof value === 'string' ? value : JSON.stringify(value) });
export const del = (key: string): Write => ({ type: 'del', key });

export const vaultKey = {
  exact: (index: string) => `x/${index}`,
  weak: (index: string) => `w/${index}`,
  clue: (clueId: string) => `c/${clueId}`,
  row: ({ clueId, fileId, line }: Omit<RowRef, 'row'>) => `r/${clueId}/${fileId}/${ordinal(line)}`,
  local: (fileId: string, line: number) => `n/${fileId}/${ordinal(line)}`,
  batch: (publicationId: string, window: number) => `b/${publicationId}/${ordinal(window)}`,
  publication: (publicationId: string) => `p/${publicationId}`,
  chunk: (publicationId: string, seq: number) => `k/${publicationId}/${ordinal(seq)}`,
};

export class Vault {
  private lastWrite: Promise<unknown> = Promise.resolve();

  private constructor(private readonly store: ClassicLevel<string, string>, readonly keys: VaultKeys) {}

  /** @throws VAULT_INVALID: key missing, too open or of another vault; store damaged or in use by another process */
  static async open(home: PartyHome): Promise<Vault> {
    const folder = home.file('vault');
    const fresh = !existsSync(folder);
    const keys = fresh ? createVaultKeys(home.file('vault.key')) : readVaultKeys(home.file('vault.key'));
    if (fresh) mkdirSync(folder, { mode: 0o700, recursive: true });
    const store = new ClassicLevel<string, string>(folder, STORE_OPTIONS);
    await openStore(store);
    const vault = new Vault(store, keys);
    const meta = await store.get(META);
    if (meta === undefined) await vault.write([put(META, keys.seal(META_TEXT, META))]);
    else await vault.checkMeta(meta);
    return vault;
  }

  async close(): Promise<void> {
    await this.store.close();
  }

  /** One atomic, durable write; writes take effect in the order they were asked for. */
  async write(writes: readonly Write[]): Promise<void> {
    const write = this.lastWrite.then(() => this.store.batch(writes as Write[], { sync: true }));
    this.lastWrite = write.catch(() => undefined);
    await write;
  }

  async getMany(keys: readonly string[]): Promise<(string | undefined)[]> {
    return this.store.getMany(keys as string[]);
  }

  async clue(clueId: string): Promise<ClueRecord | undefined> {
    return this.json<ClueRecord>(vaultKey.clue(clueId));
  }

  async clues(clueIds: readonly string[]): Promise<(ClueRecord | undefined)[]> {
    const found = await this.getMany(clueIds.map(vaultKey.clue));
    return found.map((text) => (text === undefined ? undefined : (JSON.parse(text) as ClueRecord)));
  }

  /** What the file said; null once purged. @throws VAULT_INVALID */
  openClue(clueId: string, record: ClueRecord): SealedClue | null {
    return record.sealed === undefined ? null : (JSON.parse(this.keys.open(record.sealed, vaultKey.clue(clueId))) as SealedClue);
  }

  /** Every row that stands for the clue, in order of file and line. */
  async rowsOf(clueId: ClueId): Promise<RowRef[]> {
    const rows: RowRef[] = [];
    for await (const [key, row] of this.store.iterator(under(`r/${clueId}/`))) rows.push({ ...rowKeyOf(key), row });
    return rows;
  }

  /** Clues that a row of that name stands for; the name may occur in several files. */
  async cluesOfRow(name: string): Promise<RowRef[]> {
    const rows: RowRef[] = [];
    for await (const [key, row] of this.store.iterator(under('r/'))) if (row === name) rows.push({ ...rowKeyOf(key), row });
    return rows;
  }

  async publications(): Promise<PublicationRecord[]> {
    const found: PublicationRecord[] = [];
    for await (const text of this.store.values(under('p/'))) found.push(JSON.parse(text) as PublicationRecord);
    return found;
  }

  async batch(publicationId: string, window: number): Promise<BatchRecord | undefined> {
    return this.json<BatchRecord>(vaultKey.batch(publicationId, window));
  }

  /** Drops the blinding journal of a publication that will not be resumed: without it none of its batch ids is used again. */
  async forgetBatches(publicationId: string): Promise<void> {
    const keys = await this.store.keys(under(`b/${publicationId}/`)).all();
    await this.write(keys.map(del));
  }

  /** Sequence numbers of recorded chunks that the hub has not answered. */
  async pendingChunks(publicationId: string): Promise<number[]> {
    const prefix = `k/${publicationId}/`;
    const found: number[] = [];
    for await (const key of this.store.keys(under(prefix))) found.push(Number(key.slice(prefix.length)));
    return found;
  }

  async chunk(publicationId: string, seq: number): Promise<ChunkRecord | undefined> {
    return this.json<ChunkRecord>(vaultKey.chunk(publicationId, seq));
  }

  async locals(): Promise<LocalRecord[]> {
    const found: LocalRecord[] = [];
    for await (const text of this.store.values(under('n/'))) found.push(JSON.parse(text) as LocalRecord);
    return found;
  }

  async status(): Promise<{ clues: Record<string, number>; rows: number; local: number; publications: number; unfinished: number; unverifiedBatches: number }> {
    const clues: Record<string, number> = {};
    for await (const text of this.store.values(under('c/'))) {
      const { state } = JSON.parse(text) as ClueRecord;
      clues[state] = (clues[state] ?? 0) + 1;
    }
    const publications = await this.publications();
    const batches = (await this.store.values(under('b/')).all()).map((text) => JSON.parse(text) as BatchRecord);
    return {
      clues, rows: await this.count('r/'), local: await this.count('n/'), publications: publications.length,
      unfinished: publications.filter(({ state }) => state === 'RUNNING').length,
      unverifiedBatches: batches.filter(({ state }) => state === 'unverified').length,
    };
  }

  /** Removes every raw value and keeps tokens, clue ids and rows' names. @returns how many records held one */
  async purgeRawValues(): Promise<number> {
    let purged = 0;
    let writes: Write[] = [];
    for await (const [key, text] of this.store.iterator(under('c/'))) {
      const { sealed, ...rest } = JSON.parse(text) as ClueRecord;
      if (sealed === undefined) continue;
      purged += 1;
      writes.push(put(key, rest));
      if (writes.length >= 1000) { await this.write(writes); writes = []; }
    }
    const locals = await this.store.keys(under('n/')).all();
    await this.write([...writes, ...locals.map(del)]);
    await this.store.compactRange('c/', 'n/\uffff');
    return purged + locals.length;
  }

  private async json<T>(key: string): Promise<T | undefined> {
    const text = await this.store.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  private async count(prefix: string): Promise<number> {
    let n = 0;
    for await (const _ of this.store.keys(under(prefix))) n += 1;
    return n;
  }

  private async checkMeta(meta: string): Promise<void> {
    try {
      if (this.keys.open(meta, META) === META_TEXT) return;
    } catch {
      // falls through: one refusal for every way of not fitting
    }
    await this.close();
    throw new DomainError('VAULT_INVALID', 'vault.key belongs to another vault', { file: 'vault.key', reason: 'other vault' });
  }
}

/** Another command of the same home may be about to end: waits for it a little. @throws VAULT_INVALID */
async function openStore(store: ClassicLevel<string, string>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await store.open();
    } catch (error) {
      const locked = ((error as Error).cause as { code?: string } | undefined)?.code === 'LEVEL_LOCKED';
      if (!locked || tries >= LOCK_TRIES) throw new DomainError('VAULT_INVALID', 'the store does not open', { reason: locked ? 'in use by another process' : 'damaged' }, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
    }
  }
}

/** Destroys the key first: whatever of the store survives on the disk is noise. */
export function destroyVault(home: PartyHome): void {
  rmSync(home.file('vault.key'), { force: true });
  rmSync(home.file('vault'), { recursive: true, force: true });
}

function under(prefix: string): { gte: string; lt: string } {
  return { gte: prefix, lt: `${prefix.slice(0, -1)}0` }; // '0' follows '/'
}
function ordinal(n: number): string {
  return String(n).padStart(9, '0');
}
function rowKeyOf(key: string): Omit<RowRef, 'row'> {
  const [, clueId, fileId, line] = key.split('/');
  return { clueId: clueId as ClueId, fileId: fileId!, line: Number(line) };
}
