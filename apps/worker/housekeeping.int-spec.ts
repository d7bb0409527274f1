import { randomUUID } from 'node:crypto';
import { createEventLog } from '#platform/logging';
import { CaseSteps, aCaseWorld, caseFlows, withTestDatabase } from '#testing';
import { Housekeeping } from './housekeeping.js';

const db = withTestDatabase();
const log = createEventLog({ app: 'test', destination: { write: () => undefined } });

describe(Housekeeping.name, () => {
  it('deletes what has expired and keeps the rest', async () => {
    const party = randomUUID();
    await db.admin(`insert into sec.replay (scope, key_id, jti, expires_at) values ('dpop', 'k', 'old', now() - interval '1 s'), ('dpop', 'k', 'live', now() + interval '1 min')`);
    await db.admin(`insert into platform.idempotency_key (party_id, operation, key, request_hash, created_at)
      values ($1, 'op', 'old-old-old-old-old', sha256('x'), now() - interval '25 hours'), ($1, 'op', 'live-live-live-live', sha256('x'), now())`, [party]);
    const [done, buried] = [randomUUID(), randomUUID()];
    await db.admin(`insert into platform.outbox (id, job, payload, state, done_at) values
      ($1, 'packages.build', '{}', 'DONE', now() - interval '8 days'), ($2, 'packages.build', '{}', 'DONE', now() - interval '8 days'),
      ($3, 'packages.build', '{}', 'DONE', now()), ($4, 'packages.build', '{}', 'READY', null)`, [done, buried, randomUUID(), randomUUID()]);
    await db.admin(`insert into platform.dead_letter (outbox_id, attempts, error) values ($1, 12, 'Error')`, [buried]);
    await db.admin(`insert into platform.effect (effect_key, state, done_at) values
      ('old', 'DONE', now() - interval '31 days'), ('live', 'DONE', now()), ('started', 'STARTED', null)`);

    const sut = new Housekeeping((await db.worker()).system, log);
    expect(await sut.sweep()).toMatchObject({ replay: 1, idempotency: 1, outbox: 1, effects: 1 });
    expect(await sut.sweep()).toMatchObject({ replay: 0, idempotency: 0, outbox: 0, effects: 0 });
    expect(await db.admin('select jti from sec.replay')).toEqual([{ jti: 'live' }]);
    expect(await db.admin('select id from platform.outbox where id = $1', [done])).toEqual([]);
    expect(await db.admin('select effect_key from platform.effect order by 1')).toEqual([{ effect_key: 'live' }, { effect_key: 'started' }]);
  });

  it('buries a package whose job is dead, and no other', async () => {
    const world = await aCaseWorld(db);
    const steps = new CaseSteps(db, await caseFlows(db), world);
    const send = () => steps.flows.sendTest.run(world.coordinator.actor, { liaisonId: world.liaison.id, idempotencyKey: randomUUID() });
    const [dead, waiting] = [await send(), await send()];
    await db.admin("update platform.outbox set state = 'DEAD' where payload ->> 'packageId' = $1", [dead.packageId]);
    expect(await new Housekeeping((await db.worker()).system, log).sweep()).toMatchObject({ deadPackages: 1 });
    expect(await db.admin('select package_id, state from tally.package order by state')).toEqual([
      { package_id: waiting.packageId, state: 'BUILDING' }, { package_id: dead.packageId, state: 'DEAD_LETTER' }]);
  });
});
