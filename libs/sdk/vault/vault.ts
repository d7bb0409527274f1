/**
 * The agent's memory: an embedded store (classic-level) beside its key. Keys of the store:
 *   meta                      check value of the vault key
 *   x/<index>                 clue id of an exact form          w/<epoch>/<index>   token of a weak form
 *   t/<epoch>/<half>/<index>  token of a value looked up        m/<epoch>           MoveRecord
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
import type { BatchRecord, ChunkRecord, ClueRecord, ClueState, LocalRecord, PublicationRecord, RowRef, SealedClue } from './vault-records.js';

/** LevelDB maps its files: few and small ones keep a vault of a million rows from filling the memory. 74 is the least it takes: 64 tables (80 with 75). */
const STORE_OPTIONS = { writeBufferSize: 1 << 20, cacheSize: 2 << 20, maxOpenFiles: 74, maxFileSize: 1 << 20 };
const LOCK_TRIES = 25;
const LOCK_PAUSE_MS = 200;
export const META = 'meta';
/** Format 2: tokens of weak forms by epoch, keys in a file of their own form. Format 1 is brought forward when it is opened. */
export const META_TEXT = 'tallystick vault 2';
const META_TEXT_1 = 'tallystick vault 1';
const META_BACKUP = 'meta/backup';
const META_EPOCH = 'meta/epoch';
const META_WARNED = 'meta/warned';

export type Write = { readonly type: 'put'; readonly key: string; readonly value: string } | { readonly type: 'del'; readonly key: string };
export const put = (key: string, value: unknown): Write => ({ type: 'put', key, value: typeof value === 'string' ? value : JSON.stringify(value) });
export const del = (key: string): Write => ({ type: 'del', key });

export const vaultKey = {
  exact: (index: string) => `x/${index}`,
  weak: (epoch: number, index: string) => `w/${epoch}/${index}`,
  cached: (epoch: number, half: 0 | 1, index: string) => `t/${epoch}/${half}/${index}`,
  move: (epoch: number) => `m/${ordinal(epoch)}`,
  clue: (clueId: string) => `c/${clueId}`,
  row: ({ clueId, fileId, line }: Omit<RowRef, 'row'>) => `r/${clueId}/${fileId}/${ordinal(line)}`,
  local: (fileId: string, line: number) => `n/${fileId}/${ordinal(line)}`,
  batch: (publicationId: string, window: number) => `b/${publicationId}/${ordinal(window)}`,
  publication: (publicationId: string) => `p/${publicationId}`,
  chunk: (publicationId: string, seq: number) => `k/${publicationId}/${ordinal(seq)}`,
};

export interface VaultGroup {
  readonly kind: string;
  readonly epoch: number;
  readonly state: ClueState;
  /** With the raw value, so that it can be re-tokenised. */
  readonly raw: boolean;
  readonly clues: number;
}
export interface VaultStatus {
  readonly clues: Readonly<Record<string, number>>;
  readonly groups: readonly VaultGroup[];
  readonly rows: number;
  readonly local: number;
  readonly publications: number;
  readonly unfinished: number;
  readonly unverifiedBatches: number;
  readonly cachedTokens: number;
  /** Instant, ISO 8601. */
  readonly lastBackupAt: string | null;
  /** How many keys the vault has had. */
  readonly keyGeneration: number;
}

export class Vault {
  private lastWrite: Promise<unknown> = Promise.resolve();

  private constructor(private readonly store: ClassicLevel<string, string>, readonly keys: VaultKeys) {}

