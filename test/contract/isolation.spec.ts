/**
 * What row-level security alone lets through: raw SQL under a member's context, without any repository's own filter. Every
 * table is asked for rows of another party, so that a policy that opens is seen even where the code above would hide it.
 */
import { randomBytes, randomUUID } from 'node:crypto';
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
    for (const member of [world.a, world.b, world.c]) await plantElsewhere(member.id);
    owned = await db.admin<Owned>(`select n.nspname || '.' || c.relname as table, a.attname as owner
      from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
      where n.nspname in ('tally', 'platform', 'audit') and c.relkind in ('r', 'p') and a.attname in ('member_id', 'party_id')
      order by 1, 2`);
  });

  /** Rows of what no case leaves behind: brands and alerts, warned tokens, bands of a text, a move, a check. */
  async function plantElsewhere(member: string): Promise<void> {
    const [clue, brand, text] = [randomUUID(), randomUUID(), randomUUID()];
    const [{ publication } = { publication: randomUUID() }] = await db.admin<{ publication: string }>("insert into tally.publication (member_id, publication_id, via) values ($1, gen_random_uuid(), 'BULK') returning publication_id as publication", [member]);
    for (const [id, kind, detail] of [[clue, 'phone', Buffer.alloc(256)], [text, 'complaint_text', null]] as const) {
      await db.admin(`insert into tally.clue (member_id, clue_id, publication_id, epoch, kind, kind_version, category, means, role, level, purpose, basis_code, tlp, first_seen, last_seen, evidence, detail, revision,
        exact_token, expires_at) values ($1, $2, $3, 1, $4, 1, 'TELECOM_FRAUD', '{}', 'SUSPECT', 1, 'FRAUD_PREVENTION', 'PUBLIC_INTEREST', 'AMBER', now(), now(), '{}', $5, 1, substring(sha256($2::uuid::text::bytea), 1, 16), now() + interval '1 day')`,
      [member, id, publication, kind, detail]);
    }
    await db.admin("insert into tally.publication_chunk (member_id, publication_id, seq, sha256) values ($1, $2, 0, sha256('c'))", [member, publication]);
    await db.admin("insert into tally.text_band (member_id, clue_id, band, epoch, token, live, expires_at) values ($1, $2, 1, 1, $3, true, now() + interval '1 day')", [member, text, randomBytes(16)]);
    await db.admin('insert into tally.clue_move (member_id, clue_id, epoch, publication_id, from_epoch) values ($1, $2, 2, $3, 1)', [member, clue, publication]);
    await db.admin("insert into tally.brand (member_id, brand_id, revision, withdrawn, statement) values ($1, $2, 1, false, 'x')", [member, brand]);
    await db.admin("insert into tally.brand_alert (member_id, alert_id, brand_id, reporter_id, sealed) values ($1, gen_random_uuid(), $2, $1, 'x')", [member, brand]);
    await db.admin("insert into tally.warned_token (member_id, epoch, token, list) values ($1, 1, $2, 'OWN')", [member, randomBytes(16)]);
    const disclosure = randomUUID();
    await db.admin("insert into tally.disclosure (member_id, disclosure_id, kind, client_id, purpose, basis_code, asked, hits) values ($1, $2, 'CHECK', '', 'FRAUD_PREVENTION', 'PUBLIC_INTEREST', 1, 1)", [member, disclosure]);
    await db.admin("insert into tally.check_quota (member_id, day, used) values ($1, now()::date, 1) on conflict do nothing", [member]);
    await db.admin('insert into tally.disclosure_hit (member_id, disclosure_id, bucket, token, epoch) values ($1, $2, 0, $3, 1)', [member, disclosure, Buffer.alloc(16)]);
  }

  /** Tables and columns under which the party sees a row of somebody else; tables that the application may not read are left out. */
  async function foreignRowsSeenBy(party: WorldParty): Promise<{ seen: string[]; asked: string[] }> {
    const { tenant } = await db.app();
    const seen: string[] = [];
    const asked: string[] = [];
    for (const { table, owner } of owned) {
      const [mayRead] = await db.admin<{ may: boolean }>(`select has_column_privilege('tally_app', $1::regclass, $2, 'select') as may`, [table, owner]);
      if (mayRead?.may !== true) continue;
      const rows = await db.admin<{ n: number }>(`select count(*)::int as n from ${table} where ${owner} <> $1`, [party.id]);
      if ((rows[0]?.n ?? 0) === 0) continue;
      asked.push(table);
      const [row] = await tenant.run(party.actor, (tx) => tx.query<{ n: number }>(`select count(*)::int as n from ${table} where ${owner} <> $1`, [party.id]));
      if (row?.n !== 0 && !SHARED.has(table)) seen.push(`${table}.${owner}`);
    }
    return { seen, asked };
  }

  it('are there to be seen, in every table that the application may read', async () => {
    const { asked } = await foreignRowsSeenBy(world.c);
    const readable = await db.admin<{ table: string }>(`select t as table from unnest($1::text[], $2::text[]) u (t, c) where has_column_privilege('tally_app', t::regclass, c, 'select')`, [
      owned.map(({ table }) => table), owned.map(({ owner }) => owner)]);
    expect(readable.map(({ table }) => table).filter((table) => !asked.includes(table))).toEqual([]);
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
