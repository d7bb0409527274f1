import { randomUUID } from 'node:crypto';
import { AuditIntake } from '#domain/audit';
import { CluesRepository, PublicationsRepository } from '#domain/clues';
import { MatchingRepository } from '#domain/overlaps';
import { PublishCluesFlow } from '#flows/publish-clues';
import type { OutboxId } from '#kernel';
import type { Actor } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { createEventLog } from '#platform/logging';
import { Effects, Outbox, type JobRun } from '#platform/queue';
import type { JobPayloads } from '#protocol';
import { aClue, aRegisteredParty, withTestDatabase } from '#testing';
import { MatchOverlapsHandler } from './match-overlaps.handler.js';

const db = withTestDatabase();
const log = createEventLog({ app: 'worker', level: 'silent' as never });

async function aBank(): Promise<Actor> {
  const { id } = await aRegisteredParty('member').in(db.admin);
  return { partyId: id, role: 'member', clientId: id, purpose: null };
}
/** Publishes as the hub does and gives the job that it asked for. */
async function publish(actor: Actor, ...values: string[]): Promise<{ payload: JobPayloads['overlaps.match']; run: JobRun }> {
  const { tenant } = await db.app();
  const flow = new PublishCluesFlow(tenant, new CluesRepository(), new PublicationsRepository(), new MatchingRepository(), new Idempotency(), new AuditIntake(), new Outbox());
  const { publicationId } = await flow.run(actor, { idempotencyKey: randomUUID(), clues: values.map((on) => aClue({ on })) });
  const [row] = await db.admin<{ id: OutboxId; payload: JobPayloads['overlaps.match'] }>("select id, payload from platform.outbox where payload ->> 'publicationId' = $1", [publicationId]);
  if (!row) throw new Error('no job');
  return { payload: row.payload, run: { outboxId: row.id, attempt: 1, effectKey: (name = 'effect') => `${row.id}/${name}` } };
}
async function handler(): Promise<MatchOverlapsHandler> {
  const { system } = await db.worker();
  return new MatchOverlapsHandler(system, new MatchingRepository(), new Effects(system), new AuditIntake(), log);
}
const state = (): Promise<unknown[]> => db.admin(`select 'o' as t, o::text from tally.overlap o union all select 'e', e::text from tally.event e
  union all select 'a', i.party_id || ' ' || i.seq from audit.intake i order by 1, 2`);

describe(MatchOverlapsHandler.name, () => {
  it('finds overlaps, and running twice is running once', async () => {
    const [a, b] = [await aBank(), await aBank()];
    const sut = await handler();
    const first = await publish(a, 'p', 'q', 'r');
    await sut.handle(first.payload, first.run);
    const { payload, run } = await publish(b, 'q', 'r', 's');
    await sut.handle(payload, run);
    const before = await state();
    expect(before.filter((row) => (row as { t: string }).t === 'o')).toHaveLength(4);
    expect(await db.admin('select match_state, overlap_count from tally.publication where member_id = $1', [b.partyId])).toEqual([{ match_state: 'DONE', overlap_count: 2 }]);
    await sut.handle(payload, { ...run, attempt: 2 });
    await sut.handle(payload, { ...run, outboxId: randomUUID() as OutboxId, effectKey: (name) => `${randomUUID()}/${name ?? ''}` });
    expect(await state()).toEqual(before);
  });

  it('finds an overlap of two publications whose jobs run at once', async () => {
    const sut = await handler();
    for (let round = 0; round < 10; round++) {
      const [a, b] = [await aBank(), await aBank()];
      const jobs = await Promise.all([publish(a, `same ${round}`), publish(b, `same ${round}`)]);
      await Promise.all(jobs.map(({ payload, run }) => sut.handle(payload, run)));
      for (const bank of [a, b]) expect(await db.admin('select state, others from tally.overlap where member_id = $1', [bank.partyId])).toEqual([{ state: 'OPEN', others: 1 }]);
    }
  });

  it('does not look at a publication that is not finished, or not there', async () => {
    const a = await aBank();
    const { run, payload } = await publish(a, 'unfinished');
    await db.admin("update tally.publication set state = 'OPEN' where member_id = $1", [a.partyId]);
    await (await handler()).handle(payload, run);
    expect(await db.admin('select match_state from tally.publication where member_id = $1', [a.partyId])).toEqual([{ match_state: 'PENDING' }]);
    await (await handler()).handle({ ...payload, publicationId: randomUUID() as never }, { ...run, effectKey: (name) => `other/${name ?? ''}` });
  });
});