  /** @throws VAULT_INVALID: key missing, too open or of another vault; store damaged or in use by another process */
  static async open(home: PartyHome, passphrase: string | null = null, { rekeying = false } = {}): Promise<Vault> {
    const folder = home.file('vault');
    const fresh = !existsSync(folder);
    if (fresh && existsSync(home.file('vault.restoring'))) {
      throw new DomainError('VAULT_INVALID', 'a restore was interrupted: run `tally vault restore` again', { file: 'vault.restoring', reason: 'restore' });
    }
    if (existsSync(home.file('vault.key.next')) && !rekeying) {
      throw new DomainError('VAULT_INVALID', 'a change of key was interrupted: run `tally vault rekey` again', { file: 'vault.key.next', reason: 'key change' });
    }
    const keys = fresh ? createVaultKeys(home.file('vault.key'), passphrase) : readVaultKeys(home.file('vault.key'), passphrase);
    const store = await openStoreAt(folder);
    const vault = new Vault(store, keys);
    const meta = await store.get(META);
    if (meta === undefined) await vault.write([put(META, keys.seal(META_TEXT, META))]);
    else if (!(rekeying && existsSync(home.file('vault.key.next')))) await vault.checkMeta(meta);
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

  async get(key: string): Promise<string | undefined> {
    return this.store.get(key);
  }

  /** Of one moment, in order of key, a few at a time whatever their number. */
  async *entries(prefix: string, after?: string): AsyncGenerator<[key: string, value: string]> {
    const range = under(prefix);
    yield* this.store.iterator(after === undefined ? range : { gt: after, lt: range.lt });
  }

  /** Everything, for a backup. */
  async *everything(): AsyncGenerator<[key: string, value: string]> {
    yield* this.store.iterator();
  }

  async clear(prefix: string): Promise<void> {
    await this.lastWrite;
    await this.store.clear(under(prefix));
  }

  /** Remembers the newest epoch; an older one is refused from then on. @throws STALE_MANIFEST */
  async noteEpoch(epoch: number): Promise<void> {
    const seen = Number((await this.store.get(META_EPOCH)) ?? -1);
    if (epoch < seen) throw new DomainError('STALE_MANIFEST', 'an epoch before one that was seen', { epoch, seen });
    if (epoch > seen) await this.write([put(META_EPOCH, String(epoch))]);
  }

  /** The newest epoch in which this member gave warned tokens; null when it never did. */
  async warnedEpoch(): Promise<number | null> {
    const text = await this.store.get(META_WARNED);
    return text === undefined ? null : Number(text);
  }

  async noteWarned(epoch: number): Promise<void> {
    await this.write([put(META_WARNED, String(epoch))]);
  }

  async noteBackup(at: string): Promise<void> {
    await this.write([put(META_BACKUP, at)]);
  }

  /**
   * Forgets what no run needs any more (journals of finished publications, tokens of weak forms and look-ups of earlier epochs), then
   * gives the space of everything that was overwritten back to the disk. @returns how many records were forgotten
   */
  async compact(): Promise<number> {
    const finished = new Set((await this.publications()).filter(({ state }) => state === 'FINISHED').map(({ publicationId }) => publicationId));
    let newest = 0;
    for await (const [key] of this.entries('w/')) newest = Math.max(newest, Number(key.split('/')[1]));
    let forgotten = 0;
    for (const [prefix, useless] of [['b/', (key: string) => finished.has(key.split('/')[1]!)], ['w/', (key: string) => Number(key.split('/')[1]) < newest]] as const) {
      let writes: Write[] = [];
      for await (const [key] of this.entries(prefix)) {
        if (!useless(key)) continue;
        forgotten += 1;
        writes.push(del(key));
        if (writes.length >= 1000) { await this.write(writes); writes = []; }
      }
      await this.write(writes);
    }
    await this.store.compactRange('', '\uffff');
    return forgotten;
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

  /** Counts only; reads the store once, a few records at a time. */
  async status(): Promise<VaultStatus> {
    const clues = new Map<string, number>();
    let unverifiedBatches = 0;
    for await (const [, text] of this.entries('c/')) {
      const { kind, epoch, state, sealed } = JSON.parse(text) as ClueRecord;
      const place = JSON.stringify([kind, epoch, state, sealed !== undefined]);
      clues.set(place, (clues.get(place) ?? 0) + 1);
    }
    for await (const [, text] of this.entries('b/')) if ((JSON.parse(text) as BatchRecord).state === 'unverified') unverifiedBatches += 1;
    const publications = await this.publications();
    const groups = [...clues].map(([place, count]): VaultGroup => {
      const [kind, epoch, state, raw] = JSON.parse(place) as [string, number, ClueState, boolean];
      return { kind, epoch, state, raw, clues: count };
    }).sort((a, b) => a.epoch - b.epoch || (a.kind < b.kind ? -1 : 1));
    const total: Record<string, number> = {};
    for (const { state, clues: count } of groups) total[state] = (total[state] ?? 0) + count;
    return {
      clues: total, groups, rows: await this.count('r/'), local: await this.count('n/'), publications: publications.length,
      unfinished: publications.filter(({ state }) => state === 'RUNNING').length, unverifiedBatches, cachedTokens: await this.count('t/'),
      lastBackupAt: (await this.store.get(META_BACKUP)) ?? null, keyGeneration: this.keys.generation,
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

  /** Format 1 knew one epoch: the newest of its clues is the one of its weak forms. */
  private async bringForward(): Promise<void> {
    let epoch = 0;
    for await (const [, text] of this.entries('c/')) epoch = Math.max(epoch, (JSON.parse(text) as ClueRecord).epoch);
    let writes: Write[] = [];
    for await (const [key, token] of this.entries('w/')) {
      const index = key.slice('w/'.length);
      if (index.includes('/')) continue; // an earlier run did it
      writes.push(del(key), put(vaultKey.weak(epoch, index), token));
      if (writes.length >= 2000) { await this.write(writes); writes = []; }
    }
    await this.write([...writes, put(META, this.keys.seal(META_TEXT, META))]);
  }

  private async checkMeta(meta: string): Promise<void> {
    try {
      const text = this.keys.open(meta, META);
      if (text === META_TEXT) return;
      if (text === META_TEXT_1) return await this.bringForward();
    } catch {
      // falls through: one refusal for every way of not fitting
    }
    await this.close();
    throw new DomainError('VAULT_INVALID', 'vault.key belongs to another vault', { file: 'vault.key', reason: 'other vault' });
  }
}

/** A store of our options in a folder. */
export async function openStoreAt(folder: string): Promise<ClassicLevel<string, string>> {
  mkdirSync(folder, { mode: 0o700, recursive: true });
  const store = new ClassicLevel<string, string>(folder, STORE_OPTIONS);
  await openStore(store);
  return store;
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

/** Everything below a prefix that ends in '/'. */
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
