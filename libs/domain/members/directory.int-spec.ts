import { randomUUID } from 'node:crypto';
import type { KeyId, Page, PartyId } from '#kernel';
import { createDataSource, SystemTx, type Actor } from '#platform/database';
import { aRegisteredParty, withTestDatabase, type TestPartyRecord } from '#testing';
import { Directory } from './directory.js';
import { PartiesRepository, type ListedParty } from './parties.repository.js';

const db = withTestDatabase();
const sut = new Directory();
const admin = (sql: string, params?: readonly unknown[]) => db.admin(sql, params);
const actor = ({ id, role }: TestPartyRecord): Actor => ({ partyId: id, role, clientId: id, purpose: null });
const as = async <T>(party: TestPartyRecord, work: Parameters<Awaited<ReturnType<typeof db.app>>['tenant']['run']>[1]): Promise<T> =>
  (await db.app()).tenant.run(actor(party), work) as Promise<T>;

describe('directory under row-level security', () => {
  let member: TestPartyRecord, other: TestPartyRecord, coordinator: TestPartyRecord, suspended: TestPartyRecord, pending: TestPartyRecord;
  beforeAll(async () => {
    [member, other, coordinator] = [await aRegisteredParty('member').in(admin), await aRegisteredParty('member').in(admin), await aRegisteredParty('coordinator').in(admin)];
    [suspended, pending] = [await aRegisteredParty('member').suspended().in(admin), await aRegisteredParty('member').pending().in(admin)];
  });

  it.each(['party', 'party_key', 'officer', 'client'])('shows a member its own rows of %s only, and a coordinator all', async (table) => {
    const column = table === 'party' ? 'id' : 'party_id';
    const seen = async (by: TestPartyRecord): Promise<string[]> => [...new Set((await as<{ id: string }[]>(by, (tx) => tx.query(`select ${column} as id from directory.${table}`))).map(({ id }) => id))];
    expect(await seen(member)).toEqual([member.id]);
    expect((await seen(coordinator)).sort()).toEqual([member, other, coordinator, suspended, pending].map(({ id }) => id).sort());
  });
  it('shows nobody anything without a context', async () => {
    const { system } = await db.app();
    for (const table of ['party', 'party_key', 'officer', 'client', 'act', 'act_signature']) expect(await system.run((tx) => tx.query(`select * from directory.${table}`))).toEqual([]);
  });
  it('lets a member write nothing', async () => {
    for (const sql of [
      "insert into directory.party (id, role, name, name_zh, jurisdiction, contact_desk) values (gen_random_uuid(), 'member', 'x', 'x', '', '{}')",
      `insert into directory.client (client_id, party_id) values ('${randomUUID()}', '${member.id}')`,
      `insert into directory.act (id, kind, party_id, digest, policy_version, state) values (gen_random_uuid(), 'ADMIT', '${member.id}', repeat('A', 43), 1, 'PROPOSED')`,
    ]) await expect(as(member, (tx) => tx.query(sql))).rejects.toMatchObject({ driverError: { code: '42501' } });
    expect(await as(member, (tx) => tx.execute("update directory.party set status = 'ACTIVE'"))).toBe(0);
    await expect(as(member, (tx) => tx.query("update directory.party set name = 'x'"))).rejects.toMatchObject({ driverError: { code: '42501' } });
  });
  it('lets no coordinator change its own standing', async () => {
    expect(await as(coordinator, (tx) => tx.execute("update directory.party set status = 'SUSPENDED' where id = $1", [coordinator.id]))).toBe(0);
  });
  it('gives out one admitted party by id, and its officers by key while it is active', async () => {
    expect(await as(member, (tx) => sut.party(tx, other.id))).toMatchObject({ id: other.id, status: 'ACTIVE', name: other.name });
    expect(await as(member, (tx) => sut.party(tx, pending.id))).toBeNull();
    expect(await as(member, (tx) => sut.keys(tx, pending.id))).toEqual([]);
    expect(await as<unknown[]>(member, (tx) => sut.keys(tx, other.id))).toHaveLength(3);
    const officerOf = (party: TestPartyRecord) => as(member, (tx) => sut.officerByKey(tx, party.officers[0]?.kid as KeyId));
    expect(await officerOf(coordinator)).toMatchObject({ partyId: coordinator.id, role: 'coordinator' });
    expect([await officerOf(suspended), await officerOf(pending)]).toEqual([null, null]);
  });
  it('lists suspended parties and names the cluster', async () => {
    const { system } = await db.worker();
    expect(await system.run((tx) => sut.suspended(tx))).toEqual([suspended.id]);
    expect(await system.run((tx) => sut.cluster(tx))).toMatch(/^\d+$/);
  });
  it('gives the token server active clients and authentication keys, nothing else', async () => {
    const source = await createDataSource({ url: db.url('tally_auth'), applicationName: 'test' });
    try {
      const system = new SystemTx(source);
      const clients = await system.run((tx) => tx.query<{ client_id: PartyId; keys: { kid: string }[] }>('select * from directory.clients'));
      expect(clients.map(({ client_id }) => client_id).sort()).toEqual([member, other, coordinator].map(({ id }) => id).sort());
      for (const { keys } of clients) expect(keys).toHaveLength(1);
      for (const forbidden of ['select name from directory.party', 'select * from directory.officer', 'select * from tally.clue', "insert into directory.client values ('x', gen_random_uuid())"]) {
        await expect(system.run((tx) => tx.query(forbidden))).rejects.toMatchObject({ driverError: { code: '42501' } });
      }
      expect(await system.run((tx) => tx.query("select * from directory.party_key where use <> 'auth'").catch(() => []))).toEqual([]);
    } finally {
      await source.destroy();
    }
  });
  it('pages through parties without skipping or repeating', async () => {
    const parties = new PartiesRepository();
    const ids: string[] = [];
    for (let after: string | null = null; ;) {
      const cursor: string | null = after;
      const page: Page<ListedParty> = await as<Page<ListedParty>>(coordinator, (tx) => parties.list(tx, { first: 2, after: cursor }));
      ids.push(...page.items.map(({ node }) => node.id));
      if (!page.hasNextPage) break;
      after = page.items.at(-1)?.cursor ?? null;
    }
    expect(ids).toHaveLength(5);
    expect(new Set(ids).size).toBe(5);
  });
});
