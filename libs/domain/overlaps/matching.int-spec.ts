import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { ClueId, MemberId, PublicationId } from '#kernel';
import type { Actor } from '#platform/database';
import { aClue, aRegisteredParty, tokenOf, withTestDatabase, type ClueWords } from '#testing';
import { MatchingRepository } from './matching.repository.js';
import { OverlapsRepository } from './overlaps.repository.js';
import type { Overlap, PartyEvent } from './overlap.model.js';

const db = withTestDatabase();
const sut = new MatchingRepository();
const overlaps = new OverlapsRepository();
const STATED = { purpose: 'FRAUD_PREVENTION', legalBasis: { code: 'PUBLIC_INTEREST' } } as const;
const CLUE_COLUMNS = `insert into tally.clue (member_id, clue_id, publication_id, epoch, kind, kind_version, category, means, role, level, purpose, basis_code, tlp, first_seen, last_seen,
  evidence, detail, revision, exact_token, expires_at) values ($1, $2, $3, 1, 'org_name', 1, $4, $5, $6, $7, 'FRAUD_PREVENTION', 'PUBLIC_INTEREST', 'AMBER', $8, $9, '{}',
  decode(repeat('00', 296), 'hex'), 1, decode($10, 'hex'), now() + $11 * interval '1 day')`;

class Bank {
  constructor(readonly id: MemberId) {}
  get actor(): Actor {
    return { partyId: this.id, role: 'member', clientId: this.id, purpose: 'FRAUD_PREVENTION' };
  }
  /** Rows as the application inserts them, under the member's own context. */
  async publish(...clues: (ClueWords & { days?: number })[]): Promise<PublicationId> {
    const publication = uuidv7() as PublicationId;
    const { tenant } = await db.app();
    await tenant.run(this.actor, async (tx) => {
      await tx.execute("insert into tally.publication (member_id, publication_id, via) values ($1, $2, 'API')", [this.id, publication]);
      for (const clue of clues) {
        await tx.execute(CLUE_COLUMNS, [this.id, clue.clueId, publication, clue.category, clue.means, clue.role, Number(clue.level.slice(1)), clue.firstSeen, clue.lastSeen,
          clue.forms[0]?.token, clue.days ?? 90]);
        for (const [index, form] of clue.forms.entries()) {
          await tx.execute("insert into tally.clue_token (member_id, clue_id, form, epoch, token, kind, strength, live) values ($1, $2, $3, 1, decode($4, 'hex'), $5, $6, true)",
            [this.id, clue.clueId, index + 1, form.token, form.kind, form.strength]);
        }
      }
      await tx.execute("update tally.publication set state = 'FINISHED' where member_id = $1 and publication_id = $2", [this.id, publication]);
    });
    return publication;
  }
  async match(publication: PublicationId, slice = 1_000): Promise<number> {
    const { system } = await db.worker();
    let opened = 0;
    for (;;) {
      const result = await system.run((tx) => sut.matchSlice(tx, this.id, publication, slice));
      opened += result.opened;
      if (result.done) return opened;
    }
  }
  /** As the coordinator's act leaves it, and as the worker then reviews it. */
  async stands(status: 'ACTIVE' | 'SUSPENDED', slice = 1): Promise<void> {
    await db.admin('update directory.party set status = $2 where id = $1', [this.id, status]);
    const { system } = await db.worker();
    for (let after: ClueId | null = null; ;) {
      after = (await system.run((tx) => sut.standingSlice(tx, this.id, after, slice))).lastClue;
      if (after === null) return;
    }
  }
  async publishAndMatch(...clues: (ClueWords & { days?: number })[]): Promise<number> {
    return this.match(await this.publish(...clues));
  }
  async overlaps(): Promise<readonly Overlap[]> {
    const { tenant } = await db.app();
    return (await tenant.run(this.actor, (tx) => overlaps.list(tx, this.id, { first: 100, after: null }, null))).items.map(({ node }) => node);
  }
  async events(): Promise<readonly PartyEvent[]> {
    const { tenant } = await db.app();
    return (await tenant.run(this.actor, (tx) => overlaps.events(tx, { first: 100, after: null }))).items.map(({ node }) => node);
  }
  async retract(...ids: string[]): Promise<number> {
    const { tenant } = await db.app();
    return tenant.run(this.actor, async (tx) => {
      await tx.execute("update tally.clue set state = 'RETRACTED', retracted_at = now(), retraction_reason = 'FALSE_POSITIVE' where member_id = $1 and clue_id = any ($2::uuid[])", [this.id, ids]);
      await tx.execute('update tally.clue_token set live = false where member_id = $1 and clue_id = any ($2::uuid[])', [this.id, ids]);
      return sut.withdraw(tx, ids as ClueId[]);
    });
  }
  async check(...tokens: string[]) {
    const { tenant } = await db.app();
    return tenant.run(this.actor, (tx) => sut.check(tx, STATED, tokens));
  }
}
async function aBank(): Promise<Bank> {
  return new Bank((await aRegisteredParty('member').in(db.admin)).id);
}

