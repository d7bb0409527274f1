import { existsSync, readFileSync } from 'node:fs';
import { type Engine, fromBase64url, groupKeyFrom, MODE_VOPRF, partialSecret, sumPoints, verifyManifest } from '#crypto';
import { groupKeyOf, type Manifest, parseManifest, type ShareFile } from '#protocol';
import { CeremonyTable } from '#testing';
import { TrustStore } from '../trust/trust-store.js';
import { trustManifest } from '../trust/trusted-manifest.js';
import { epochFile, readShareFile } from './share-store.js';

const three = ['holder-1', 'holder-2', 'holder-3'];

/** k * H(x) as t holders with these shares evaluate it. */
function evaluatedBy(engine: Engine, point: Uint8Array, shares: readonly { readonly index: number; readonly secret: Uint8Array }[]): Uint8Array {
  const quorum = shares.map(({ index }) => index);
  return sumPoints(engine, shares.map(({ index, secret }) => engine.evaluate(partialSecret(engine, secret, index, quorum), point)));
}

describe('key ceremonies', () => {
  let table: CeremonyTable;
  let engine: Engine;
  let point: Uint8Array;
  beforeAll(async () => {
    table = await CeremonyTable.of(three);
    engine = table.engine;
    point = engine.hashToGroup(MODE_VOPRF, [Buffer.from('x')]);
  });
  afterAll(() => table.remove());

  const shareOf = async (id: string, generation: number, epoch = 1) => {
    const file = await readShareFile(table.home(id), epoch) as ShareFile;
    return { index: file.index, secret: fromBase64url(file.shares.find((one) => one.generation === generation)!.secret) };
  };
  const manifestOf = (id: string, epoch = 1): Manifest => {
    const holders = [...table.homes.values()].flatMap((home) => home.pinsOf(home.settings.id));
    return verifyManifest({ jws: table.manifestJws(id, epoch), pins: { threshold: 2, holders }, engine, now: new Date(), parse: parseManifest, groupKeyOf }).manifest;
  };
  const tokenPoint = async (ids: readonly string[], generation: number): Promise<string> =>
    Buffer.from(evaluatedBy(engine, point, await Promise.all(ids.map((id) => shareOf(id, generation))))).toString('hex');

  it('generates a key that nobody has seen, with a manifest that a member accepts', async () => {
    const folder = table.folder();
    const plan = table.open(folder, { threshold: 2, holders: three });
    await table.run(folder, plan);
    const manifest = manifestOf('holder-1');
    expect(manifest).toMatchObject({ origin: 'dkg', generation: 0, epoch: 1, threshold: 2 });
    const trust = new TrustStore(`${table.directory}/member-trust.json`);
    const file = table.home('holder-2').publicFile();
    expect(file.keys).toHaveLength(1);
    for (const home of table.homes.values()) trust.add(home.publicFile(), (await import('../keys/public-file.js')).fingerprintOf(home.publicFile()), new Date());
    expect(trustManifest(table.manifestJws('holder-3'), trust, 'fed', engine, new Date()).manifest).toEqual(manifest);
    const answers = await Promise.all([['holder-1', 'holder-2'], ['holder-1', 'holder-3'], ['holder-3', 'holder-2']].map((ids) => tokenPoint(ids, 0)));
    expect(new Set(answers).size).toBe(1);
  });
});
void [existsSync, readFileSync, groupKeyFrom, epochFile];
