/** What a move may not bring, and what of a warning list may not stay. */
import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import { AuditIntake } from '#domain/audit';
import { WarnedTokensRepository } from '#domain/brands';
import { ClueMovesRepository, CluesRepository, PublicationsRepository } from '#domain/clues';
import { MatchingRepository } from '#domain/overlaps';
import { GiveWarnedTokensFlow } from '#flows/protect-brand';
import { PublishCluesFlow, TakeMovesFlow } from '#flows/publish-clues';
import type { PublicationId } from '#kernel';
import type { Actor } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { Outbox } from '#platform/queue';
import { aClue, aRegisteredParty, tokenOf, withTestDatabase, type ClueWords } from '#testing';

const db = withTestDatabase();
const aMember = async (): Promise<Actor> => {
  const { id } = await aRegisteredParty('member').in(db.admin);
  return { partyId: id, role: 'member', clientId: id, purpose: null };
};
/** As the register has them; who signs what is told elsewhere. */
const announced = (epoch: number, days: number): Promise<unknown> => db.admin(
  `insert into tally.epoch (epoch, epoch_id, manifest_hash, manifest, act, officer_id, overlap_until)
     select $1, gen_random_uuid(), sha256('m'), '{}', 'act', (select id from directory.officer limit 1), now() + $2 * interval '1 day'`, [epoch, days]);

describe('warning lists and epochs', () => {
  let a: Actor, b: Actor, publisher: Actor;
  const give = async (by: Actor, list: string, epoch: number, ...values: string[]): Promise<unknown> => {
    const { tenant } = await db.app();
    return new GiveWarnedTokensFlow(tenant, new WarnedTokensRepository(), new Idempotency(), new AuditIntake()).run(by, { idempotencyKey: randomUUID(), list, epoch, replace: true, tokens: values.map(tokenOf) });
  };
  const publish = async (...clues: ClueWords[]): Promise<unknown[]> => {
    const { tenant } = await db.app();
    const flow = new PublishCluesFlow(tenant, new CluesRepository(), new PublicationsRepository(), new MatchingRepository(), new Idempotency(), new AuditIntake(), new Outbox());
    return (await flow.run(publisher, { idempotencyKey: randomUUID(), clues })).items.map(({ outcome, code }) => code ?? outcome);
  };
  const move = async (...moves: (readonly [ClueWords, string])[]) => {
    const { tenant } = await db.app();
    const lines = moves.map(([{ clueId, kindVersion, forms }, value]) => JSON.stringify({
      clueId, epoch: 2, kindVersion, forms: [{ ...forms[0]!, token: tokenOf(value) }], detail: randomBytes(296).toString('base64url'),
    }));
    const take = new TakeMovesFlow(tenant, new ClueMovesRepository(), new PublicationsRepository(), new AuditIntake());
    return take.run(publisher, { publicationId: uuidv7() as PublicationId, seq: 0 }, Readable.from([Buffer.from(`${lines.join('\n')}\n`)]));
  };
  beforeEach(async () => {
    await db.admin('delete from tally.epoch');
    await aRegisteredParty('coordinator').in(db.admin);
    [a, b, publisher] = [await aMember(), await aMember(), await aMember()];
    await announced(1, 0);
  });

  it('refuse a clue that is moved onto a warned token, as one that is published on it', async () => {
    const [harmless, other, own, misused] = [aClue({ on: 'harmless' }), aClue({ on: 'other' }), aClue({ on: 'own' }), aClue({ on: 'misused', role: 'IMPERSONATED' })];
    expect(await publish(harmless, other, own, misused)).toEqual(['ACCEPTED', 'ACCEPTED', 'ACCEPTED', 'ACCEPTED']);
    await announced(2, 30);
    for (const by of [a, b]) {
      await give(by, 'AUTHORITY', 2, '110 in two', '119 in two');
      await give(by, 'OWN', 2, '95384 in two');
    }
    const { accepted, refused } = await move([harmless, '110 in two'], [other, 'other in two'], [own, '95384 in two'], [misused, '119 in two']);
    expect(accepted).toBe(2);
    expect(refused.map(({ clueId, code, field }) => [clueId, code, field]).sort()).toEqual([[harmless.clueId, 'POLICY_FORBIDS', 'role'], [own.clueId, 'POLICY_FORBIDS', 'role']].sort());
    expect(await db.admin('select epoch::int as epoch from tally.clue where clue_id = $1', [harmless.clueId])).toEqual([{ epoch: 1 }]);
  });

  it('of one epoch do not end those of another, and are taken for no epoch that is closed', async () => {
    await give(a, 'BENIGN', 1, 'in one');
    await announced(2, 30);
    await give(a, 'BENIGN', 2, 'in two');
    const held = (): Promise<unknown[]> => db.admin('select epoch::int as epoch from tally.warned_token where member_id = $1 order by 1', [a.partyId]);
    expect(await held()).toEqual([{ epoch: 1 }, { epoch: 2 }]);
    await db.admin("update tally.epoch set announced_at = now() - interval '40 days', overlap_until = now() - interval '6 minutes' where epoch = 2");
    await expect(give(a, 'BENIGN', 1, 'too late')).rejects.toMatchObject({ code: 'EPOCH_NOT_OPEN' });
    const { system } = await db.worker();
    await system.run((tx) => tx.execute('select * from match.expire_warned_tokens()'));
    expect(await held()).toEqual([{ epoch: 2 }]);
  });
});
