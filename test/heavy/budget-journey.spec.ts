/**
 * A publication that meets the end of its budget, as its user lives it: the agent stops and says so, the key-holders sign a larger budget
 * that a coordinator proposed, the same command goes on. No row is lost, no point is charged twice.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { withClient } from '#platform/database';
import { fingerprintOf, parsePublicFile, TrustStore } from '#sdk';
import type { DemoDatabase } from '../../tools/demo/demo-database.js';
import type { DemoNetwork } from '../../tools/demo/demo-network.js';
import type { DemoParties, DemoParty } from '../../tools/demo/demo-parties.js';
import { PROFILE } from '../../tools/demo/journey-publish.js';
import { tally, tallyRaw } from '../../tools/demo/tally-command.js';
import { startHeavyNetwork, type HeavyNetwork } from './heavy-network.js';

const ROWS = 320;
const CHUNK = 64;
/** Each of three holders grants ceil(300 * 2 / 3) = 200: four of the five windows. */
const BUDGET = 300;

interface Published { readonly counts: { readonly rows: number; readonly clues: number }; readonly resumed: boolean; readonly acceptedRows: number }

describe('publishing with a budget that ends', () => {
  const base = mkdtempSync(path.join(os.tmpdir(), 'tally-budget-'));
  let database: DemoDatabase;
  let network: DemoNetwork;
  let parties: DemoParties;
  let heavy: HeavyNetwork;
  let bank: DemoParty;
  let publish: string[];

  beforeAll(async () => {
    heavy = await startHeavyNetwork(base, BUDGET);
    ({ database, network, parties } = heavy);
    bank = parties.bank('a');
    const file = path.join(base, 'phones.csv');
    const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const rows = Array.from({ length: ROWS }, (_, i) => `r${i},phone,1391100${String(1_000 + i)},${day},call`);
    writeFileSync(file, ['row,type,value,first_seen,channel', ...rows, ''].join('\n'));
    const profile = path.join(base, 'profile.json');
    writeFileSync(profile, JSON.stringify(PROFILE));
    publish = ['publish', file, '--profile', profile, '--chunk', String(CHUNK)];
  }, 120_000);

  afterAll(async () => {
    await heavy.stop();
  }, 60_000);

  const charged = async (): Promise<number[]> => Promise.all([1, 2, 3].map(async (index) => {
    const { DATABASE_URL } = await database.prepareHolder(index);
    return withClient(DATABASE_URL!, async (client) => {
      const { rows } = await client.query<{ used: string }>('select coalesce(sum(used), 0)::text as used from keyholder.counter where member_id = $1', [bank.partyId]);
      return Number(rows[0]!.used);
    });
  }));
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

  it('stops with status 3, in the person\'s language, and keeps what it did', async () => {
    const stopped = await tallyRaw(bank.home, publish, { env: { LANG: 'zh_CN.UTF-8' } });
    expect({ exit: stopped.exit, stderr: stopped.stderr }).toEqual({ exit: 3, stderr: expect.stringContaining('BUDGET_EXHAUSTED') as string });
    expect(stopped.stderr).toContain('重新执行同一命令');
    const used = await charged();
    expect(sum(used)).toBeGreaterThanOrEqual(4 * CHUNK * 2);
    for (const units of used) expect(units).toBeLessThanOrEqual(200);
    const again = await tallyRaw(bank.home, [...publish, '--json']);
    expect(again.exit).toBe(3);
    expect(again.stderr).toContain('"event":"budget.exhausted","budget":"publish","refillsAt":null');
    expect(await charged()).toEqual(used);
  }, 60_000);

  it('goes on with the same command once a threshold of key-holders has signed more', async () => {
    const folder = path.join(base, 'roster');
    mkdirSync(folder, { recursive: true });
    const file = (name: string): string => path.join(folder, name);
    const coordinator = parties.get('coordinator');
    const officerKey = coordinator.officers[0]!.keyFile;
    const propose = (units: number): string[] => ['roster', 'propose', '--member', bank.publicFile, '--epoch', '1', '--attested', '1000000', '--publish', String(units), '--officer-key', officerKey, '--out', file('proposal.json')];
    const refused = await tallyRaw(coordinator.home, propose(200_001));
    expect(refused).toMatchObject({ exit: 3, stderr: expect.stringContaining('most=200000') as string });
    await tally(coordinator.home, propose(1_000));

    const holders = network.holdersFolder;
    const common = ['--manifest', path.join(holders, 'manifest.json'), '--pins', network.holderPinsFile, '--proposal', file('proposal.json'), '--current', network.rosterFile];
    const sign = async (index: number, more: readonly string[]): Promise<unknown> => {
      const home = file(`home-${index}`);
      mkdirSync(home, { recursive: true, mode: 0o700 });
      const open = parsePublicFile(JSON.parse(readFileSync(coordinator.publicFile, 'utf8')));
      new TrustStore(path.join(home, 'trust.json')).add(open, fingerprintOf(open), new Date());
      return tally(home, ['roster', 'sign', ...common, '--key', path.join(holders, `holder-${index}`, 'evidence.jwk.json'), '--out', file(`signed-${index}.json`), ...more]);
    };
    expect(await sign(1, [])).toMatchObject({ signed: false, changes: [{ memberId: bank.partyId, before: { budgets: { publish: BUDGET } }, after: { budgets: { publish: 1_000 } } }] });
    expect(readdirSync(folder)).not.toContain('signed-1.json');
    await sign(1, ['--yes']);
    await sign(2, ['--draft', file('signed-1.json'), '--yes']);
    const merge = (...files: string[]): Promise<unknown> => tally(coordinator.home, ['roster', 'merge', ...files, '--pins', network.holderPinsFile, '--out', file('roster.json')]);
    expect(await merge(file('signed-1.json'))).toMatchObject({ enough: false, signers: 1 });
    expect(await merge(file('signed-1.json'), file('signed-2.json'))).toMatchObject({ enough: true, signers: 2, members: 3 });
    writeFileSync(network.rosterFile, readFileSync(file('roster.json')));

    await new Promise((resolve) => { setTimeout(resolve, 1_500); }); // key-holders look at the file twice a second
    const done = await tally<Published>(bank.home, publish);
    expect(done).toMatchObject({ resumed: true, acceptedRows: ROWS, counts: { rows: ROWS, clues: ROWS } });
    for (const units of await charged()) expect(units).toBeLessThanOrEqual(5 * CHUNK); // a holder charges each window once, whichever quorums it was in
  }, 60_000);
});
