import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { AuditIntake } from '#domain/audit';
import { CluesRepository, PublicationsRepository } from '#domain/clues';
import { MatchingRepository } from '#domain/overlaps';
import type { PublicationId } from '#kernel';
import type { Actor } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { Outbox } from '#platform/queue';
import { aClue, aRegisteredParty, withTestDatabase } from '#testing';
import { FinishPublicationFlow } from './finish-publication.flow.js';
import { PublishCluesFlow } from './publish-clues.flow.js';
import { TakeChunkFlow } from './take-chunk.flow.js';

const db = withTestDatabase();
const audit = new AuditIntake();
const [clues, publications] = [new CluesRepository(), new PublicationsRepository()];
const aBank = async (): Promise<Actor> => {
  const { id } = await aRegisteredParty('member').in(db.admin);
  return { partyId: id, role: 'member', clientId: id, purpose: null };
};
const flows = async () => {
  const { tenant } = await db.app();
  return {
    batch: new PublishCluesFlow(tenant, clues, publications, new MatchingRepository(), new Idempotency(), audit, new Outbox()),
    chunk: new TakeChunkFlow(tenant, clues, publications, audit),
    finish: new FinishPublicationFlow(tenant, publications, audit, new Outbox()),
    history: (actor: Actor) => tenant.run(actor, async (tx) => (await audit.history(tx)).map(({ event }) => JSON.parse(event) as { kind: string })),
  };
};
const rowsOf = async ({ partyId }: Actor): Promise<number[]> => {
  const [row] = await db.admin<{ n: number[] }>(`select array[(select count(*) from tally.publication where member_id = $1), (select count(*) from tally.publication_chunk where member_id = $1),
    (select count(*) from tally.clue where member_id = $1), (select count(*) from tally.clue_token where member_id = $1), (select count(*) from platform.outbox where party_id = $1),
    (select count(*) from platform.idempotency_key where party_id = $1), (select count(*) from audit.intake where party_id = $1)]::int[] as n`, [partyId]);
  return row?.n ?? [];
};
async function* bodyOf(...lines: unknown[]): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n'));
  // Pieces that cut lines and characters anywhere.
  for (let i = 0; i < bytes.length; i += 97) yield bytes.subarray(i, i + 97);
}

