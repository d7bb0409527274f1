/** The vault on a real disk: change of key, backup and restore, cache, compaction, formats, one process at a time. */
import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ClassicLevel } from 'classic-level';
import { v7 as uuidv7 } from 'uuid';
import { createSodiumEngine, prepareBatch } from '#crypto';
import type { ClueId } from '#kernel';
import { createHome, type PartyHome } from '../keys/index.js';
import { batchIdFor } from '../tokenise/batch-journal.js';
import { backupVault, restoreVault } from './backup-vault.js';
import { rekeyVault } from './rekey-vault.js';
import { TokenCache } from './token-cache.js';
import type { BatchRecord, ClueRecord, PublicationRecord } from './vault-records.js';
import { VaultKeys } from './vault-keys.js';
import { put, Vault, vaultKey } from './vault.js';

const PASS = 'correct horse battery staple';
const base = mkdtempSync(path.join(tmpdir(), 'tally-vault-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let count = 0;
const aHome = (partyId?: string): PartyHome => createHome(path.join(base, `home-${count++}`), {
  role: 'member', name: 'Bank', nameZh: '银行', hubUrl: 'http://127.0.0.1:1', authUrl: 'http://127.0.0.1:1', keyHolders: [{ id: 'h', url: 'http://127.0.0.1:1' }],
  federationId: 'test-federation', hubId: 'test-hub', officers: [], ...(partyId === undefined ? {} : { partyId: partyId as never }),
});
const token = (): string => randomBytes(16).toString('hex');
const invalid = (reason?: string) => expect.objectContaining({ code: 'VAULT_INVALID', ...(reason === undefined ? {} : { fields: expect.objectContaining({ reason }) as object }) }) as Error;

interface Stored { readonly clueId: string; readonly value: string; readonly token: string }

async function fill(vault: Vault, n: number, epoch = 1): Promise<Stored[]> {
  const stored: Stored[] = [];
  for (let i = 0; i < n; i++) {
    const [clueId, value, exact] = [uuidv7(), `1381234${String(count++).padStart(4, '0')}`, token()];
    const indexKey = vault.keys.indexOf(epoch, 'phone', value);
    const sealed = vault.keys.seal(JSON.stringify({ raw: value, canonical: value, firstSeen: '2026-01-01T00:00:00.000Z', channel: 'x' }), vaultKey.clue(clueId));
    const record: ClueRecord = { kind: 'phone', kindVersion: 'phone@1', epoch, forms: [{ kind: 'phone', strength: 'EXACT', token: exact }], state: 'PUBLISHED', publicationId: 'p', category: 'X', indexKey, sealed };
    await vault.write([put(vaultKey.clue(clueId), record), put(vaultKey.exact(indexKey), clueId), put(vaultKey.row({ clueId: clueId as ClueId, fileId: 'f', line: i }), `R${i}`)]);
    stored.push({ clueId, value, token: exact });
  }
  return stored;
}
async function holds(vault: Vault, stored: readonly Stored[], epoch = 1): Promise<void> {
  for (const { clueId, value } of stored) {
    const record = (await vault.clue(clueId))!;
    expect(vault.openClue(clueId, record)).toMatchObject({ raw: value });
    expect(await vault.get(vaultKey.exact(vault.keys.indexOf(epoch, 'phone', value)))).toBe(clueId);
  }
}
const filesOf = (home: PartyHome): Buffer => Buffer.concat(readdirSync(home.file('vault')).map((name) => readFileSync(home.file('vault', name))));

describe(rekeyVault.name, () => {
  it('puts everything under the new key; the old one opens nothing, and nothing of it is left on the disk', async () => {
    const home = aHome();
    let vault = await Vault.open(home);
    const stored = await fill(vault, 40);
    const weak = vault.keys.indexOf(1, 'org_core', 'core');
    await vault.write([put(vaultKey.weak(1, weak), token()), put(vaultKey.batch('p', 0), { state: 'unverified' }), put(vaultKey.local('f', 1), { kind: 'email', fileId: 'f', line: 1, row: 'r', notice: 'n', sealed: vault.keys.seal('local', vaultKey.local('f', 1)) })]);
    const old = (await vault.clue(stored[0]!.clueId))!;
    await vault.close();
    copyFileSync(home.file('vault.key'), home.file('old.key'));
    expect(await rekeyVault(home, { current: null, next: PASS })).toMatchObject({ records: 42, resumed: false });
    await expect(Vault.open(home)).rejects.toThrow(invalid('passphrase missing'));
    await expect(Vault.open(home, 'another passphrase')).rejects.toThrow(invalid('authentication'));
    vault = await Vault.open(home, PASS);
    await holds(vault, stored);
    expect(await vault.get(vaultKey.weak(1, vault.keys.indexOf(1, 'org_core', 'core')))).toBeDefined();
    expect(vault.keys.open((await vault.locals())[0]!.sealed, vaultKey.local('f', 1))).toBe('local');
    expect(await vault.batch('p', 0)).toBeUndefined();
    expect(await vault.status()).toMatchObject({ keyGeneration: 2 });
    await vault.close();
    const bytes = filesOf(home);
    for (const trace of [old.sealed!.slice(0, 24), old.indexKey]) expect(bytes.includes(trace)).toBe(false);
    copyFileSync(home.file('old.key'), home.file('vault.key'));
    await expect(Vault.open(home)).rejects.toThrow(invalid('other vault'));
  });

  it('goes on after it was cut off, and lets nothing else open the vault meanwhile', async () => {
    const home = aHome();
    let vault = await Vault.open(home);
    const stored = await fill(vault, 20);
    await vault.write([put(vaultKey.weak(1, vault.keys.indexOf(1, 'org_core', 'core')), token())]);
    await vault.close();
    let flushes = 0;
    await expect(rekeyVault(home, { current: null, next: null }, () => { flushes += 1; if (flushes === 1) throw new Error('cut'); })).rejects.toThrow('cut');
    await expect(Vault.open(home)).rejects.toThrow(invalid('key change'));
    expect(await rekeyVault(home, { current: null, next: null })).toMatchObject({ resumed: true });
    vault = await Vault.open(home);
    await holds(vault, stored);
    expect(await vault.get(vaultKey.weak(1, vault.keys.indexOf(1, 'org_core', 'core')))).toBeDefined();
    await vault.close();
    // Cut off after the last record, before the file had its name: once more is no harm.
    expect(await rekeyVault(home, { current: null, next: null })).toMatchObject({ resumed: false, records: 21 });
    expect(existsSync(home.file('vault.key.next'))).toBe(false);
  });
});

describe(restoreVault.name, () => {
  async function backedUp(): Promise<{ home: PartyHome; file: string; stored: Stored[]; keys: VaultKeys }> {
    const home = aHome();
    const vault = await Vault.open(home);
    const stored = await fill(vault, 30);
    const publication = { publicationId: 'p', fileId: 'f', state: 'RUNNING', epoch: 1 } as PublicationRecord;
    const batch: BatchRecord = { batchId: 'ab'.repeat(16), manifestHash: 'm', inputsDigest: 'd', pointsHash: 'h', state: 'unverified' };
    const chunks = [0, 1, 2].map((seq) => put(vaultKey.chunk('p', seq), { via: 'bulk', clueIds: [], body: 'x'.repeat(300_000) }));
    await vault.write([put(vaultKey.publication('p'), publication), put(vaultKey.batch('p', 0), batch), ...chunks]);
    const file = path.join(base, `backup-${count++}`);
    expect(await backupVault(home, vault, file, PASS, new Date())).toBeGreaterThan(90);
    expect((await vault.status()).lastBackupAt).not.toBeNull();
    await vault.close();
    return { home, file, stored, keys: vault.keys };
  }

  it('brings everything back, for the party of the backup only, into a home without a vault', async () => {
    const { home, file, stored } = await backedUp();
    await expect(restoreVault(home, file, PASS, null)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    await expect(restoreVault(aHome(), file, PASS, null)).rejects.toThrow(invalid('another party'));
    const copy = aHome(home.party.partyId);
    await expect(restoreVault(copy, file, 'another passphrase', null)).rejects.toThrow(invalid());
    expect(existsSync(copy.file('vault'))).toBe(false);
    await restoreVault(copy, file, PASS, null);
    const vault = await Vault.open(copy);
    await holds(vault, stored);
    expect(await vault.publications()).toMatchObject([{ state: 'RUNNING', restored: true }]);
    await vault.close();
    for (const { value } of stored) expect(readFileSync(file).includes(value)).toBe(false);
  });

  it('brings back what was waiting to be sent, however long it is', async () => {
    const home = aHome();
    let vault = await Vault.open(home);
    const body = randomBytes(2_000_000).toString('base64'); // a chunk of 4,096 forms
    await vault.write([put(vaultKey.publication('p'), { publicationId: 'p', fileId: 'f', state: 'RUNNING', epoch: 1 }), put(vaultKey.chunk('p', 0), { via: 'bulk', clueIds: [], body }), put(vaultKey.chunk('p', 1), { via: 'bulk', clueIds: [], body: '後' })]);
    const file = path.join(base, `backup-${count++}`);
    await backupVault(home, vault, file, PASS, new Date());
    await vault.close();
    const copy = aHome(home.party.partyId);
    await restoreVault(copy, file, PASS, null);
    vault = await Vault.open(copy);
    expect([(await vault.chunk('p', 0))?.body === body, (await vault.chunk('p', 1))?.body]).toEqual([true, '後']);
    await vault.close();
  });

  it('goes on with a restore that was cut off before its last step, and opens no empty vault in its place', async () => {
    const { home, file, stored } = await backedUp();
    const copy = aHome(home.party.partyId);
    await restoreVault(copy, file, PASS, null);
    renameSync(copy.file('vault'), copy.file('vault.restoring')); // as a kill between the last two steps leaves it
    await expect(Vault.open(copy)).rejects.toThrow(invalid('restore'));
    await restoreVault(copy, file, PASS, null);
    const vault = await Vault.open(copy);
    await holds(vault, stored);
    await vault.close();
  });

  it('never repeats a blind: neither with the old vault, nor with another restore of the same backup', async () => {
    const { home, file, keys } = await backedUp();
    const engine = await createSodiumEngine();
    const restoredKeys: VaultKeys[] = [];
    for (let i = 0; i < 2; i++) {
      const copy = aHome(home.party.partyId);
      await restoreVault(copy, file, PASS, null);
      const vault = await Vault.open(copy);
      // The journal would let an old batch id live on for other inputs.
      expect(await vault.batch('p', 0)).toBeUndefined();
      const { resumed, batchId } = batchIdFor({ manifestHash: 'm', inputsDigest: 'd', mode: 'baseline' }, await vault.batch('p', 0), 'cd'.repeat(16));
      expect([resumed, batchId]).toEqual([false, 'cd'.repeat(16)]);
      restoredKeys.push(vault.keys);
      await vault.close();
    }
    // The worst case: the same manifest, the same batch id, the same places, once with the same and once with other inputs.
    const blindsOf = (from: VaultKeys, text: string): string[] => {
      const { blinds } = prepareBatch(engine, { seed: from.blindSeed, manifestHash: new Uint8Array(32), batchId: new Uint8Array(16), inputs: [new TextEncoder().encode(text)], padTo: 8 });
      return Array.from({ length: 8 }, (_, i) => Buffer.from(blinds.subarray(i * 32, i * 32 + 32)).toString('hex'));
    };
    const all = [keys, ...restoredKeys].flatMap((each) => ['one', 'two'].flatMap((text) => blindsOf(each, text)));
    // Padding of one vault is alike in both batches: 8 of 8 places differ by input only where an input is.
    expect(new Set(all).size).toBe(3 * (2 + 7));
  });

  it('refuses a backup that was changed, cut off, shortened or put together anew, and leaves nothing behind', async () => {
    const { home, file } = await backedUp();
    const whole = readFileSync(file);
    const header = whole.indexOf(0x0a) + 1;
    const flipped = Buffer.from(whole);
    flipped[header + 40] = flipped[header + 40]! ^ 1;
    const renamed = Buffer.concat([Buffer.from(whole.toString('utf8', 0, header).replace(/"createdAt":"\d/, '"createdAt":"1')), whole.subarray(header)]);
    const frames: Buffer[] = [];
    for (let at = header; at < whole.length; at += 4 + whole.readUInt32BE(at)) frames.push(whole.subarray(at, at + 4 + whole.readUInt32BE(at)));
    expect(frames.length).toBeGreaterThan(2);
    const of = (...order: readonly Buffer[]): Buffer => Buffer.concat([whole.subarray(0, header), ...order]);
    const [first, second] = frames as [Buffer, Buffer];
    const anew = { lastGone: of(...frames.slice(0, -1)), firstGone: of(...frames.slice(1)), swapped: of(second, first, ...frames.slice(2)), doubled: of(first, ...frames) };
    for (const [name, bytes] of Object.entries({ ...anew, flipped, cut: whole.subarray(0, -1), empty: whole.subarray(0, header), twice: Buffer.concat([whole, whole.subarray(header)]), renamed, none: Buffer.from('x') })) {
      const bad = path.join(base, `bad-${name}-${count++}`);
      writeFileSync(bad, bytes);
      const copy = aHome(home.party.partyId);
      await expect(restoreVault(copy, bad, PASS, null)).rejects.toThrow(invalid());
      expect([existsSync(copy.file('vault')), existsSync(copy.file('vault.key')), existsSync(copy.file('vault.restoring'))]).toEqual([false, false, false]);
    }
  });
});

describe(TokenCache.name, () => {
  const input = (n: number) => ({ kind: 'phone', value: `1391111${n}` });

  it('finds what was looked up or published, of this epoch, and holds no value', async () => {
    const home = aHome();
    const vault = await Vault.open(home);
    const [published] = await fill(vault, 1);
    let cache = await TokenCache.open(vault, 1);
    const tokens = [1, 2].map(() => token());
    await cache.add(tokens.map((each, i) => ({ input: input(i), token: each })));
    cache = await TokenCache.open(vault, 1);
    expect(await cache.find([input(0), input(9), { kind: 'phone', value: published!.value }, input(1)])).toEqual([tokens[0], undefined, published!.token, tokens[1]]);
    const beside = await TokenCache.open(vault, 2, [1]);
    await beside.add([{ input: input(0), token: tokens[1]! }]);
    expect(await (await TokenCache.open(vault, 1, [2])).find([input(0)])).toEqual([tokens[0]]);
    expect(await (await TokenCache.open(vault, 2, [1])).find([input(0), input(1)])).toEqual([tokens[1], undefined]);
    expect(await vault.status()).toMatchObject({ cachedTokens: 3 });
    expect(await (await TokenCache.open(vault, 3)).find([input(0)])).toEqual([undefined]);
    expect(await vault.status()).toMatchObject({ cachedTokens: 0 });
    await vault.close();
    expect(filesOf(home).includes(input(0).value)).toBe(false);
  });

  it('stays within its bound and keeps what is asked for again', async () => {
    const vault = await Vault.open(aHome());
    const cache = await TokenCache.open(vault, 1, [], 20);
    const kept = token();
    await cache.add([{ input: input(1000), token: kept }]);
    for (let i = 0; i < 100; i++) {
      await cache.add([{ input: input(i), token: token() }]);
      if (i % 5 === 0) expect(await cache.find([input(1000)])).toEqual([kept]);
      expect((await vault.status()).cachedTokens).toBeLessThanOrEqual(20);
    }
    expect((await cache.find(Array.from({ length: 100 }, (_, i) => input(i)))).filter((found) => found !== undefined).length).toBeGreaterThanOrEqual(8);
    await vault.close();
  });
});

describe(Vault.name, () => {
  it('is for one process at a time', async () => {
    const home = aHome();
    const vault = await Vault.open(home);
    await expect(Vault.open(home)).rejects.toThrow(invalid('in use by another process'));
    await expect(rekeyVault(home, { current: null, next: null })).rejects.toThrow(invalid('in use by another process'));
    await vault.close();
  });

  it('brings a vault of format 1 forward, whatever of it was done before', async () => {
    const home = aHome();
    const master = randomBytes(32);
    writeFileSync(home.file('vault.key'), master, { mode: 0o600 });
    const keys = new VaultKeys(new Uint8Array(master));
    const store = new ClassicLevel<string, string>(home.file('vault'));
    const indices = [1, 2, 3].map((n) => keys.indexOf(7, 'org_core', `core ${n}`));
    await store.batch([
      { type: 'put', key: 'meta', value: keys.seal('tallystick vault 1', 'meta') }, ...indices.map((index) => ({ type: 'put' as const, key: `w/${index}`, value: token() })),
      { type: 'put', key: 'c/1', value: JSON.stringify({ epoch: 7, state: 'PUBLISHED', kind: 'org_name' }) }, { type: 'put', key: `w/7/${keys.indexOf(7, 'x', 'y')}`, value: token() },
    ]);
    await store.close();
    for (let i = 0; i < 2; i++) {
      const vault = await Vault.open(home);
      for (const index of indices) expect([await vault.get(`w/${index}`), typeof await vault.get(vaultKey.weak(7, index))]).toEqual([undefined, 'string']);
      await vault.close();
    }
    expect(await rekeyVault(home, { current: null, next: null })).toMatchObject({ records: 5 });
  });

  it('forgets what no run needs when it is compacted, and counts without a value', async () => {
    const vault = await Vault.open(aHome());
    const stored = await fill(vault, 3);
    await vault.write([
      put(vaultKey.publication('p'), { publicationId: 'p', state: 'FINISHED', epoch: 1 }), put(vaultKey.batch('p', 0), { state: 'verified' }), put(vaultKey.batch('q', 0), { state: 'unverified' }),
      put(vaultKey.weak(1, 'a'), token()), put(vaultKey.weak(2, 'b'), token()),
    ]);
    expect(await vault.compact()).toBe(2);
    const status = await vault.status();
    expect(status).toMatchObject({ clues: { PUBLISHED: 3 }, groups: [{ kind: 'phone', epoch: 1, state: 'PUBLISHED', raw: true, clues: 3 }], rows: 3, unverifiedBatches: 1, lastBackupAt: null });
    for (const { value, token: exact } of stored) for (const secret of [value, exact]) expect(JSON.stringify(status)).not.toContain(secret);
    await vault.noteEpoch(3);
    await expect(vault.noteEpoch(2)).rejects.toMatchObject({ code: 'STALE_MANIFEST' });
    await vault.close();
  });
});
