import { randomUUID } from 'node:crypto';
import { CaseSteps, aCaseWorld, aKey, aRun, caseFlows, olderTransactionsEnded, withTestDatabase, type CaseFlows, type CaseWorld } from '#testing';
import { sha256Hex, signStatement } from '#crypto';
import { AcknowledgePackageFlow, BuildPackageFlow, FetchPackageFlow, ReadInboxFlow, ReportOutcomeFlow } from './index.js';

const db = withTestDatabase();
let world: CaseWorld;
let flows: CaseFlows;
let steps: CaseSteps;
beforeAll(async () => {
  world = await aCaseWorld(db);
  flows = await caseFlows(db);
  steps = new CaseSteps(db, flows, world);
  await steps.testAccepted();
});

const stateOf = async (packageId: string): Promise<string> => (await db.admin<{ state: string }>('select state from tally.package where package_id = $1', [packageId]))[0]!.state;
const offers = async (packageId: string): Promise<number> => (await db.admin("select 1 from tally.inbox_entry where package_id = $1 and kind = 'OFFERED'", [packageId])).length;
const offered = async (): Promise<{ caseId: string; packageId: string }> => {
  const made = await steps.approved();
  await flows.build.handle({ packageId: made.packageId }, aRun());
  return made;
};

describe(BuildPackageFlow.name, () => {
  it('offers what was approved, and the liaison verifies it', async () => {
    const { caseId, packageId } = await offered();
    const { size, digest } = await flows.fetch.open(world.liaison.actor, packageId);
    const bytes = Buffer.concat([await flows.fetch.slice(world.liaison.actor, packageId, 0, 99), await flows.fetch.slice(world.liaison.actor, packageId, 100, size - 1)]);
    expect(bytes).toHaveLength(size);
    const verified = await steps.verify(bytes);
    expect(verified).toMatchObject({ digest, envelope: { case: caseId, handling: 'AMBER' } });
    expect(verified.contributions.map((one) => one.payload.member).sort()).toEqual([world.a.id, world.b.id].sort());
  });

  it('running twice is once: the same run, and another run of the same package', async () => {
    const { packageId } = await steps.approved();
    const run = aRun();
    await flows.build.handle({ packageId }, run);
    const [before] = await db.admin<{ digest: string }>('select digest from tally.package where package_id = $1', [packageId]);
    await flows.build.handle({ packageId }, run);
    await flows.build.handle({ packageId }, aRun());
    expect(await db.admin('select digest from tally.package where package_id = $1', [packageId])).toEqual([before]);
    expect(await offers(packageId)).toBe(1);
    expect(await db.admin("select 1 from platform.outbox where job = 'packages.notify' and payload ->> 'packageId' = $1", [packageId])).toHaveLength(1);
  });

  it('rival workers offer it once', async () => {
    const { packageId } = await steps.approved();
    const run = aRun();
    await Promise.all([flows.build.handle({ packageId }, run), flows.build.handle({ packageId }, run), flows.build.handle({ packageId }, run)]);
    expect(await offers(packageId)).toBe(1);
  });

  it('leaves a withdrawn package alone', async () => {
    const { caseId, packageId } = await steps.approved();
    await flows.withdraw.run(world.a.actor, { caseId, idempotencyKey: randomUUID() });
    await flows.build.handle({ packageId }, aRun());
    expect(await stateOf(packageId)).toBe('WITHDRAWN');
    expect(await offers(packageId)).toBe(0);
  });

  it('seals nothing when a ciphertext was changed in the database, or a recipient key swapped', async () => {
    const first = await steps.approved();
    await db.admin("update tally.contribution set ciphertext = replace(ciphertext, '\"tag\":\"', '\"tag\":\"A') where case_id = $1", [first.caseId]);
    await expect(flows.build.handle(first, aRun())).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
    expect(await stateOf(first.packageId)).toBe('BUILDING');
    const second = await steps.approved();
    const other = aKey();
    const [kept] = await db.admin<{ jwk: object; kid: string }>("select jwk, kid from directory.party_key where party_id = $1 and use = 'seal'", [world.liaison.id]);
    await db.admin("update directory.party_key set jwk = $2 where kid = $1", [kept!.kid, JSON.stringify({ kty: 'EC', crv: 'P-256', x: other.x, y: other.y })]);
    await expect(flows.build.handle(second, aRun())).rejects.toMatchObject({ code: 'KEY_NOT_TRUSTED' });
    await db.admin('update directory.party_key set jwk = $2 where kid = $1', [kept!.kid, JSON.stringify(kept!.jwk)]);
    await expect(flows.build.handle(second, aRun())).resolves.toBeUndefined();
  });
});

