/** The demonstration network without its story: every process up, all parties admitted with `budget`, keys pinned. */
import { rmSync } from 'node:fs';
import { DemoDatabase } from '../../tools/demo/demo-database.js';
import { DemoNetwork, HOLDERS } from '../../tools/demo/demo-network.js';
import { DemoParties } from '../../tools/demo/demo-parties.js';
import { admitEverybody } from '../../tools/demo/journey-admission.js';
import { RunFolder } from '../../tools/demo/run-folder.js';

export interface HeavyNetwork {
  readonly database: DemoDatabase;
  readonly network: DemoNetwork;
  readonly parties: DemoParties;
  /** Ends every process and removes the folder. */
  stop(): Promise<void>;
}

export async function startHeavyNetwork(base: string, budget: number): Promise<HeavyNetwork> {
  const run = RunFolder.open(base, true);
  const database = await DemoDatabase.start(run, undefined);
  const network = await DemoNetwork.prepare(run, database, (error) => { throw error; });
  await network.startServices();
  const parties = await DemoParties.create(run, network);
  await admitEverybody(database, network, parties, budget);
  await parties.pinEachOther(network);
  for (let index = 1; index <= HOLDERS; index += 1) await network.startHolder(index);
  return {
    database, network, parties,
    stop: async () => {
      await network.stop();
      await database.stop();
      rmSync(base, { recursive: true, force: true });
    },
  };
}
