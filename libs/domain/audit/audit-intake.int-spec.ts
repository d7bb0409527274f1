import { createHmac, randomUUID } from 'node:crypto';
import type { PartyId } from '#kernel';
import type { Actor } from '#platform/database';
import { withTestDatabase } from '#testing';
import { AuditIntake } from './audit-intake.js';
import { isUnbroken } from './audit.model.js';

const db = withTestDatabase();
const sut = new AuditIntake();
const anActor = (): Actor => ({ partyId: randomUUID() as PartyId, role: 'member', clientId: 'c', purpose: null });
const append = async (actor: Actor, kind = 'clues.published'): Promise<void> =>
  (await db.app()).tenant.run(actor, (tx) => sut.append(tx, { kind, accepted: 3 }));
const historyOf = async (actor: Actor) => (await db.app()).tenant.run(actor, (tx) => sut.history(tx));

describe(AuditIntake.name, () => {
  it('chains the entries of a party without a gap, also when many are recorded at once', async () => {
    const actor = anActor();
    await Promise.all(Array.from({ length: 8 }, () => append(actor)));
    const history = await historyOf(actor);
    expect(history.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(isUnbroken(history)).toBe(true);
  });

  it('commits to the event as 0x01 | HMAC-SHA-256(r, JCS(event))', async () => {
    const actor = anActor();
    await append(actor);
    const [entry] = await historyOf(actor);
    const mac = createHmac('sha256', entry?.r ?? '').update(entry?.event ?? '').digest();
    expect(Buffer.from(entry?.commitment ?? [])).toEqual(Buffer.concat([Buffer.from([1]), mac]));
    expect(JSON.parse(entry?.event ?? '')).toMatchObject({ kind: 'clues.published', accepted: 3, seq: 1, previous: null });
  });

  it('finds a changed, a missing and a swapped entry', async () => {
    const actor = anActor();
    for (let i = 0; i < 3; i++) await append(actor);
    const [a, b, c] = await historyOf(actor);
    if (!a || !b || !c) throw new Error('three entries expected');
    expect(isUnbroken([a, b, c])).toBe(true);
    expect(isUnbroken([a, { ...b, event: b.event.replace('3', '4') }, c])).toBe(false);
    expect(isUnbroken([a, c])).toBe(false);
    expect(isUnbroken([b, a, c])).toBe(false);
  });

  it('leaves nothing and no gap when the flow is rolled back', async () => {
    const actor = anActor();
    await append(actor);
    await expect((await db.app()).tenant.run(actor, async (tx) => {
      await sut.append(tx, { kind: 'case.proposed' });
      throw new Error('no');
    })).rejects.toThrow('no');
    await append(actor);
    expect((await historyOf(actor)).map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('records for an affected party, which alone reads it', async () => {
    const [actor, affected] = [anActor(), anActor()];
    await (await db.app()).tenant.run(actor, (tx) => sut.appendFor(tx, affected.partyId, { kind: 'case.invited' }));
    expect(await historyOf(affected)).toHaveLength(1);
    expect(await historyOf(actor)).toHaveLength(0);
  });

  it('lets nobody change or delete an entry, not even the owner or a superuser', async () => {
    const actor = anActor();
    await append(actor);
    const before = await historyOf(actor);
    for (const sql of ["update audit.intake set event = '{}'", 'delete from audit.intake', 'truncate audit.intake']) {
      await expect((await db.app()).tenant.run(actor, (tx) => tx.query(sql))).rejects.toMatchObject({ code: '42501' });
      await expect(db.admin(sql)).rejects.toMatchObject({ code: '42501' });
    }
    expect(await historyOf(actor)).toEqual(before);
  });

  it('refuses an entry that does not follow the head', async () => {
    const actor = anActor();
    await append(actor);
    const { system } = await db.app();
    const forged = Buffer.concat([Buffer.from([1]), Buffer.alloc(32)]);
    await expect(system.run((tx) => tx.query('select audit.record($1, 2, null, $2, $3, $4)', [actor.partyId, '{}', Buffer.alloc(32), forged])))
      .rejects.toMatchObject({ code: '40001' });
    await expect(system.run((tx) => tx.query(
      "insert into audit.intake (party_id, seq, event, r, commitment) values ($1, 2, '{}', $2, $3)", [actor.partyId, Buffer.alloc(32), forged])))
      .rejects.toMatchObject({ code: '42501' });
    expect(await historyOf(actor)).toHaveLength(1);
  });
});
