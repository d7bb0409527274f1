import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EPOCH_STOP_TYP, generatePrivateJwk, type GeneralJws, type HolderPins, type PrivateJwk, publicJwk, signerOf, signGeneralJws } from '#crypto';
import type { Json } from '#kernel';
import { createEventLog } from '#platform/logging';
import { EpochStops } from './epoch-stops.js';

const FEDERATION = '0197a3c2-0000-7000-8000-00000000000f';
const folder = mkdtempSync(path.join(tmpdir(), 'tally-stops-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const keysOf = (): PrivateJwk[] => [1, 2, 3].map(() => generatePrivateJwk());
const pinsOf = (keys: readonly PrivateJwk[]): HolderPins => ({ threshold: 2, holders: keys.map((key, i) => ({ owner: `holder-${i + 1}`, jwk: publicJwk(key) })) });
const stopOf = (epoch: number, keys: readonly PrivateJwk[]): GeneralJws => signGeneralJws({
  typ: EPOCH_STOP_TYP, payload: { v: 1, federation: FEDERATION, epoch, stoppedAt: new Date().toISOString() } as unknown as Json, signers: keys.slice(0, 2).map(signerOf),
});

describe(EpochStops.name, () => {
  const [former, present] = [keysOf(), keysOf()];
  let recorded: number[];
  const start = async (...stops: GeneralJws[]): Promise<EpochStops> => {
    const file = path.join(folder, 'stop.json');
    writeFileSync(file, JSON.stringify(stops));
    const sut = new EpochStops({
      file, pinsOf: () => pinsOf(present), federation: FEDERATION, log: createEventLog({ app: 'keyholder', level: 'silent' as never }), onStopped: () => undefined,
      ledger: { stopEpoch: (epoch) => { recorded.push(epoch); return Promise.resolve(); }, stoppedEpochs: () => Promise.resolve([...recorded]) },
    });
    try {
      await sut.start();
    } finally {
      sut.stop();
    }
    return sut;
  };
  beforeEach(() => { recorded = []; });

  it('starts with the file of an epoch that it ended, although its holders are others by now, and takes up the one behind it', async () => {
    recorded = [1];
    const sut = await start(stopOf(1, former), stopOf(2, present));
    expect([sut.has(1), sut.has(2), recorded]).toEqual([true, true, [1, 2]]);
  });

  it('does not start with a stop that nobody pinned has signed, but writes down the one before it', async () => {
    await expect(start(stopOf(2, present), stopOf(3, former))).rejects.toThrow();
    expect(recorded).toEqual([2]);
  });
});
