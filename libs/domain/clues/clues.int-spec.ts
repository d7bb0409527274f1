import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { MemberId, PublicationId } from '#kernel';
import type { Actor } from '#platform/database';
import { aClue, aRegisteredParty, withTestDatabase } from '#testing';
import { ClueBatch } from './clue-batch.js';
import { CluesRepository } from './clues.repository.js';
import { PublicationsRepository } from './publications.repository.js';

const db = withTestDatabase();
const sut = new CluesRepository();
const publications = new PublicationsRepository();
const OWN_TABLES = ['publication', 'publication_chunk', 'clue', 'clue_token', 'overlap', 'disclosure', 'disclosure_hit', 'check_quota', 'event_head', 'event'];
const denied = { code: '42501' };

async function aMember(): Promise<Actor> {
  const { id } = await aRegisteredParty('member').in(db.admin);
  return { partyId: id, role: 'member', clientId: id, purpose: null };
}
async function publish(actor: Actor, ...words: object[]): Promise<PublicationId> {
  const publicationId = uuidv7() as PublicationId;
  const batch = new ClueBatch(new Date());
  for (const change of words) batch.add(aClue(change));
  await (await db.app()).tenant.run(actor, async (tx) => {
    await publications.hold(tx, actor.partyId as MemberId, publicationId, 'BULK');
    await publications.claimChunk(tx, actor.partyId, publicationId, 0, Buffer.alloc(32));
    await sut.ingest(tx, actor.partyId, publicationId, batch);
  });
  return publicationId;
}

describe(CluesRepository.name, () => {
  let a: Actor, b: Actor, publicationId: PublicationId;
  beforeAll(async () => {
    [a, b] = [await aMember(), await aMember()];
    publicationId = await publish(a, { on: 'secret', variants: ['v'] });
  });

  it('puts clues in and finds them again', async () => {
    const { tenant } = await db.app();
    const { items } = await tenant.run(a, (tx) => sut.list(tx, a.partyId, { first: 10, after: null }));
    expect(items).toMatchObject([{ node: { publicationId, kindVersion: 'org_name@1', state: 'LIVE' } }]);
    expect(await db.admin("select form, strength, bucket = ('x' || left(encode(token, 'hex'), 4))::bit(16)::int >> 6 as right from tally.clue_token order by form"))
      .toEqual([{ form: 1, strength: 'EXACT', right: true }, { form: 2, strength: 'WEAK', right: true }]);
  });

  it('shows another member, and nobody, nothing', async () => {
    const { tenant, system } = await db.app();
    for (const table of ['publication', 'publication_chunk', 'clue', 'clue_token']) {
      const count = `select count(*)::int as n from tally.${table}`;
      expect(await tenant.run(a, (tx) => tx.query(count))).not.toEqual([{ n: 0 }]);
      expect(await tenant.run(b, (tx) => tx.query(count))).toEqual([{ n: 0 }]);
      expect(await system.run((tx) => tx.query(count))).toEqual([{ n: 0 }]);
    }
    expect((await tenant.run(b, (tx) => sut.list(tx, a.partyId, { first: 10, after: null }))).items).toEqual([]);
  });

  it('raises when the context is forged', async () => {
    const { system } = await db.app();
    for (const table of OWN_TABLES.filter((name) => name !== 'disclosure_hit' && name !== 'event_head')) {
      await expect(system.run(async (tx) => {
        await tx.query("select set_config('tally.context', $1, true)", [`${'0'.repeat(64)}.{"party":"${a.partyId}"}`]);
        return tx.query(`select count(*) from tally.${table}`);
      })).rejects.toMatchObject({ code: '28000' });
    }
  });

  it("refuses to write in another member's name", async () => {
    const { tenant } = await db.app();
    const before = await db.admin('select * from tally.clue');
    await expect(tenant.run(b, (tx) => publications.hold(tx, a.partyId, uuidv7() as PublicationId, 'API'))).rejects.toMatchObject(denied);
    const batch = new ClueBatch(new Date());
    batch.add(aClue());
    await expect(tenant.run(b, (tx) => sut.ingest(tx, a.partyId, publicationId, batch))).rejects.toMatchObject(denied);
    const ids = (before as { clue_id: string }[]).map(({ clue_id }) => clue_id);
    expect(await tenant.run(b, (tx) => sut.retract(tx, a.partyId, ids as never, 'FALSE_POSITIVE'))).toEqual([]);
    expect(await tenant.run(b, (tx) => tx.execute("update tally.clue set state = 'RETRACTED', retracted_at = now(), retraction_reason = 'x'"))).toBe(0);
    await expect(tenant.run(a, (tx) => tx.execute('update tally.clue set member_id = $1', [b.partyId]))).rejects.toMatchObject(denied);
    expect(await db.admin('select * from tally.clue')).toEqual(before);
  });

  it('lets the application write no overlap, check record, quota or event, and delete nothing', async () => {
    const { tenant } = await db.app();
    for (const sql of [
      `insert into tally.overlap select * from tally.overlap`, `update tally.overlap set state = 'OPEN'`, `update tally.check_quota set used = 1`,
      `insert into tally.event (party_id, seq, kind, subject_id) values ('${a.partyId}', 1, 'FORGED', '${randomUUID()}')`, `select * from tally.disclosure_hit`,
      `insert into tally.disclosure (member_id, disclosure_id, kind, client_id, purpose, basis_code, asked, hits) values ('${a.partyId}', '${randomUUID()}', 'CHECK', 'c', 'p', 'b', 1, 0)`,
      `update tally.disclosure set purpose = 'x'`, `update tally.clue set category = 'PHISHING'`, `update tally.clue_token set token = token`, `update tally.publication set match_state = 'DONE'`,
      ...OWN_TABLES.map((table) => `delete from tally.${table}`),
      `select match.held('{}')`, `select match.recompute('{}', null)`, `select match.match_slice('${a.partyId}', '${publicationId}', 1)`, `select match.expire_clues(1)`,
      `select match.emit('{${b.partyId}}', 'OVERLAP_OPENED', '${randomUUID()}')`,
    ]) await expect(tenant.run(a, (tx) => tx.query(sql))).rejects.toMatchObject(denied);
  });

  it('lets the worker read none of it', async () => {
    const { system } = await db.worker();
    for (const table of OWN_TABLES) await expect(system.run((tx) => tx.query(`select * from tally.${table}`))).rejects.toMatchObject(denied);
  });

  it('is held to the guards by the database too', async () => {
    const { tenant } = await db.app();
    const copy = (change: string): Promise<unknown> => tenant.run(a, (tx) => tx.query(
      `insert into tally.clue select (jsonb_populate_record(c, jsonb_build_object('clue_id', gen_random_uuid(), 'epoch', 9) || '${change}')).* from tally.clue c limit 1`));
    const refused = { code: '23514' };
    await copy('{}');
    await expect(copy('{"category":"INDIVIDUAL_NOT_GREY_INDUSTRY"}')).rejects.toMatchObject(refused);
    await expect(copy('{"category":"MALICIOUS_COMPLAINT","role":"SUSPECT"}')).rejects.toMatchObject(refused);
    await expect(copy('{"category":"MALICIOUS_COMPLAINT","means":[]}')).rejects.toMatchObject(refused);
    await expect(copy('{"level":0}')).rejects.toMatchObject(refused);
    await expect(copy('{"tlp":"CLEAR"}')).rejects.toMatchObject(refused);
  });
});
