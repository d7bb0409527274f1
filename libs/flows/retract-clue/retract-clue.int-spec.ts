import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { AuditIntake } from '#domain/audit';
import { PackagesRepository } from '#domain/liaison';
import { ClueBatch, CluesRepository, PublicationsRepository } from '#domain/clues';
import { MatchingRepository } from '#domain/overlaps';
import type { PublicationId } from '#kernel';
import type { Actor } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { aClue, aRegisteredParty, withTestDatabase, type ClueWords } from '#testing';
import { RetractClueFlow } from './retract-clue.flow.js';

const db = withTestDatabase();
const clueRows = new CluesRepository();
const aBank = async (): Promise<Actor> => {
  const { id } = await aRegisteredParty('member').in(db.admin);
  return { partyId: id, role: 'member', clientId: id, purpose: null };
};
async function published(actor: Actor, clues: readonly ClueWords[]): Promise<void> {
  const publicationId = uuidv7() as PublicationId;
  const batch = new ClueBatch(new Date());
  for (const clue of clues) batch.add(clue);
  await (await db.app()).tenant.run(actor, async (tx) => {
    await new PublicationsRepository().hold(tx, actor.partyId, publicationId, 'API');
    await clueRows.ingest(tx, actor.partyId, publicationId, batch);
  });
}

describe(RetractClueFlow.name, () => {
  it('takes own clues back once, and only own ones', async () => {
    const [a, b] = [await aBank(), await aBank()];
    const retract = new RetractClueFlow((await db.app()).tenant, clueRows, new MatchingRepository(), new Idempotency(), new AuditIntake(), new PackagesRepository());
    const clues = [aClue(), aClue()];
    await published(a, clues);
    const [mine, kept] = clues.map(({ clueId }) => clueId) as [string, string];
    const stranger = { idempotencyKey: randomUUID(), clueIds: [mine], reason: 'FALSE_POSITIVE' } as const;
    expect(await retract.run(b, stranger)).toEqual({ retracted: 0, withdrawn: 0, items: [{ clueId: mine, outcome: 'NOT_FOUND' }] });
    expect(await retract.run(a, { ...stranger, clueIds: [mine, mine] })).toMatchObject({ retracted: 1, items: [{ clueId: mine, outcome: 'RETRACTED' }] });
    expect(await retract.run(a, { ...stranger, clueIds: [mine, mine] })).toMatchObject({ retracted: 1 });
    expect(await retract.run(a, { ...stranger, idempotencyKey: randomUUID() })).toMatchObject({ retracted: 0, items: [{ outcome: 'ALREADY_RETRACTED' }] });
    await expect(retract.run(a, { ...stranger, idempotencyKey: randomUUID(), reason: 'BORED' as never })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(await db.admin('select clue_id, state, retraction_reason from tally.clue where member_id = $1 order by clue_id', [a.partyId]))
      .toEqual([{ clue_id: mine, state: 'RETRACTED', retraction_reason: 'FALSE_POSITIVE' }, { clue_id: kept, state: 'LIVE', retraction_reason: null }].sort((x, y) => (x.clue_id < y.clue_id ? -1 : 1)));
    const history = await db.admin<{ event: string }>('select event from audit.intake where party_id = $1 order by seq', [a.partyId]);
    expect(history.map(({ event }) => JSON.parse(event) as unknown)).toMatchObject([{ kind: 'clues.retracted', clueIds: [mine], reason: 'FALSE_POSITIVE' }, { kind: 'clues.retracted', clueIds: [] }]);
  });
});
