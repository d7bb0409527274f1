/**
 * A rotation through the whole network: two banks re-tokenise from their vaults, by the command, without their files; what they see
 * does not change by a letter; the old epoch is gone in the end. Then the new epoch is stopped, and stops at once everywhere.
 * What the hub and its database do in it is in every run too: apps/hub/epochs/rotate-epoch.int-spec.ts.
 */
import { copyFileSync, mkdtempSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { withClient } from '#platform/database';
import { deal, signRoster, type RosterEntry } from '../../tools/dealer/index.js';
import type { DemoDatabase } from '../../tools/demo/demo-database.js';
import { type DemoNetwork, FEDERATION, HOLDERS, HUB } from '../../tools/demo/demo-network.js';
import type { DemoParties, DemoParty } from '../../tools/demo/demo-parties.js';
import { PROFILE, STATED } from '../../tools/demo/journey-publish.js';
import { tally, tallyRaw } from '../../tools/demo/tally-command.js';
import { startHeavyNetwork, type HeavyNetwork } from './heavy-network.js';

const ROWS = 20_000;

interface Moved { readonly epoch: number; readonly publicationId: string | null; readonly seconds: number; readonly counts: { readonly clues: number; readonly moved: number; readonly refused: number } }
type Overlaps = readonly { readonly row: string; readonly overlapId: string }[];

describe(`a rotation of ${ROWS} clues`, () => {
  const base = mkdtempSync(path.join(os.tmpdir(), 'tally-rotation-'));
  const secondFolder = path.join(base, 'second');
  let heavy: HeavyNetwork;
  let database: DemoDatabase;
  let network: DemoNetwork;
  let parties: DemoParties;
  let banks: readonly DemoParty[];

  const sql = <R extends object>(text: string): Promise<R[]> => withClient(database.admin(), async (client) => (await client.query<R>(text)).rows);
  const overlapsOf = async ({ home }: DemoParty): Promise<string> => JSON.stringify((await tally<Overlaps>(home, ['overlaps', ...STATED])), null, 1);
  const eventsOf = async ({ home }: DemoParty): Promise<string[]> => (await tally<{ kind: string }[]>(home, ['events'])).map(({ kind }) => kind);
  const seen = async (): Promise<unknown> => Promise.all(banks.map(async (bank) => ({ overlaps: await overlapsOf(bank), told: (await eventsOf(bank)).filter((kind) => kind.startsWith('OVERLAP')).length })));
  const until = async (condition: () => Promise<boolean>): Promise<void> => {
    for (const end = Date.now() + 90_000; !(await condition());) {
      if (Date.now() > end) throw new Error('did not come true within 90 s');
      await new Promise((resolve) => { setTimeout(resolve, 200); });
    }
  };

  beforeAll(async () => {
    heavy = await startHeavyNetwork(base, ROWS * 20);
    ({ database, network, parties } = heavy);
    banks = parties.banks.slice(0, 2);
    const profile = path.join(base, 'profile.json');
    writeFileSync(profile, JSON.stringify(PROFILE));
    for (const [i, bank] of banks.entries()) {
      const file = path.join(base, `bank-${i}.csv`);
      const rows = Array.from({ length: ROWS / 2 }, (_, n) => `R${n},phone,133${String(20_000_000 + n + i * (ROWS / 4))},2026-03-01,x`);
      writeFileSync(file, `row,type,value,first_seen,channel\n${rows.join('\n')}\n`);
      await tally(bank.home, ['publish', file, '--profile', profile, '--wait']);
      unlinkSync(file); // from here on there is the vault only
    }
  }, 300_000);
  afterAll(async () => {
    await heavy?.stop();
  }, 120_000);

  it('changes no overlap and tells nobody anything, whoever has moved, and the old epoch is gone', async () => {
    const before = await seen();
    expect(JSON.parse(await overlapsOf(banks[0]!)) as Overlaps).toHaveLength(ROWS / 4);
    await deal({ out: secondFolder, holders: HOLDERS, threshold: 2, federation: FEDERATION, hub: HUB, epoch: 2, beside: network.holdersFolder }, 'demo');
    await signRoster({ dir: secondFolder, members: await rosterEntries(), out: path.join(secondFolder, 'roster.json') }, 'demo');
    await network.addEpoch(secondFolder);
    const refused = await tallyRaw(banks[0]!.home, ['vault', 'retokenise']);
    expect([refused.exit, refused.stderr]).toEqual([3, expect.stringContaining('EPOCH_NOT_OPEN') as string]);
    const coordinator = parties.get('coordinator');
    await tally(coordinator.home, ['epoch', 'announce', '--manifest', path.join(secondFolder, 'manifest.json'), '--officer-key', coordinator.officers[0]!.keyFile]);
    for (const bank of banks) {
      const moved = await tally<Moved>(bank.home, ['vault', 'retokenise']);
      expect(moved).toMatchObject({ epoch: 2, counts: { clues: ROWS / 2, moved: ROWS / 2, refused: 0 } });
      process.stdout.write(`re-tokenised ${ROWS / 2} clues in ${moved.seconds.toFixed(1)} s\n`);
      await until(async () => (await sql("select from tally.publication where match_state <> 'DONE'")).length === 0);
      expect(await seen()).toEqual(before);
    }
    expect(await tally<Moved>(banks[0]!.home, ['vault', 'retokenise'])).toMatchObject({ publicationId: null });
    const started = performance.now();
    await sql("update tally.epoch set announced_at = now() - interval '31 days', overlap_until = now() - interval '6 minutes'");
    await sql("update platform.outbox set available_at = now() where job = 'epochs.erase'");
    await until(async () => (await sql('select from tally.epoch_erasure where finished_at is not null')).length === 1);
    process.stdout.write(`erased in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    expect(await sql("select count(*)::int as n from tally.clue_token where epoch = 1")).toEqual([{ n: 0 }]);
    expect(await sql("select count(*)::int as n from tally.clue where epoch = 1 or exact_token is null")).toEqual([{ n: 0 }]);
    expect(await seen()).toEqual(before);
    for (const bank of banks) expect((await eventsOf(bank)).filter((kind) => kind.startsWith('EPOCH'))).toEqual(['EPOCH_ANNOUNCED']);
  }, 300_000);

  it('stops an epoch at once, at the hub and at every holder, and agents do not fall back to an older one', async () => {
    const [bank] = banks;
    const check = (): ReturnType<typeof tallyRaw> => tallyRaw(bank!.home, ['check', '-', '--kind', 'phone', ...STATED, '--json'], { stdin: `133${20_000_000 + ROWS / 4}\n` });
    const found = await check();
    expect([found.exit, found.stdout]).toEqual([0, expect.stringContaining('"hit": true') as string]);
    const stop = path.join(base, 'stop.json');
    for (const index of [1, 3]) {
      await tally(bank!.home, ['epoch', 'sign-stop', '--epoch', '2', '--federation-id', FEDERATION, '--key', path.join(network.holdersFolder, `holder-${index}/evidence.jwk.json`), '--out', stop]);
    }
    const coordinator = parties.get('coordinator');
    await tally(coordinator.home, ['epoch', 'stop', '--stop', stop, '--officer-key', coordinator.officers[1]!.keyFile, '--yes']);
    expect((await check()).stdout).toContain('"hit": false'); // of the cache, at the hub: stopped
    copyFileSync(stop, network.epochStopFile);
    await until(async () => {
      const listed = await Promise.all(network.addresses.holders.map(async ({ url }) => JSON.stringify(await (await fetch(`${url}/manifests`)).json())));
      return listed.every((list) => !list.includes(JSON.parse(readFileSync(path.join(secondFolder, 'manifest.json'), 'utf8')).payload as string));
    });
    const late = await check();
    expect([late.exit, late.stderr]).toEqual([6, expect.stringContaining('STALE_MANIFEST') as string]);
  }, 120_000);

  async function rosterEntries(): Promise<RosterEntry[]> {
    return parties.banks.map((bank) => ({
      memberId: bank.partyId, attested: 1_000, budgets: { publish: ROWS * 20, enrolment: 10_000, daily: 10_000 },
      evidenceKeys: parties.publicOf(bank.name).keys.filter(({ use }) => use === 'evidence').map(({ jwk }) => jwk as never),
    }));
  }
});
