/** Texts from publication to overlap and back, through the flows and jobs that carry them. */
import { randomUUID } from 'node:crypto';
import { AuditIntake } from '#domain/audit';
import { CluesRepository, PublicationsRepository } from '#domain/clues';
import { PackagesRepository } from '#domain/liaison';
import { MatchingRepository, OverlapsRepository, type Overlap } from '#domain/overlaps';
import { PublishCluesFlow, type PublishedClues } from '#flows/publish-clues';
import { RetractClueFlow } from '#flows/retract-clue';
import type { OutboxId, PublicationId } from '#kernel';
import type { Actor } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { createEventLog } from '#platform/logging';
import { Effects, Outbox } from '#platform/queue';
import { aClue, aRegisteredParty, aText, tokenOf, withTestDatabase, type ClueWords, type TextWords } from '#testing';
import { Housekeeping } from '../housekeeping.js';
import { MatchOverlapsHandler } from './match-overlaps.handler.js';
import { ReviewStandingHandler } from './review-standing.handler.js';

const db = withTestDatabase();
const log = createEventLog({ app: 'worker', level: 'silent' as never });
const LETTER = ['a', 'b', 'c', 'd'];

class Bank {
  private constructor(readonly actor: Actor) {}
  static async open(): Promise<Bank> {
    const { id } = await aRegisteredParty('member').in(db.admin);
    return new Bank({ partyId: id, role: 'member', clientId: id, purpose: null });
  }
  async publish(...clues: unknown[]): Promise<PublishedClues> {
    const { tenant } = await db.app();
    const flow = new PublishCluesFlow(tenant, new CluesRepository(), new PublicationsRepository(), new MatchingRepository(), new Idempotency(), new AuditIntake(), new Outbox());
    return flow.run(this.actor, { idempotencyKey: randomUUID(), clues });
  }
  async match(publicationId: PublicationId): Promise<void> {
    const { system } = await db.worker();
    const outboxId = randomUUID() as OutboxId;
    await new MatchOverlapsHandler(system, new MatchingRepository(), new Effects(system), new AuditIntake(), log)
      .handle({ memberId: this.actor.partyId, publicationId }, { outboxId, attempt: 1, effectKey: (name) => `${outboxId}/${name ?? ''}` });
  }
  async holds(...clues: (ClueWords | TextWords)[]): Promise<PublicationId> {
    const { publicationId, items } = await this.publish(...clues);
    expect(items.filter(({ outcome }) => outcome !== 'ACCEPTED')).toEqual([]);
    await this.match(publicationId);
    return publicationId;
  }
  async retract(...clueIds: string[]): Promise<number> {
    const { tenant } = await db.app();
    const flow = new RetractClueFlow(tenant, new CluesRepository(), new MatchingRepository(), new Idempotency(), new AuditIntake(), new PackagesRepository());
    return (await flow.run(this.actor, { idempotencyKey: randomUUID(), clueIds, reason: 'FALSE_POSITIVE' })).withdrawn;
  }
  async stands(status: 'ACTIVE' | 'SUSPENDED'): Promise<void> {
    await db.admin('update directory.party set status = $2 where id = $1', [this.actor.partyId, status]);
    const { system } = await db.worker();
    await new ReviewStandingHandler(system, new MatchingRepository(), log).handle({ memberId: this.actor.partyId }, { attempt: 1 } as never);
  }
  async sees(): Promise<readonly Overlap[]> {
    const { tenant } = await db.app();
    return (await tenant.run(this.actor, (tx) => new OverlapsRepository().list(tx, this.actor.partyId, { first: 100, after: null }, null))).items.map(({ node }) => node);
  }
  async events(): Promise<readonly string[]> {
    const { tenant } = await db.app();
    return (await tenant.run(this.actor, (tx) => new OverlapsRepository().events(tx, { first: 100, after: null }))).items.map(({ node }) => node.kind);
  }
}
const bands = (): Promise<unknown[]> => db.admin('select member_id, clue_id, band from tally.text_band');
const state = (): Promise<unknown[]> => db.admin("select 'o' as t, o::text from tally.overlap o union all select 'e', e::text from tally.event e order by 1, 2");

