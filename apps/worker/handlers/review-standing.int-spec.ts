import { randomUUID } from 'node:crypto';
import { MatchingRepository } from '#domain/overlaps';
import type { MemberId, OutboxId } from '#kernel';
import { createEventLog } from '#platform/logging';
import { aCaseWorld, plantOverlap, withTestDatabase } from '#testing';
import { ReviewStandingHandler } from './review-standing.handler.js';

const db = withTestDatabase();

describe(ReviewStandingHandler.name, () => {
  it('withdraws what others see on the clues of a member that is suspended, and opens it again; running twice is running once', async () => {
    const { a, b } = await aCaseWorld(db);
    const overlaps = await plantOverlap(db, [a, b]);
    const { system } = await db.worker();
    const sut = new ReviewStandingHandler(system, new MatchingRepository(), createEventLog({ app: 'worker', level: 'silent' as never }));
    const run = { outboxId: randomUUID() as OutboxId, attempt: 1, effectKey: (name = 'effect') => name };
    const states = async (): Promise<unknown> => db.admin('select state from tally.overlap where overlap_id = any ($1::uuid[]) order by member_id', [overlaps]);
    for (const [status, state] of [['SUSPENDED', 'WITHDRAWN'], ['ACTIVE', 'OPEN']]) {
      await db.admin('update directory.party set status = $2 where id = $1', [a.id, status]);
      await sut.handle({ memberId: a.id as MemberId }, run);
      expect(await states()).toEqual([{ state }, { state }]);
      const events = await db.admin('select * from tally.event order by party_id, seq');
      await sut.handle({ memberId: a.id as MemberId }, { ...run, attempt: 2 });
      expect(await db.admin('select * from tally.event order by party_id, seq')).toEqual(events);
    }
  });

  it('has nothing to do for a party without clues', async () => {
    const { liaison } = await aCaseWorld(db);
    const { system } = await db.worker();
    await new ReviewStandingHandler(system, new MatchingRepository(), createEventLog({ app: 'worker', level: 'silent' as never }))
      .handle({ memberId: liaison.id as MemberId }, { outboxId: randomUUID() as OutboxId, attempt: 1, effectKey: (name = 'effect') => name });
  });
});