describe(MatchingRepository.name, () => {
  let a: Bank, b: Bank, c: Bank;
  beforeEach(async () => {
    await db.admin("update directory.party set status = 'EXPELLED'");
    [a, b, c] = [await aBank(), await aBank(), await aBank()];
  });

  it('shows both sides their own row, in bands and classes', async () => {
    const mine = aClue({ on: 'x', firstSeen: '2026-01-01', lastSeen: '2026-01-02' });
    expect(await a.publishAndMatch(mine)).toBe(0);
    expect(await b.publishAndMatch(aClue({ on: 'x', category: 'CREDIT_REPAIR', level: 'L3', firstSeen: '2026-02-01', lastSeen: '2026-02-02' }), aClue({ on: 'y' }))).toBe(1);
    const [seenByA, ...rest] = await a.overlaps();
    expect(rest).toEqual([]);
    expect(seenByA).toEqual({
      id: expect.any(String) as string, clueId: mine.clueId, kind: 'org_name', strength: 'EXACT', others: 'ONE', categories: ['CREDIT_REPAIR'], levels: ['L3'], level: 'L3', impersonated: false,
      firstSeen: new Date('2026-02-01'), lastSeen: new Date('2026-02-02'), state: 'OPEN', openedAt: expect.any(Date) as Date, changedAt: expect.any(Date) as Date });
    expect(await b.overlaps()).toMatchObject([{ others: 'ONE', categories: ['PROXY_RIGHTS_PROTECTION'], levels: ['L1'], level: 'L3' }]);
    expect(await c.overlaps()).toEqual([]);
    for (const bank of [a, b]) expect(await bank.events()).toMatchObject([{ seq: 1, kind: 'OVERLAP_OPENED', subjectId: (await bank.overlaps())[0]?.id }]);
    expect(await c.events()).toEqual([]);
  });

  it('tells numbers in bands, and two of L1 corroborate each other', async () => {
    await a.publishAndMatch(aClue({ on: 'x' }));
    await b.publishAndMatch(aClue({ on: 'x' }));
    expect(await a.overlaps()).toMatchObject([{ others: 'ONE', level: 'L2' }]);
    await c.publishAndMatch(aClue({ on: 'x' }));
    const d = await aBank();
    await d.publishAndMatch(aClue({ on: 'x' }));
    for (const bank of [a, b, c, d]) expect(await bank.overlaps()).toMatchObject([{ others: 'TWO_OR_MORE', level: 'L2' }]);
    expect((await a.events()).map(({ seq, kind }) => [seq, kind])).toEqual([[1, 'OVERLAP_OPENED'], [2, 'OVERLAP_CHANGED']]);
  });

  it('says only yes or no while a band would name the other member', async () => {
    await a.publishAndMatch(aClue({ on: 'x' }));
    await b.publishAndMatch(aClue({ on: 'x' }));
    await db.admin("update directory.party set status = 'SUSPENDED' where id = $1", [c.id]);
    const nothing = { categories: [], levels: [], firstSeen: null, lastSeen: null };
    expect(await a.overlaps()).toMatchObject([{ others: 'ONE', ...nothing }]);
    expect((await a.check(tokenOf('x'), tokenOf('z'))).answers).toMatchObject([{ band: 'ONE', strength: null, ...nothing }, { band: 'ZERO', strength: null, ...nothing }]);
  });

  it('does not tell the level of the other member by the level of the overlap while a band would name it', async () => {
    await a.publishAndMatch(aClue({ on: 'x', variants: ['core'] }));
    await b.publishAndMatch(aClue({ on: 'x', level: 'L3', variants: ['core'] }));
    await db.admin("update directory.party set status = 'SUSPENDED' where id = $1", [c.id]);
    expect((await a.overlaps()).map(({ strength, level }) => [strength, level]).sort()).toEqual([['EXACT', 'L2'], ['WEAK', 'L1']]);
    expect((await b.overlaps()).map(({ level }) => level)).toEqual(['L3', 'L3']);
  });

  it('tells days, not instants: how precisely a time is stated would tell who states it', async () => {
    await a.publishAndMatch(aClue({ on: 'x', firstSeen: '2026-01-01T23:59:58.123Z', lastSeen: '2026-01-02T00:00:01.456Z' }));
    await b.publishAndMatch(aClue({ on: 'x' }));
    const days = { firstSeen: new Date('2026-01-01'), lastSeen: new Date('2026-01-02') };
    expect(await b.overlaps()).toMatchObject([days]);
    expect((await b.check(tokenOf('x'))).answers).toMatchObject([days]);
  });

  it('stops counting the clues of a member that is suspended in the open overlaps of others, and counts them again when it is back', async () => {
    const d = await aBank();
    await a.publishAndMatch(aClue({ on: 'x', category: 'CREDIT_REPAIR' }), aClue({ on: 'y' }), aClue({ on: 'own' }));
    await b.publishAndMatch(aClue({ on: 'x' }), aClue({ on: 'y' }));
    await c.publishAndMatch(aClue({ on: 'x' }));
    const states = async (bank: Bank): Promise<unknown> => (await bank.overlaps()).map(({ state, others, categories }) => [state, others, categories.length]).sort();
    expect(await states(b)).toEqual([['OPEN', 'ONE', 1], ['OPEN', 'TWO_OR_MORE', 2]]);
    await a.stands('SUSPENDED');
    expect(await states(b)).toEqual([['OPEN', 'ONE', 1], ['WITHDRAWN', 'ONE', 1]]);
    expect(await states(c)).toEqual([['OPEN', 'ONE', 1]]);
    expect(await db.admin("select distinct state from tally.overlap where member_id = $1", [a.id])).toEqual([{ state: 'WITHDRAWN' }]);
    expect((await b.events()).slice(-2).map(({ kind }) => kind).sort()).toEqual(['OVERLAP_CHANGED', 'OVERLAP_WITHDRAWN']);
    expect(await d.overlaps()).toEqual([]);
    const told = await b.events();
    await a.stands('SUSPENDED', 1_000);
    expect(await b.events()).toEqual(told);
    await a.stands('ACTIVE');
    expect(await states(b)).toEqual([['OPEN', 'ONE', 1], ['OPEN', 'TWO_OR_MORE', 2]]);
    expect(await states(a)).toEqual([['OPEN', 'ONE', 1], ['OPEN', 'TWO_OR_MORE', 1]]);
  });

  it.each(['VICTIM', 'COMPLAINANT'])('never lets a %s appear in a match, on either side', async (role) => {
    await a.publishAndMatch(aClue({ on: 'x', role }));
    expect(await b.publishAndMatch(aClue({ on: 'x' }))).toBe(0);
    expect(await c.publishAndMatch(aClue({ on: 'x', role }))).toBe(0);
    for (const bank of [a, b, c]) expect(await bank.overlaps()).toEqual([]);
    expect((await c.check(tokenOf('x'))).answers).toMatchObject([{ band: 'ONE' }]);
    expect((await b.check(tokenOf('x'))).answers).toMatchObject([{ band: 'ZERO' }]);
  });

  it('says that somebody is impersonated', async () => {
    await a.publishAndMatch(aClue({ on: 'x', role: 'IMPERSONATED' }));
    await b.publishAndMatch(aClue({ on: 'x', role: 'SUSPECT' }));
    for (const bank of [a, b]) expect(await bank.overlaps()).toMatchObject([{ impersonated: true }]);
  });

  it('leaves out what has expired, was retracted, or belongs to a suspended member', async () => {
    await a.publishAndMatch({ ...aClue({ on: 'x' }), days: -1 });
    expect(await b.publishAndMatch(aClue({ on: 'x' }))).toBe(0);
    const gone = aClue({ on: 'y' });
    await a.publishAndMatch(gone);
    await a.retract(gone.clueId);
    expect(await b.publishAndMatch(aClue({ on: 'y' }))).toBe(0);
    await a.publishAndMatch(aClue({ on: 'z' }));
    await db.admin("update directory.party set status = 'SUSPENDED' where id = $1", [a.id]);
    expect(await b.publishAndMatch(aClue({ on: 'z' }))).toBe(0);
    expect((await c.check(tokenOf('x'), tokenOf('y'), tokenOf('z'))).answers.map(({ band }) => band)).toEqual(['ONE', 'ONE', 'ONE']);
  });

  it('calls a match of variants weak, and does not let it corroborate', async () => {
    await a.publishAndMatch(aClue({ variants: ['core'] }));
    expect(await b.publishAndMatch(aClue({ variants: ['core'] }))).toBe(1);
    expect(await a.overlaps()).toMatchObject([{ kind: 'org_core', strength: 'WEAK', others: 'ONE', level: 'L1' }]);
  });

  it('makes a row for each own clue under one variant and counts the other member once', async () => {
    await a.publishAndMatch(aClue({ variants: ['core'] }), aClue({ variants: ['core'] }));
    await b.publishAndMatch(aClue({ variants: ['core'] }));
    expect(await a.overlaps()).toMatchObject([{ others: 'ONE' }, { others: 'ONE' }]);
    expect(await b.overlaps()).toMatchObject([{ others: 'ONE' }]);
  });

  it('passes over a variant that thousands share, not over the exact form beside it', async () => {
    const popular = aClue({ on: 'x', variants: ['popular'] });
    await a.publishAndMatch(popular);
    await db.admin(`insert into tally.clue select (jsonb_populate_record(c, jsonb_build_object('clue_id', gen_random_uuid(), 'exact_token', '\\x' || md5(n::text)))).*
      from tally.clue c cross join generate_series(1, 5000) n where c.clue_id = $1`, [popular.clueId]);
    await db.admin(`insert into tally.clue_token (member_id, clue_id, form, epoch, token, kind, strength, live)
      select member_id, clue_id, 2, 1, decode($1, 'hex'), 'org_core', 'WEAK', true from tally.clue where member_id = $2 and clue_id <> $3`, [popular.forms[1]?.token, a.id, popular.clueId]);
    expect(await b.publishAndMatch(aClue({ on: 'x', variants: ['popular'] }))).toBe(1);
    expect(await b.overlaps()).toMatchObject([{ kind: 'org_name', strength: 'EXACT' }]);
  });

  it('does nothing new when it runs again', async () => {
    await a.publishAndMatch(aClue({ on: 'x' }));
    const publication = await b.publish(aClue({ on: 'x' }));
    await b.match(publication);
    const state = async (): Promise<unknown> => [await a.overlaps(), await b.overlaps(), await a.events(), await b.events()];
    const before = await state();
    await b.match(publication);
    await db.admin("update tally.publication set match_state = 'PENDING', matched_after = null where publication_id = $1", [publication]);
    expect(await b.match(publication)).toBe(0);
    expect(await state()).toEqual(before);
  });

  it('examines every clue once in slices, whoever runs them', async () => {
    const values = Array.from({ length: 23 }, (_, i) => `slice ${i}`);
    await a.publishAndMatch(...values.map((on) => aClue({ on })));
    const publication = await b.publish(...values.map((on) => aClue({ on })));
    const opened = await Promise.all([b.match(publication, 5), b.match(publication, 5), b.match(publication, 5)]);
    expect(opened.reduce((sum, n) => sum + n)).toBe(23);
    expect(await a.overlaps()).toHaveLength(23);
    expect((await a.events()).map(({ seq }) => seq)).toEqual(values.map((_, i) => i + 1));
    expect(await db.admin('select match_state, overlap_count from tally.publication where publication_id = $1', [publication])).toEqual([{ match_state: 'DONE', overlap_count: 23 }]);
  });

  it('misses nothing when members publish and match at once', async () => {
    const values = Array.from({ length: 20 }, (_, i) => `race ${i} ${randomUUID()}`);
    const banks = [a, b, c, await aBank()];
    // Each bank publishes in many small pieces, in an order of its own, and matches each piece as soon as it is in.
    await Promise.all(banks.map(async (bank, place) => {
      const order = place % 2 === 0 ? values : [...values].reverse();
      for (let i = 0; i < order.length; i += 4) await bank.publishAndMatch(...order.slice(i, i + 4).map((on) => aClue({ on })));
    }));
    for (const bank of banks) {
      const seen = await bank.overlaps();
      expect(seen).toHaveLength(20);
      expect(new Set(seen.map(({ others }) => others))).toEqual(new Set(['TWO_OR_MORE']));
      const seqs = (await bank.events()).map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.map((_, i) => i + 1));
    }
  });

  it('withdraws both sides at once and tells those who were answered', async () => {
    const mine = aClue({ on: 'x' });
    await a.publishAndMatch(mine);
    await b.publishAndMatch(aClue({ on: 'x' }));
    const asked = await c.check(tokenOf('x'), tokenOf('unknown'));
    expect(await a.retract(mine.clueId)).toBe(1);
    for (const bank of [a, b]) expect(await bank.overlaps()).toMatchObject([{ state: 'WITHDRAWN' }]);
    expect((await a.events()).map(({ kind }) => kind)).toEqual(['OVERLAP_OPENED', 'OVERLAP_WITHDRAWN']);
    expect((await b.events()).map(({ kind }) => kind)).toEqual(['OVERLAP_OPENED', 'CLUE_RETRACTED', 'OVERLAP_WITHDRAWN']);
    expect(await c.events()).toMatchObject([{ kind: 'CLUE_RETRACTED', subjectId: asked.disclosureId }]);
    expect((await c.check(tokenOf('x'))).answers).toMatchObject([{ band: 'ONE' }]);
  });

  it('only lowers the band where others still hold the clue, and opens again when it comes back', async () => {
    const mine = aClue({ on: 'x' });
    await a.publishAndMatch(mine);
    await b.publishAndMatch(aClue({ on: 'x' }));
    await c.publishAndMatch(aClue({ on: 'x' }));
    await a.retract(mine.clueId);
    expect(await b.overlaps()).toMatchObject([{ others: 'ONE', state: 'OPEN' }]);
    expect(await a.overlaps()).toMatchObject([{ state: 'WITHDRAWN' }]);
    expect(await a.publishAndMatch(aClue({ on: 'x' }))).toBe(1);
    expect(await b.overlaps()).toMatchObject([{ others: 'TWO_OR_MORE', state: 'OPEN' }]);
  });

  it('leaves no open overlap when a retraction meets a match', async () => {
    for (let round = 0; round < 15; round++) {
      const on = `meets ${round} ${randomUUID()}`;
      const mine = aClue({ on });
      await a.publishAndMatch(mine);
      const theirs = await b.publish(aClue({ on }));
      await Promise.all([b.match(theirs), a.retract(mine.clueId)]);
    }
    expect((await a.overlaps()).filter(({ state }) => state === 'OPEN')).toEqual([]);
    expect((await b.overlaps()).filter(({ state }) => state === 'OPEN')).toEqual([]);
  });

  it('tells everyone who was answered when a retraction meets a check', async () => {
    for (let round = 0; round < 15; round++) {
      const on = `check meets ${round} ${randomUUID()}`;
      const mine = aClue({ on });
      await a.publishAndMatch(mine);
      const before = (await b.events()).length;
      const [answer] = await Promise.all([b.check(tokenOf(on)), a.retract(mine.clueId)]);
      const told = (await b.events()).slice(before).some(({ subjectId }) => subjectId === answer.disclosureId);
      expect(told).toBe(answer.answers[0]?.band === 'ONE');
    }
  });

  it('ends clues whose time is over', async () => {
    await a.publishAndMatch(aClue({ on: 'x' }));
    await b.publishAndMatch(aClue({ on: 'x' }));
    await db.admin("update tally.clue set expires_at = now() where member_id = $1", [a.id]);
    const { system } = await db.worker();
    expect(await system.run((tx) => tx.execute('select * from match.expire_clues(10)'))).toBeGreaterThanOrEqual(1);
    for (const bank of [a, b]) expect(await bank.overlaps()).toMatchObject([{ state: 'WITHDRAWN' }]);
    expect(await db.admin('select state from tally.clue where member_id = $1', [a.id])).toEqual([{ state: 'EXPIRED' }]);
  });
});

