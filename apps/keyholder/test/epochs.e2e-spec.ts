/** Two epochs at real holders: an ordinary rotation, and one that ends the old epoch at once. */
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { acceptAnswers, type HolderAnswer, outputAt } from '#crypto';
import { decodeOprfResponse, groupKeyOf } from '#protocol';
import { aMember, FakeHubStatus, FEDERATION, HolderDatabase, HolderFederation, HolderProcess, until } from './holder-federation.js';

describe('key-holders of two epochs', () => {
  const old = new HolderFederation();
  const fresh = new HolderFederation(2, old);
  const hub = new FakeHubStatus();
  const databases = [new HolderDatabase(), new HolderDatabase()];
  const bank = aMember();
  const newcomer = aMember();
  let holders: HolderProcess[];

  const environment = (index: number): Record<string, string> => ({
    ...HolderProcess.environment(old, index, databases[index - 1]!, hub),
    TALLY_SECOND_SHARE_FILE: fresh.file(`share-${index}.json`), TALLY_SECOND_MANIFEST_FILE: fresh.file('manifest.json'), TALLY_SECOND_ROSTER_FILE: fresh.file('roster.json'),
    TALLY_EPOCH_STOP_FILE: old.file('stop.json'),
  });

  beforeAll(async () => {
    await old.init();
    await fresh.init();
    await hub.start();
    old.writeRoster([bank]);
    fresh.writeRoster([bank, newcomer]);
    for (const database of databases) await database.create();
    holders = await Promise.all([1, 2].map((index) => new HolderProcess(environment(index)).start()));
    expect(holders.map(({ url }) => url !== '')).toEqual([true, true]);
    for (const { url } of holders) await until(async () => (await fetch(`${url}/health/ready`)).status === 200);
  });
  afterAll(async () => {
    for (const holder of holders ?? []) await holder.stop();
    HolderProcess.killLeft();
    await hub.stop();
    for (const database of databases) await database.drop();
    old.close();
  });

  async function outputOf(epoch: HolderFederation, value: string): Promise<Uint8Array> {
    const batch = epoch.batch([value]);
    const body = epoch.request(bank, batch.points, { batchId: batch.batchId });
    const answers: HolderAnswer[] = [];
    for (const holder of holders) {
      const { holderIndex, points: evaluated, proof } = decodeOprfResponse((await holder.post(body)).body);
      answers.push({ holderIndex, evaluated, proof });
    }
    return outputAt(acceptAnswers(epoch.engine, { batch, holders: groupKeyOf(epoch.manifest).holders, quorum: [1, 2], answers }), 0).slice();
  }
  const asked = (epoch: HolderFederation, member = bank): Uint8Array => epoch.request(member, epoch.batch([randomUUID()]).points);
  const served = async (): Promise<number[]> => {
    const list = (await (await fetch(`${holders[0]!.url}/manifests`)).json()) as { payload: string }[];
    return list.map(({ payload }) => (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { epoch: number }).epoch);
  };

  it('answer for both at once, each under its own key, and name the newest first', async () => {
    const [one, two] = [await outputOf(old, '+8613800000000'), await outputOf(fresh, '+8613800000000')];
    expect(one).not.toEqual(two);
    expect(await outputOf(old, '+8613800000000')).toEqual(one);
    expect(await served()).toEqual([2, 1]);
    const newest = (await (await fetch(`${holders[0]!.url}/manifest`)).json()) as { payload: string };
    expect(JSON.parse(Buffer.from(newest.payload, 'base64url').toString())).toMatchObject({ epoch: 2 });
  });
  it('admit by the roster of the epoch that is asked', async () => {
    expect((await holders[0]!.post(asked(old, newcomer))).code).toBe('ROSTER_REFUSED');
    expect((await holders[0]!.post(asked(fresh, newcomer))).code).toBeNull();
  });
  it('go on when fewer than t holders, or another federation, want to stop an epoch', async () => {
    for (const write of [() => old.writeStop([1]), () => old.writeStop([1, 1]), () => old.writeStop([1, 2], 1, 'another-federation')]) {
      const before = (holders[0]!.output.match(/epoch-stop\.refused/g) ?? []).length;
      write();
      await until(() => Promise.resolve((holders[0]!.output.match(/epoch-stop\.refused/g) ?? []).length > before));
      expect((await holders[0]!.post(asked(old))).code).toBeNull();
    }
  });
  it('end the old epoch at once when t holders have stopped it, and keep the new', async () => {
    await databases[0]!.rows('alter table keyholder.epoch_stopped rename to away'); // a ledger that cannot be written to just then
    const stop = readFileSync(old.writeStop([1, 3], 1, FEDERATION, old.file('one-stop.json')), 'utf8');
    old.write('stop.json', [JSON.parse(stop) as object, {}]); // the second of them is no stop
    for (const holder of holders) await until(async () => (await holder.post(asked(old))).code === 'STALE_MANIFEST');
    await until(() => Promise.resolve(holders[0]!.output.includes('"event":"epoch.stopped"')));
    await databases[0]!.rows('alter table keyholder.away rename to epoch_stopped');
    await until(async () => (await databases[0]!.rows('select 1 from keyholder.epoch_stopped')).length === 1);
    expect((await holders[0]!.post(asked(fresh))).code).toBeNull();
    expect(await served()).toEqual([2]);
    expect(await databases[0]!.rows('select epoch::int as epoch from keyholder.epoch_stopped')).toEqual([{ epoch: 1 }]);
  });
  it('do not come back to it after a restart without the file', async () => {
    rmSync(old.file('stop.json'));
    await holders[0]!.stop();
    holders[0] = await new HolderProcess(environment(1)).start();
    await until(async () => (await fetch(`${holders[0]!.url}/health/ready`)).status === 200);
    expect((await holders[0]!.post(asked(old))).code).toBe('STALE_MANIFEST');
    expect((await holders[0]!.post(asked(fresh))).code).toBeNull();
  });
  it('go by the second epoch\'s own holders in it, when they are others, and by nobody else', async () => {
    const others = new HolderFederation(3);
    await others.init();
    others.writeRoster([bank]);
    const second = {
      TALLY_SECOND_SHARE_FILE: others.file('share-1.json'), TALLY_SECOND_MANIFEST_FILE: others.file('manifest.json'), TALLY_SECOND_ROSTER_FILE: others.file('roster.json'),
      TALLY_SHARE_FILE: fresh.file('share-1.json'), TALLY_MANIFEST_FILE: fresh.file('manifest.json'), TALLY_ROSTER_FILE: fresh.file('roster.json'), TALLY_EPOCH_STOP_FILE: old.file('stop-2.json'),
    };
    const pinned = { ...second, TALLY_SECOND_HOLDER_PINS_FILE: others.file('pins.json') };
    try {
      expect((await new HolderProcess({ ...environment(1), ...second }).start()).url).toBe(''); // its manifest is signed by nobody whom the first epoch pins
      const foreign = { ...pinned, TALLY_SECOND_ROSTER_FILE: fresh.writeRoster([bank], { name: 'foreign-roster.json', epoch: 3 }) };
      expect((await new HolderProcess({ ...environment(1), ...foreign }).start()).url).toBe('');
      const sut = await new HolderProcess({ ...environment(1), ...pinned }).start();
      await until(async () => (await fetch(`${sut.url}/health/ready`)).status === 200);
      expect([(await sut.post(asked(fresh))).code, (await sut.post(asked(others))).code]).toEqual([null, null]);
      fresh.writeStop([1, 2], 3, undefined, old.file('stop-2.json'));
      await until(() => Promise.resolve(sut.output.includes('epoch-stop.refused')));
      expect((await sut.post(asked(others))).code).toBeNull();
      others.writeStop([1, 2], 3, undefined, old.file('stop-2.json'));
      await until(async () => (await sut.post(asked(others))).code === 'STALE_MANIFEST');
      expect((await sut.post(asked(fresh))).code).toBeNull();
      await sut.stop();
    } finally {
      others.close();
    }
  });
  it('refuse to start with a second epoch that is incomplete, or the first again', async () => {
    const { TALLY_SECOND_ROSTER_FILE: _roster, ...partial } = environment(1);
    expect((await new HolderProcess(partial).start()).output).toContain('a second epoch needs its share');
    const twice = { ...environment(1), TALLY_SECOND_SHARE_FILE: old.file('share-1.json'), TALLY_SECOND_MANIFEST_FILE: old.file('manifest.json'), TALLY_SECOND_ROSTER_FILE: old.file('roster.json') };
    expect((await new HolderProcess(twice).start()).output).toContain('two shares of one epoch');
  });
});
