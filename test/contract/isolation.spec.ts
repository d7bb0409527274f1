/**
 * What row-level security alone lets through: raw SQL under a member's context, without any repository's own filter. Every
 * table is asked for rows of another party, so that a policy that opens is seen even where the code above would hide it.
 */
import { randomUUID } from 'node:crypto';
import type { PackageId } from '#kernel';
import { aCaseWorld, CaseSteps, caseFlows, plantOverlap, withTestDatabase, type CaseWorld, type WorldParty } from '#testing';

interface Owned {
  readonly table: string;
  /** Column that says whose row it is. */
  readonly owner: string;
}

/** Rows of others that a party may see, with the reason. */
const SHARED = new Map([['tally.approval', 'the lead sees the coordinator\'s approval of its case, and the other way round']]);

describe('rows of another party', () => {
  const db = withTestDatabase();
  let world: CaseWorld;
  let owned: readonly Owned[];
  let caseId: string;
  let packageId: PackageId;

  beforeAll(async () => {
    world = await aCaseWorld(db);
    const flows = await caseFlows(db);
    const steps = new CaseSteps(db, flows, world);
    await steps.testAccepted();
    ({ caseId, packageId } = await steps.approved());
    await flows.build.handle({ packageId }, { outboxId: randomUUID() as never, attempt: 1, effectKey: () => randomUUID() });
    await steps.proposed(world.b, [world.c]);
    await plantOverlap(db, [world.b, world.c]);
    owned = await db.admin<Owned>(`select n.nspname || '.' || c.relname as table, a.attname as owner
      from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
      where n.nspname in ('tally', 'platform', 'audit') and c.relkind in ('r', 'p') and a.attname in ('member_id', 'party_id')
      order by 1, 2`);
  });

  /** Tables and columns under which the party sees a row of somebody else; tables that the application may not read are left out. */
  async function foreignRowsSeenBy(party: WorldParty): Promise<{ seen: string[]; asked: number }> {
    const { tenant } = await db.app();
    const seen: string[] = [];
    let asked = 0;
    for (const { table, owner } of owned) {
      const [mayRead] = await db.admin<{ may: boolean }>(`select has_column_privilege('tally_app', $1::regclass, $2, 'select') as may`, [table, owner]);
      if (mayRead?.may !== true) continue;
      const rows = await db.admin<{ n: number }>(`select count(*)::int as n from ${table} where ${owner} <> $1`, [party.id]);
      if ((rows[0]?.n ?? 0) === 0) continue;
      asked += 1;
      const [row] = await tenant.run(party.actor, (tx) => tx.query<{ n: number }>(`select count(*)::int as n from ${table} where ${owner} <> $1`, [party.id]));
      if (row?.n !== 0 && !SHARED.has(table)) seen.push(`${table}.${owner}`);
    }
    return { seen, asked };
  }

  it('are there to be seen, in most tables', async () => {
    expect((await foreignRowsSeenBy(world.c)).asked).toBeGreaterThan(10);
  });

  it.each(['a', 'b', 'c'] as const)('are shown to member %s in no table', async (member) => {
    expect((await foreignRowsSeenBy(world[member])).seen).toEqual([]);
  });

  it('of a case are shown to no member without part in it', async () => {
    const { tenant } = await db.app();
    for (const table of ['joint_case', 'case_party', 'case_proposal', 'contribution', 'approval', 'package', 'receipt', 'outcome', 'inbox_entry']) {
      const ofTheCase = table === 'receipt' || table === 'outcome' || table === 'inbox_entry'
        ? `select count(*)::int as n from tally.${table} where package_id = $1` : `select count(*)::int as n from tally.${table} where case_id = $2 and $1::uuid is not null`;
      const [row] = await tenant.run(world.c.actor, (tx) => tx.query<{ n: number }>(ofTheCase, ofTheCase.includes('$2') ? [packageId, caseId] : [packageId]));
      expect([table, row?.n]).toEqual([table, 0]);
    }
  });

  it('are shown to a coordinator in tables of cases only', async () => {
    const { seen } = await foreignRowsSeenBy(world.coordinator);
    expect(seen.filter((one) => !/^tally\.(case_|joint_case|package|receipt|outcome|inbox_entry)/.test(one))).toEqual([]);
  });

  it('are shown to nobody without a context', async () => {
    const { system } = await db.app();
    for (const { table } of owned) {
      const [mayRead] = await db.admin<{ may: boolean }>(`select has_table_privilege('tally_app', $1::regclass, 'select') as may`, [table]);
      if (mayRead?.may !== true) continue;
      const [row] = await system.run((tx) => tx.query<{ n: number }>(`select count(*)::int as n from ${table}`));
      expect([table, row?.n]).toEqual([table, 0]);
    }
  });
});