describe('standing at send time', () => {
  it.each(['a', 'liaison'] as const)('sends nothing while %s is suspended, though all approved before', async (who) => {
    const { packageId } = await steps.approved();
    await db.admin("update directory.party set status = 'SUSPENDED' where id = $1", [world[who].id]);
    await expect(flows.build.handle({ packageId }, aRun())).rejects.toMatchObject({ code: 'MEMBER_SUSPENDED' });
    expect([await stateOf(packageId), await offers(packageId)]).toEqual(['BUILDING', 0]);
    await db.admin("update directory.party set status = 'ACTIVE' where id = $1", [world[who].id]);
    await flows.build.handle({ packageId }, aRun());
    expect(await offers(packageId)).toBe(1);
  });
});

describe(ReadInboxFlow.name, () => {
  it('reads in a stable order, goes on from a cursor, and repeats', async () => {
    await offered();
    await olderTransactionsEnded(db);
    const all = await flows.inbox.run(world.liaison.actor, { cursor: null, limit: 100, waitSeconds: 0 });
    const collected = [];
    for (let cursor: string | null = null; ;) {
      const page: Awaited<ReturnType<ReadInboxFlow['run']>> = await flows.inbox.run(world.liaison.actor, { cursor, limit: 1, waitSeconds: 0 });
      if (page.entries.length === 0) break;
      expect(await flows.inbox.run(world.liaison.actor, { cursor, limit: 1, waitSeconds: 0 })).toEqual(page);
      collected.push(...page.entries);
      cursor = page.cursor;
    }
    expect(collected).toEqual(all.entries);
    expect(all.entries[0]).toMatchObject({ packageKind: 'TEST' });
  });

  it('skips nothing that commits late', async () => {
    const { packageId } = await steps.approved();
    await olderTransactionsEnded(db);
    const start = (await flows.inbox.run(world.liaison.actor, { cursor: null, limit: 100, waitSeconds: 0 })).cursor;
    let release = (): void => undefined;
    const gate = new Promise<void>((done) => { release = done; });
    let began = (): void => undefined;
    const begun = new Promise<void>((done) => { began = done; });
    const slow = flows.worker.system.run(async (tx) => { await tx.query('select pg_current_xact_id()'); began(); await gate; await tx.execute("insert into tally.inbox_entry (liaison_id, package_id, kind) values ($1, $2, 'SUPERSEDING_NOTICE')", [world.liaison.id, packageId]); });
    await begun;
    await flows.build.handle({ packageId }, aRun());
    const during = await flows.inbox.run(world.liaison.actor, { cursor: start, limit: 100, waitSeconds: 0 });
    release();
    await slow;
    await olderTransactionsEnded(db);
    const after = await flows.inbox.run(world.liaison.actor, { cursor: during.cursor, limit: 100, waitSeconds: 5 });
    expect([...during.entries, ...after.entries].map((one) => one.kind).sort()).toEqual(['OFFERED', 'SUPERSEDING_NOTICE']);
  });

  it('waits for a first entry', async () => {
    const { packageId } = await steps.approved();
    await olderTransactionsEnded(db);
    const { cursor } = await flows.inbox.run(world.liaison.actor, { cursor: null, limit: 100, waitSeconds: 0 });
    const waiting = flows.inbox.run(world.liaison.actor, { cursor, limit: 100, waitSeconds: 20 });
    await flows.build.handle({ packageId }, aRun());
    expect((await waiting).entries).toEqual([expect.objectContaining({ packageId })]);
  });

  it('starts over in a new generation of the feed', async () => {
    await olderTransactionsEnded(db);
    const all = await flows.inbox.run(world.liaison.actor, { cursor: null, limit: 100, waitSeconds: 0 });
    await db.admin('insert into tally.feed_generation (generation) values (2)');
    expect((await flows.inbox.run(world.liaison.actor, { cursor: all.cursor, limit: 100, waitSeconds: 0 })).entries).toEqual(all.entries);
  });

  it('shows a liaison its own inbox only', async () => {
    const other = await aCaseWorld(db);
    expect((await flows.inbox.run(other.liaison.actor, { cursor: null, limit: 100, waitSeconds: 0 })).entries).toEqual([]);
    const { packageId } = await offered();
    await expect(flows.fetch.open(other.liaison.actor, packageId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(flows.fetch.open(world.a.actor, packageId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await stateOf(packageId)).toBe('OFFERED');
  });
});

describe(AcknowledgePackageFlow.name, () => {
  const openings = async (packageId: string): Promise<{ contribution: string; proof: string }[]> => {
    const rows = await db.admin<{ id: string }>("select line ->> 'id' as id from tally.package, jsonb_array_elements(payload::jsonb -> 'contributions') line where package_id = $1", [packageId]);
    return rows.map(({ id }) => ({ contribution: id, proof: sha256Hex(id) }));
  };

  it('moves a package by signed receipts only, in order', async () => {
    const { caseId, packageId } = await offered();
    await expect(steps.receipt(packageId, 'RECEIVED')).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await flows.fetch.open(world.liaison.actor, packageId);
    await expect(steps.receipt(packageId, 'ACCEPTED', { openings: await openings(packageId) })).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await steps.receipt(packageId, 'RECEIVED');
    await steps.receipt(packageId, 'OPENED', { openings: await openings(packageId) });
    expect(await stateOf(packageId)).toBe('RECEIVED');
    await steps.receipt(packageId, 'ACCEPTED', { openings: await openings(packageId) });
    await steps.receipt(packageId, 'FORWARDED');
    expect(await stateOf(packageId)).toBe('ACCEPTED');
    const seen = await flows.read.one(world.b.actor, caseId);
    expect(seen.sent?.receipts.map((one) => one.kind)).toEqual(['RECEIVED', 'OPENED', 'ACCEPTED', 'FORWARDED']);
    await expect(flows.read.one(world.c.actor, caseId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('refuses other digests, broken chains, missing openings, foreign keys; and answers a repeat with the same', async () => {
    const { packageId } = await offered();
    await flows.fetch.open(world.liaison.actor, packageId);
    const refused = async (code: string, act: Promise<unknown>): Promise<void> => {
      await expect(act).rejects.toMatchObject({ code });
      expect(await db.admin('select 1 from tally.receipt where package_id = $1', [packageId])).toEqual([]);
      expect(await stateOf(packageId)).toBe('FETCHED');
    };
    await refused('DIGEST_MISMATCH', steps.receipt(packageId, 'RECEIVED', { digest: 'a'.repeat(64) }));
    await refused('STATE_CONFLICT', steps.receipt(packageId, 'RECEIVED', { previous: 'a'.repeat(64) }));
    await refused('BAD_INPUT', steps.receipt(packageId, 'OPENED'));
    await refused('BAD_INPUT', steps.receipt(packageId, 'RECEIVED', { openings: await openings(packageId) }));
    await refused('KEY_NOT_TRUSTED', signStatement('tally-receipt+1', { v: 1 }, world.a.evidence).then((jws) => flows.acknowledge.run(world.liaison.actor, jws)));
    await refused('SIGNATURE_INVALID', signStatement('tally-outcome+1', { v: 1 }, world.liaison.evidence).then((jws) => flows.acknowledge.run(world.liaison.actor, jws)));
    const id = randomUUID();
    const first = await steps.receipt(packageId, 'RECEIVED', { id });
    const [kept] = await db.admin<{ jws: string }>('select jws from tally.receipt where receipt_id = $1', [id]);
    expect(await flows.acknowledge.run(world.liaison.actor, kept!.jws)).toEqual(first);
    await expect(steps.receipt(packageId, 'REJECTED', { id })).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
  });
});

describe(ReportOutcomeFlow.name, () => {
  it('shows an outcome to every contributor and tells them by an event', async () => {
    const { caseId, packageId } = await offered();
    await flows.fetch.open(world.liaison.actor, packageId);
    const statement = { v: 1, id: randomUUID(), package: packageId, kind: 'CRIMINAL_CASE_FILED', persons: 3, amountCny: 1_000_000, reference: 'X-1', time: new Date().toISOString() };
    const jws = await signStatement('tally-outcome+1', statement, world.liaison.evidence);
    await expect(flows.outcome.run(world.liaison.actor, jws)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await steps.receipt(packageId, 'RECEIVED');
    await flows.outcome.run(world.liaison.actor, jws);
    await flows.outcome.run(world.liaison.actor, jws);
    for (const member of [world.a, world.b]) {
      expect((await flows.read.one(member.actor, caseId)).sent?.outcomes).toEqual([expect.objectContaining({ kind: 'CRIMINAL_CASE_FILED', persons: 3, amountCny: 1_000_000 })]);
      expect(await db.admin("select 1 from tally.event where kind = 'OUTCOME_REPORTED' and party_id = $1 and subject_id = $2", [member.id, caseId])).toHaveLength(1);
    }
  });
});

describe('a clue that was taken back', () => {
  const retract = async (caseId: string): Promise<void> => {
    const [own] = await db.admin<{ id: string }>(`select o.clue_id as id from tally.case_overlap c join tally.overlap o on o.member_id = c.party_id and o.overlap_id = c.overlap_id
      where c.case_id = $1 and c.party_id = $2`, [caseId, world.a.id]);
    expect(await flows.retract.run(world.a.actor, { idempotencyKey: randomUUID(), clueIds: [own!.id], reason: 'FALSE_POSITIVE' })).toMatchObject({ retracted: 1 });
  };
  const noticesOf = async (packageId: string): Promise<string[]> =>
    (await db.admin<{ kind: string }>('select kind from tally.inbox_entry where package_id = $1 order by seq', [packageId])).map((row) => row.kind);

  it('under a package that was offered gives the liaison a superseding notice, and the other contributors an event', async () => {
    const { caseId, packageId } = await offered();
    await retract(caseId);
    expect(await noticesOf(packageId)).toEqual(['OFFERED', 'SUPERSEDING_NOTICE']);
    expect(await db.admin("select party_id from tally.event where kind = 'PACKAGE_SUPERSEDED' and subject_id = $1", [caseId])).toEqual([{ party_id: world.b.id }]);
  });
  it('and whose retraction commits while the package is being offered is not passed over', async () => {
    const { caseId, packageId } = await steps.approved();
    const [own] = await db.admin<{ id: string }>(`select o.clue_id as id from tally.case_overlap c join tally.overlap o on o.member_id = c.party_id and o.overlap_id = c.overlap_id
      where c.case_id = $1 and c.party_id = $2`, [caseId, world.a.id]);
    let building: Promise<void> = Promise.resolve();
    await flows.app.tenant.run(world.a.actor, async (tx) => {
      await tx.execute("update tally.clue set state = 'RETRACTED', retracted_at = now(), retraction_reason = 'FALSE_POSITIVE' where clue_id = $1", [own!.id]);
      expect(await tx.query('select tally.notice_retraction($1) as n', [[own!.id]])).toEqual([{ n: 0 }]);
      building = flows.build.handle({ packageId }, aRun());
      await Promise.race([building, new Promise((resolve) => { setTimeout(resolve, 1_000); })]);
    });
    await building;
    expect(await noticesOf(packageId)).toEqual(['OFFERED', 'SUPERSEDING_NOTICE']);
  });
  it('under a package that is still being built comes with the offer', async () => {
    const { caseId, packageId } = await steps.approved();
    await retract(caseId);
    expect(await noticesOf(packageId)).toEqual([]);
    await flows.build.handle({ packageId }, aRun());
    expect(await noticesOf(packageId)).toEqual(['OFFERED', 'SUPERSEDING_NOTICE']);
  });
});

describe('time', () => {
  const sweep = async (): Promise<unknown> => flows.worker.system.run((tx) => tx.query('select * from tally.sweep_cases()'));

  it('lets invitations lapse, packages expire, and answered packages close with their case', async () => {
    const asked = await steps.proposed();
    const [left, answered] = [await offered(), await offered()];
    await flows.fetch.open(world.liaison.actor, answered.packageId);
    await steps.receipt(answered.packageId, 'RECEIVED');
    await steps.receipt(answered.packageId, 'REJECTED', { reason: 'duplicate' });
    await sweep();
    expect([await stateOf(left.packageId), await stateOf(answered.packageId)]).toEqual(['OFFERED', 'REJECTED']);
    await db.admin("update tally.case_party set asked_at = now() - interval '15 days' where case_id = $1", [asked]);
    await db.admin("update tally.package set changed_at = now() - interval '181 days' where package_id = any ($1::uuid[])", [[left.packageId, answered.packageId]]);
    await sweep();
    expect([await stateOf(left.packageId), await stateOf(answered.packageId)]).toEqual(['EXPIRED', 'CLOSED']);
    expect(await flows.read.one(world.b.actor, asked)).toMatchObject({ own: { invitation: 'LAPSED' } });
    expect(await flows.read.one(world.a.actor, answered.caseId)).toMatchObject({ jointCase: { state: 'CLOSED' } });
    await expect(flows.answer.run(world.b.actor, { caseId: asked, answer: 'JOIN', idempotencyKey: randomUUID() })).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });

  it('a dead package is built when its job is driven again', async () => {
    const { packageId } = await steps.approved();
    await db.admin("update tally.package set state = 'DEAD_LETTER' where package_id = $1", [packageId]);
    await flows.build.handle({ packageId }, aRun());
    expect(await stateOf(packageId)).toBe('OFFERED');
  });
});

describe(FetchPackageFlow.name, () => {
  it('lists the liaison’s packages from OFFERED on', async () => {
    const made = await steps.approved();
    const list = await flows.fetch.list(world.liaison.actor, { first: 100, after: null });
    expect(list.items.map((item) => item.node.id)).not.toContain(made.packageId);
    await flows.build.handle(made, aRun());
    expect((await flows.fetch.list(world.liaison.actor, { first: 100, after: null })).items.map((item) => item.node.id)).toContain(made.packageId);
  });
});