describe('texts', () => {
  it('meet when enough bands are equal, as a weak overlap of both, and not with one band less', async () => {
    const [a, b, c] = [await Bank.open(), await Bank.open(), await Bank.open()];
    await a.holds(aText(LETTER));
    await c.holds(aText(LETTER.slice(0, 3)));
    await b.holds(aText(LETTER, { category: 'CREDIT_REPAIR', level: 'L1' }));
    for (const bank of [a, b]) expect(await bank.sees()).toMatchObject([{ kind: 'complaint_text', strength: 'WEAK', others: 'ONE', level: 'L1', state: 'OPEN' }]);
    expect(await c.sees()).toEqual([]);
    expect(await a.events()).toEqual(['OVERLAP_OPENED']);
  });

  it('meet by bands only: nothing of a text stands among tokens that are asked, matched or listed', async () => {
    const [a, b] = [await Bank.open(), await Bank.open()];
    const [mine, theirs] = [aText(LETTER), aText(LETTER)];
    theirs.forms[0]!.token = mine.forms[0]!.token;
    await a.holds(mine);
    await b.holds(theirs, aClue({ forms: [{ kind: 'org_name', strength: 'EXACT', token: mine.bands[0]! }] }));
    expect(await db.admin("select 1 from tally.clue_token where kind = 'complaint_text' and live")).toEqual([]);
    expect(await db.admin("select 1 from tally.clue where kind = 'complaint_text' and detail is not null")).toEqual([]);
    const { tenant } = await db.app();
    const { answers } = await tenant.run(a.actor, (tx) => new MatchingRepository().check(tx, { purpose: 'FRAUD_PREVENTION', legalBasis: { code: 'PUBLIC_INTEREST' } }, [theirs.forms[0]!.token, theirs.bands[1]!]));
    expect(answers.map(({ band }) => band)).toEqual(['ZERO', 'ZERO']);
    expect(await a.sees()).toHaveLength(1);
    const seen = JSON.stringify(await a.sees());
    for (const secret of [b.actor.partyId, theirs.clueId, ...theirs.bands]) expect(seen).not.toContain(secret);
    expect(await tenant.run(a.actor, (tx) => tx.query('select distinct member_id from tally.text_band'))).toEqual([{ member_id: a.actor.partyId }]);
  });

  it('of one member, in a role that never matches, or from another epoch do not meet', async () => {
    const [a, b] = [await Bank.open(), await Bank.open()];
    await a.holds(aText(['own', 'own', 'own', 'own']), aText(['own', 'own', 'own', 'own']), aText(['role', 'role', 'role', 'role'], { role: 'VICTIM' }));
    await b.holds(aText(['role', 'role', 'role', 'role']), aText(['own', 'own', 'own', 'own'], { epoch: 2 }));
    expect([...(await a.sees()), ...(await b.sees())]).toEqual([]);
  });

  it('are matched once, however often the job runs', async () => {
    const [a, b] = [await Bank.open(), await Bank.open()];
    await a.holds(aText(LETTER));
    const publication = await b.holds(aText(LETTER), aText(LETTER));
    expect(await b.sees()).toHaveLength(2);
    const before = await state();
    await b.match(publication);
    expect(await state()).toEqual(before);
    expect(await db.admin('select overlap_count, match_state from tally.publication where publication_id = $1', [publication])).toEqual([{ overlap_count: 2, match_state: 'DONE' }]);
  });

  it('taken back stop at once: overlaps turn withdrawn, the others are told, the bands are gone', async () => {
    const [a, b] = [await Bank.open(), await Bank.open()];
    const text = aText(['back', 'back', 'back', 'back']);
    await a.holds(text);
    await b.holds(aText(['back', 'back', 'back', 'back']));
    expect(await a.retract(text.clueId)).toBe(1);
    expect(await a.sees()).toMatchObject([{ state: 'WITHDRAWN' }]);
    expect(await b.sees()).toMatchObject([{ state: 'WITHDRAWN' }]);
    expect(await b.events()).toEqual(['OVERLAP_OPENED', 'CLUE_RETRACTED', 'OVERLAP_WITHDRAWN']);
    expect(await db.admin('select 1 from tally.text_band where clue_id = $1', [text.clueId])).toEqual([]);
  });

  it('of a member that is suspended count no longer, and again when it is back', async () => {
    const [a, b] = [await Bank.open(), await Bank.open()];
    await a.holds(aText(['susp', 'susp', 'susp', 'susp']));
    await b.holds(aText(['susp', 'susp', 'susp', 'susp']));
    await b.stands('SUSPENDED');
    expect(await a.sees()).toMatchObject([{ state: 'WITHDRAWN' }]);
    await b.stands('ACTIVE');
    expect(await a.sees()).toMatchObject([{ state: 'OPEN' }]);
  });

  it('end after 90 days at the latest, whatever their level, and leave no band', async () => {
    const [a, b] = [await Bank.open(), await Bank.open()];
    const confirmed = aText(['end', 'end', 'end', 'end'], { level: 'L2', means: ['FEE_FOR_PROXY', 'AGENT_ACCOMPANIES'] });
    await a.holds(confirmed);
    await b.holds(aText(['end', 'end', 'end', 'end']));
    expect(await db.admin("select 1 from tally.text_band where expires_at > now() + interval '90 days'")).toEqual([]);
    await db.admin("update tally.text_band set expires_at = now() - interval '1 second' where clue_id = $1", [confirmed.clueId]);
    await db.admin("update tally.clue set expires_at = now() - interval '1 second' where clue_id = $1", [confirmed.clueId]);
    const { system } = await db.worker();
    expect(await new Housekeeping(system, log).sweep()).toMatchObject({ texts: 1 });
    expect(await db.admin('select 1 from tally.text_band where clue_id = $1', [confirmed.clueId])).toEqual([]);
    for (const bank of [a, b]) expect(await bank.sees()).toMatchObject([{ state: 'WITHDRAWN' }]);
    expect(await b.sees()).toHaveLength(1);
  });

  it('that a crowd holds are compared with some of it, and still found', async () => {
    const [a, b] = [await Bank.open(), await Bank.open()];
    await db.admin("update tally.network_rule set value = 3 where name = 'text-band-holders'");
    await a.holds(...Array.from({ length: 10 }, () => aText(['crowd', 'crowd', 'crowd', 'crowd'])));
    await b.holds(aText(['crowd', 'crowd', 'crowd', 'crowd']));
    expect(await b.sees()).toMatchObject([{ others: 'ONE', state: 'OPEN' }]);
    await db.admin("update tally.network_rule set value = 300 where name = 'text-band-holders'");
  });

  it('come with their bands and nothing sealed, and other kinds without', async () => {
    const a = await Bank.open();
    const whole = aText([]);
    const before = await bands();
    const refused = await a.publish(
      { ...aText([]), detail: aClue().detail }, { ...aText([]), bands: whole.bands.slice(1) }, { ...aText([]), bands: [...whole.bands.slice(1), whole.bands[1]!] }, { ...aText([]), bands: undefined },
      { ...aClue(), bands: whole.bands }, { ...aText([]), bands: whole.bands.map(() => tokenOf('x').toUpperCase()) });
    expect(refused.items.map(({ outcome, code, field }) => [outcome, code, field])).toEqual([
      ['REFUSED', 'BAD_INPUT', 'detail'], ...['bands', 'bands', 'bands', 'bands', 'bands'].map((field) => ['REFUSED', 'BAD_INPUT', field])]);
    expect(await bands()).toEqual(before);
  });
});