describe('a check', () => {
  let a: Bank, b: Bank;
  beforeEach(async () => {
    await db.admin("update directory.party set status = 'EXPELLED'");
    [a, b] = [await aBank(), await aBank()];
    await aBank();
    await a.publishAndMatch(aClue({ on: 'held' }));
  });

  it('records who, when, why, how many and the hits, and no token of a miss', async () => {
    const { disclosureId } = await b.check(tokenOf('held'), tokenOf('missed'), tokenOf('held'));
    expect(await db.admin('select kind, client_id, purpose, basis_code, asked, hits from tally.disclosure where member_id = $1 and disclosure_id = $2', [b.id, disclosureId]))
      .toEqual([{ kind: 'CHECK', client_id: b.id, purpose: 'FRAUD_PREVENTION', basis_code: 'PUBLIC_INTEREST', asked: 3, hits: 1 }]);
    expect(await db.admin("select encode(token, 'hex') as token from tally.disclosure_hit where disclosure_id = $1", [disclosureId])).toEqual([{ token: tokenOf('held') }]);
    const everything = await db.admin<{ row: string }>(`select t::text as row from tally.disclosure t union all select t::text from tally.disclosure_hit t
      union all select t::text from tally.check_quota t union all select t::text from tally.event t union all select t::text from platform.idempotency_key t`);
    expect(JSON.stringify(everything)).not.toContain(tokenOf('missed'));
    expect(JSON.stringify(everything)).toContain(tokenOf('held'));
  });

  it('stops when the quota of the day is used up, without an answer or a record', async () => {
    await db.admin("insert into tally.check_quota values ($1, (now() at time zone 'UTC')::date, 9999)", [b.id]);
    expect((await b.check(tokenOf('held'))).remaining).toBe(0);
    const records = await db.admin('select * from tally.disclosure where member_id = $1', [b.id]);
    await expect(b.check(tokenOf('held'))).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' });
    expect(await db.admin('select * from tally.disclosure where member_id = $1', [b.id])).toEqual(records);
    expect(await db.admin('select used from tally.check_quota where member_id = $1', [b.id])).toEqual([{ used: 10_000 }]);
  });

  it('debits rivals one after another', async () => {
    await db.admin("insert into tally.check_quota values ($1, (now() at time zone 'UTC')::date, 9996)", [b.id]);
    const tried = await Promise.allSettled(Array.from({ length: 6 }, () => b.check(tokenOf('held'), tokenOf('missed'))));
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  });

  it('answers nobody without a verified context, nor a suspended member', async () => {
    const { system } = await db.app();
    await expect(system.run((tx) => tx.query("select * from match.check_tokens('X', 'X', null, null, $1)", [tokenOf('held')]))).rejects.toMatchObject({ code: '28000' });
    await db.admin("update directory.party set status = 'SUSPENDED' where id = $1", [b.id]);
    await expect(b.check(tokenOf('held'))).rejects.toMatchObject({ code: '28000' });
  });
});
