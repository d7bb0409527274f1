import { v7 as uuidv7 } from 'uuid';
import type { MemberId, PublicationId } from '#kernel';
import { aRegisteredParty, withTestDatabase } from '#testing';
import { MatchingRepository } from './matching.repository.js';

const db = withTestDatabase();
const sut = new MatchingRepository();
const CLUES = 8_000;
const SLICE = 5_000;

/** A finished publication of which every fourth clue is on a token that every member holds; some clues have a weak form too. */
async function aPublication(seed: string): Promise<{ member: MemberId; publication: PublicationId }> {
  const { id } = await aRegisteredParty('member').in(db.admin);
  const publication = uuidv7();
  await db.admin("insert into tally.publication (member_id, publication_id, via, state) values ($1, $2, 'API', 'FINISHED')", [id, publication]);
  await db.admin(`insert into tally.clue (member_id, clue_id, publication_id, epoch, kind, kind_version, category, means, role, level, purpose, basis_code, tlp, first_seen, last_seen,
    evidence, detail, revision, exact_token, expires_at)
    select $1::uuid, md5($4::text || 'clue' || r)::uuid, $2::uuid, 1, 'org_name', 1, 'PROXY_RIGHTS_PROTECTION', '{}', 'AGENT', 1, 'FRAUD_PREVENTION', 'PUBLIC_INTEREST', 'AMBER', now(), now(),
      '{}', decode(repeat('00', 296), 'hex'), 1, decode(md5(case when r % 4 = 0 then 'shared' else $4::text end || r), 'hex'), now() + interval '90 days'
    from generate_series(1, $3::int) r`, [id, publication, CLUES, seed]);
  const form = (n: number, token: string, kind: string, strength: string, where: string): Promise<unknown> => db.admin(
    `insert into tally.clue_token (member_id, clue_id, form, epoch, token, kind, strength, live)
     select member_id, clue_id, ${n}, 1, ${token}, '${kind}', '${strength}', true from tally.clue where member_id = $1 and ${where}`, [id]);
  await form(1, 'exact_token', 'org_name', 'EXACT', 'true');
  await form(2, "decode(md5(exact_token), 'hex')", 'org_core', 'WEAK', 'get_byte(exact_token, 0) < 80');
  return { member: id as MemberId, publication: publication as PublicationId };
}

/** Rows that the indexes of tally.clue gave back so far, as the server counts them: work, not seconds. */
async function rowsRead(): Promise<number> {
  await db.admin('select pg_stat_force_next_flush()');
  const [row] = await db.admin<{ n: string }>("select sum(idx_tup_fetch + seq_tup_read)::text as n from pg_stat_user_tables where schemaname = 'tally' and relname in ('clue', 'clue_token')");
  return Number(row?.n);
}

describe('matching on tables that nobody has analysed yet', () => {
  beforeAll(async () => {
    for (const table of ['clue', 'clue_token', 'overlap', 'event']) await db.admin(`alter table tally.${table} set (autovacuum_enabled = false)`);
  });

  it('reads in proportion to the clues that match, in a session that saw the tables empty', async () => {
    const { system, source } = await db.worker();
    const opened: number[] = [];
    for (const seed of ['a', 'b', 'c']) {
      const { member, publication } = await aPublication(seed);
      const before = await rowsRead();
      let found = 0;
      for (let done = false; !done;) {
        const slice = await system.run((tx) => sut.matchSlice(tx, member, publication, SLICE));
        found += slice.opened;
        done = slice.done;
      }
      await source.query('select pg_stat_force_next_flush()');
      opened.push(found);
      expect(await rowsRead() - before).toBeLessThan(CLUES * 60);
    }
    const [{ shared } = { shared: 0 }] = await db.admin<{ shared: number }>(
      "select count(*)::int as shared from tally.clue_token t where t.member_id = (select min(member_id::text)::uuid from tally.clue_token) and exists (select from tally.clue_token o where o.token = t.token and o.member_id <> t.member_id)");
    expect(opened).toEqual([0, shared, shared]);
    expect(shared).toBeGreaterThan(CLUES / 4);
  }, 120_000);
});