describe(PublishCluesFlow.name, () => {
  it('commits rows, audit entry, outbox row and idempotency key together, with ids and counts only', async () => {
    const [{ batch, history }, actor] = [await flows(), await aBank()];
    const clue = aClue({ variants: ['a', 'b'] });
    const { publicationId } = await batch.run(actor, { idempotencyKey: randomUUID(), clues: [clue, { ...aClue(), means: [] }] });
    expect(await rowsOf(actor)).toEqual([1, 1, 1, 3, 1, 1, 1]);
    expect(await history(actor)).toMatchObject([{ kind: 'clues.published', publicationId, accepted: 1, alreadyKnown: 0, refused: 1 }]);
    expect(await db.admin('select payload, ordering_key from platform.outbox where party_id = $1', [actor.partyId]))
      .toEqual([{ payload: { memberId: actor.partyId, publicationId }, ordering_key: actor.partyId }]);
    expect(JSON.stringify(await db.admin('select event from audit.intake where party_id = $1', [actor.partyId]))).not.toContain(clue.forms[0]?.token);
  });

  it('keeps nothing when it fails', async () => {
    const [{ batch }, actor] = [await flows(), await aBank()];
    const before = await rowsOf(actor);
    await expect(batch.run(actor, { idempotencyKey: 'short', clues: [aClue()] })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(batch.run(actor, { idempotencyKey: randomUUID(), clues: [] })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    await expect(batch.run(actor, { idempotencyKey: randomUUID(), clues: Array<unknown>(501).fill({}) })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    expect(await rowsOf(actor)).toEqual(before);
  });

  it('happens once for rivals with one key', async () => {
    const [{ batch }, actor] = [await flows(), await aBank()];
    const input = { idempotencyKey: randomUUID(), clues: [aClue(), aClue()] };
    const answers = await Promise.all([batch.run(actor, input), batch.run(actor, input), batch.run(actor, input)]);
    expect(new Set(answers.map(({ publicationId }) => publicationId)).size).toBe(1);
    expect(await rowsOf(actor)).toEqual([1, 1, 2, 2, 1, 1, 1]);
  });

  it('keeps one live clue for a token of a member, epoch by epoch, until it is taken back', async () => {
    const [{ batch }, actor, other] = [await flows(), await aBank(), await aBank()];
    const publish = async (who: Actor, change: object) => (await batch.run(who, { idempotencyKey: randomUUID(), clues: [aClue({ on: 'one live', ...change })] })).items[0];
    const first = await publish(actor, {});
    expect(first).toMatchObject({ outcome: 'ACCEPTED' });
    expect(await publish(actor, {})).toMatchObject({ outcome: 'ALREADY_KNOWN', knownAs: first?.clueId });
    expect(await publish(actor, { clueId: first?.clueId })).toMatchObject({ outcome: 'ALREADY_KNOWN', knownAs: first?.clueId });
    expect(await publish(actor, { clueId: first?.clueId, on: 'another token' })).toMatchObject({ outcome: 'REFUSED', code: 'ALREADY_EXISTS', field: 'clueId' });
    expect(await publish(actor, { epoch: 2 })).toMatchObject({ outcome: 'ACCEPTED' });
    expect(await publish(other, { clueId: first?.clueId })).toMatchObject({ outcome: 'ACCEPTED' });
    await db.admin("update tally.clue set state = 'RETRACTED', retracted_at = now(), retraction_reason = 'X' where member_id = $1 and clue_id = $2", [actor.partyId, first?.clueId]);
    expect(await publish(actor, { clueId: first?.clueId })).toMatchObject({ outcome: 'REFUSED', code: 'ALREADY_EXISTS' });
    expect(await publish(actor, {})).toMatchObject({ outcome: 'ACCEPTED' });
  });

  it('stores free text as it was written', async () => {
    const [{ batch }, actor] = [await flows(), await aBank()];
    const legalBasis = { code: 'OTHER_LAW', law: '某法\\x41 "引号" {a,b} \\N', article: '第十条' };
    const clue = aClue({ level: 'L4', authorityReference: '公安〔2026〕12号 \\. \\\\', approver: '\\N', legalBasis });
    expect((await batch.run(actor, { idempotencyKey: randomUUID(), clues: [clue] })).accepted).toBe(1);
    expect(await db.admin('select authority_reference, approver, basis_law, basis_article, detail from tally.clue where clue_id = $1', [clue.clueId]))
      .toEqual([{ authority_reference: clue.authorityReference, approver: '\\N', basis_law: legalBasis.law, basis_article: '第十条', detail: Buffer.from(clue.detail, 'base64url') }]);
  });
});

describe(TakeChunkFlow.name, () => {
  it('takes a chunk once, whoever repeats it when', async () => {
    const [{ chunk, finish, history }, actor] = [await flows(), await aBank()];
    const publicationId = uuidv7() as PublicationId;
    const lines = [aClue(), aClue({ variants: ['v'] }), { nonsense: true }];
    const taken = await Promise.all([1, 2, 3].map(() => chunk.run(actor, { publicationId, seq: 0 }, bodyOf(...lines))));
    expect(taken[0]).toEqual({ publicationId, seq: 0, received: 3, accepted: 2, alreadyKnown: 0, known: [], refused: [{ clueId: null, line: 3, code: 'BAD_INPUT', field: 'unknown member' }] });
    expect(taken[1]).toEqual(taken[0]);
    expect(taken[2]).toEqual(taken[0]);
    await Promise.all([finish.run(actor, publicationId, 1), finish.run(actor, publicationId, 1), finish.run(actor, publicationId, 1)]);
    expect(await rowsOf(actor)).toEqual([1, 1, 2, 3, 1, 0, 2]);
    expect((await history(actor)).map(({ kind }) => kind)).toEqual(['clues.chunk-taken', 'clues.published']);
  });

  it('gives one of two uploads that meet the token, and says so to the other', async () => {
    const [{ chunk }, actor] = [await flows(), await aBank()];
    const publicationId = uuidv7() as PublicationId;
    const values = Array.from({ length: 300 }, (_, i) => `meet ${i}`);
    const taken = await Promise.all([values, [...values].reverse(), values].map((order, seq) => chunk.run(actor, { publicationId, seq }, bodyOf(...order.map((on) => aClue({ on }))))));
    expect(taken.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(300);
    expect(taken.reduce((sum, { known }) => sum + known.length, 0)).toBe(600);
    const ids = new Set((await db.admin<{ id: string }>('select clue_id as id from tally.clue where member_id = $1', [actor.partyId])).map(({ id }) => id));
    expect(taken.flatMap(({ known }) => known).every(([sent, known]) => ids.has(known) && !ids.has(sent))).toBe(true);
  });

  it('keeps members apart that choose the same publication id', async () => {
    const [{ chunk }, a, b] = [await flows(), await aBank(), await aBank()];
    const publicationId = uuidv7() as PublicationId;
    for (const actor of [a, b]) expect(await chunk.run(actor, { publicationId, seq: 0 }, bodyOf(aClue()))).toMatchObject({ accepted: 1 });
  });
});
