import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { dealShares, type Engine, fromBase64url, MANIFEST_TYP, MODE_VOPRF, partialSecret, signerOf, signGeneralJws, sumPoints, toBase64url } from '#crypto';
import type { Json } from '#kernel';
import { type CeremonyPlan, type Manifest, parseManifest } from '#protocol';
import { CEREMONY_FEDERATION, CeremonyTable } from '#testing';
import { fingerprintOf } from '../keys/public-file.js';
import { TrustStore } from '../trust/trust-store.js';
import { trustManifest } from '../trust/trusted-manifest.js';
import { abandonCeremony, advanceCeremony } from './ceremony.js';
import { finishCeremony, retireOldShares, signCeremonyManifest } from './finish-ceremony.js';
import { epochFile, readShareFile, replaceFile, writeShareFile } from './share-store.js';
import { payloadOf } from './sitting.js';

const three = ['holder-1', 'holder-2', 'holder-3'];
const four = [...three, 'holder-4'];
const code = (expected: string, fields: object = {}): Error => expect.objectContaining({ code: expected, fields: expect.objectContaining(fields) as object }) as Error;

describe('key ceremonies', () => {
  let table: CeremonyTable;
  let engine: Engine;
  let point: Uint8Array;
  let original: string;
  beforeAll(async () => {
    table = await CeremonyTable.of(three);
    engine = table.engine;
    point = engine.hashToGroup(MODE_VOPRF, [Buffer.from('x')]);
  });
  afterAll(() => table.remove());

  const trustOf = (ids: readonly string[]): TrustStore => {
    const file = path.join(table.directory, 'member-trust.json');
    rmSync(file, { force: true });
    const trust = new TrustStore(file);
    for (const id of ids) trust.add(table.home(id).publicFile(), fingerprintOf(table.home(id).publicFile()), new Date());
    return trust;
  };
  const accepted = (id: string, epoch = 1): Manifest => trustManifest(table.manifestJws(id, epoch), trustOf([...table.homes.keys()]), CEREMONY_FEDERATION, engine, new Date()).manifest;
  const generations = async (id: string, epoch = 1): Promise<number[]> => (await readShareFile(table.home(id), epoch))!.shares.map(({ generation }) => generation);
  /** k * H(x) as these holders evaluate it with their shares of these generations. */
  const evaluation = async (ids: readonly string[], ...of: readonly number[]): Promise<string> => {
    const files = await Promise.all(ids.map(async (id) => (await readShareFile(table.home(id), 1))!));
    const quorum = files.map(({ index }) => index);
    const parts = files.map(({ index, shares }, i) => {
      const { secret } = shares.find(({ generation }) => generation === (of[i] ?? of[0]))!;
      return engine.evaluate(partialSecret(engine, fromBase64url(secret), index, quorum), point);
    });
    return Buffer.from(sumPoints(engine, parts)).toString('hex');
  };
  const refreshAll = async (): Promise<CeremonyPlan> => {
    const folder = table.folder();
    const plan = table.openRefresh(folder, 'holder-2');
    await table.run(folder, plan);
    return plan;
  };

  it('generate a key that nobody has seen, with a manifest that a member accepts and any t shares', async () => {
    const folder = table.folder();
    const plan = table.open(folder, { threshold: 2, holders: three });
    const done = await table.run(folder, plan);
    expect(accepted('holder-1')).toMatchObject({ origin: 'dkg', generation: 0, epoch: 1, threshold: 2 });
    expect(new Set([...done.values()].map(({ manifestHash }) => manifestHash)).size).toBe(1);
    expect(done.get('holder-3')!.signedBy).toEqual(three);
    const quorums = [[0, 1], [0, 2], [2, 1]].map((quorum) => quorum.map((i) => three[i]!));
    const answers = await Promise.all(quorums.map((ids) => evaluation(ids, 0)));
    expect(new Set(answers).size).toBe(1);
    original = answers[0]!;
    expect(() => table.openRefresh(folder, 'holder-1')).toThrow(code('ALREADY_EXISTS'));
    await expect(table.join('holder-1', folder, plan)).rejects.toThrow(code('ALREADY_EXISTS'));
  });

  it('write sealed shares only, and leave no secret of the ceremony behind', async () => {
    const secret = (await readShareFile(table.home('holder-1'), 1))!.shares[0]!.secret;
    const files = readdirSync(table.directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
    expect(files.length).toBeGreaterThan(40);
    expect(files.filter((file) => path.basename(file) === 'secrets.json')).toEqual([]);
    for (const file of files) expect([file, readFileSync(file, 'utf8').includes(secret)]).toEqual([file, false]);
  });

  it('refresh shares and keep the key: tokens stay, old and new shares do not mix', async () => {
    const before = accepted('holder-1');
    await refreshAll();
    const after = accepted('holder-3');
    expect(after).toMatchObject({ generation: 1, publicKey: before.publicKey, threshold: 2 });
    for (const [i, holder] of after.holders.entries()) expect(holder.publicKey).not.toBe(before.holders[i]!.publicKey);
    expect(await evaluation(['holder-3', 'holder-1'], 1)).toBe(original);
    expect(await evaluation(['holder-1', 'holder-2'], 0)).toBe(original); // the grace of one generation
    expect(await evaluation(['holder-1', 'holder-2'], 0, 1)).not.toBe(original);
    expect(await evaluation(['holder-1', 'holder-2'], 1, 0)).not.toBe(original);
  });

  it('destroy old shares: those of two generations ago by the next ceremony, the rest when told', async () => {
    expect(await generations('holder-1')).toEqual([0, 1]);
    await refreshAll();
    expect(await generations('holder-1')).toEqual([1, 2]);
    expect(existsSync(epochFile(table.home('holder-1'), 1, 'manifest.previous.json'))).toBe(true);
    expect(await retireOldShares(table.home('holder-1'), 1)).toEqual([1]);
    expect(await generations('holder-1')).toEqual([2]);
    expect(existsSync(epochFile(table.home('holder-1'), 1, 'manifest.previous.json'))).toBe(false);
    expect(await evaluation(['holder-1', 'holder-2'], 2)).toBe(original);
  });

  it('hand the key to more holders with a higher threshold, one of which had lost its share, and to fewer with a lower one', async () => {
    table.seat(['holder-4']);
    for (const name of ['share.json', 'manifest.json'] as const) rmSync(epochFile(table.home('holder-2'), 1, name));
    const refresh = table.folder();
    await expect(table.join('holder-2', refresh, table.openRefresh(refresh, 'holder-1'))).rejects.toThrow(code('STATE_CONFLICT', { reason: 'base' }));
    const up = table.folder();
    await table.run(up, table.openResharing(up, 'holder-1', { threshold: 3, holders: four, dealers: ['holder-1', 'holder-3'] }));
    expect(accepted('holder-4')).toMatchObject({ generation: 3, threshold: 3, holders: four.map((id, i) => expect.objectContaining({ id, index: i + 1 }) as object) });
    expect(existsSync(epochFile(table.home('holder-4'), 1, 'manifest.previous.json'))).toBe(false); // it held nothing before
    expect(await evaluation(['holder-4', 'holder-3', 'holder-2'], 3)).toBe(original);
    expect(await evaluation(['holder-1', 'holder-2', 'holder-3'], 3)).toBe(original);
    expect(await evaluation(['holder-4', 'holder-2'], 3)).not.toBe(original);
    const down = table.folder();
    const plan = table.openResharing(down, 'holder-4', { threshold: 2, holders: ['holder-2', 'holder-4'], dealers: ['holder-1', 'holder-2', 'holder-4'] });
    expect(plan.leaving.map(({ id }) => id)).toEqual(['holder-1']);
    await table.run(down, plan);
    expect(accepted('holder-1')).toMatchObject({ generation: 4, threshold: 2 });
    expect(existsSync(epochFile(table.home('holder-1'), 1, 'share.json'))).toBe(false);
    expect(await evaluation(['holder-4', 'holder-2'], 4)).toBe(original);
  });

  it('go on where they were killed, with the same bytes, also when two processes work at once', async () => {
    const folder = table.folder();
    const plan = table.open(folder, { epoch: 2, threshold: 2, holders: three });
    for (const id of three) await Promise.all([table.join(id, folder, plan), table.join(id, folder, plan)]);
    const said = (stage: string): string[] => readdirSync(path.join(folder, stage)).map((name) => readFileSync(path.join(folder, stage, name), 'utf8'));
    for (const stage of ['1-join', '2-commitments', '3-shares']) {
      const first = new Map<string, string[]>();
      for (const id of three) await Promise.all([table.round(id, folder), table.round(id, folder)]);
      first.set(stage, said(stage));
      rmSync(path.join(folder, stage), { recursive: true }); // lost on the way, or not yet written when it was killed
      for (const id of three) await table.round(id, folder);
      expect(said(stage)).toEqual(first.get(stage));
    }
    const home = table.home('holder-2');
    rmSync(path.join(home.file('ceremonies'), readdirSync(home.file('ceremonies')).sort().find((name) => existsSync(path.join(home.file('ceremonies'), name, 'secrets.json')))!, 'secrets.json'));
    for (const id of three) signCeremonyManifest(table.home(id), folder, engine);
    await finishCeremony(table.home('holder-1'), folder, engine);
    await finishCeremony(table.home('holder-1'), folder, engine);
    await expect(finishCeremony(home, folder, engine)).rejects.toThrow(code('STATE_CONFLICT', { reason: 'secrets' }));
  });

  it('refuse to go on once left, and to put an old manifest in the place of a newer one', async () => {
    const folder = table.folder();
    const plan = table.open(folder, { epoch: 3, threshold: 2, holders: three });
    await table.join('holder-1', folder, plan);
    abandonCeremony(table.home('holder-1'), folder, engine);
    await expect(advanceCeremony(table.home('holder-1'), folder, engine)).rejects.toThrow(code('STATE_CONFLICT', { reason: 'abandoned' }));
    await expect(finishCeremony(table.home('holder-2'), path.join(table.directory, 'exchange-2'), engine)).rejects.toThrow(code('STATE_CONFLICT', { reason: 'base' }));
  });

  it('do not make a key that a dealer has seen one that nobody has seen', async () => {
    const dealt = dealShares(engine, [3, 5].map((fill) => engine.scalars.reduce(new Uint8Array(64).fill(fill))), 3);
    const manifest = parseManifest({
      v: 1, federation: CEREMONY_FEDERATION, suite: 'ristretto255-SHA512', epoch: 9, generation: 0, threshold: 2, origin: 'dealer', publicKey: toBase64url(dealt.publicKey), commitments: dealt.commitments.map(toBase64url),
      holders: dealt.shares.map(({ index, publicKey }) => ({ index, id: `holder-${index}`, publicKey: toBase64url(publicKey) })), validFrom: new Date().toISOString(), validUntil: new Date(Date.now() + 1e9).toISOString(),
    } as unknown as Json);
    const jws = signGeneralJws({ typ: MANIFEST_TYP, payload: manifest as unknown as Json, signers: three.map((id) => signerOf(table.home(id).evidenceKey())) });
    for (const { index, secret } of dealt.shares) {
      const home = table.home(`holder-${index}`);
      await writeShareFile(home, { v: 1, origin: 'dealer', federation: CEREMONY_FEDERATION, epoch: 9, index, holderId: `holder-${index}`, shares: [{ generation: 0, secret: toBase64url(secret) }] });
      replaceFile(epochFile(home, 9, 'manifest.json'), JSON.stringify(jws));
    }
    const folder = table.folder();
    await table.run(folder, table.openRefresh(folder, 'holder-1', 9));
    expect(parseManifest(payloadOf(table.manifestJws('holder-2', 9)))).toMatchObject({ origin: 'dealer', generation: 1 });
    expect((await readShareFile(table.home('holder-2'), 9))!.origin).toBe('dealer');
  });
});
