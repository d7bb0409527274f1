import { randomUUID } from 'node:crypto';
import { CaseSteps, aCaseWorld, caseFlows, plantOverlap, withTestDatabase, type CaseFlows, type CaseWorld } from '#testing';
import { keyIdOf, signStatement } from '#crypto';
import { ApproveCaseFlow, ProposeCaseFlow, ReadCaseFlow } from './index.js';

const db = withTestDatabase();
let world: CaseWorld;
let flows: CaseFlows;
let steps: CaseSteps;
beforeAll(async () => {
  world = await aCaseWorld(db);
  flows = await caseFlows(db);
  steps = new CaseSteps(db, flows, world);
});

/** Everything a refusal could have changed. */
const state = async (): Promise<unknown> => db.admin(`select
  (select jsonb_agg(to_jsonb(c) order by case_id) from tally.joint_case c) as cases, (select jsonb_agg(to_jsonb(p) order by case_id, party_id) from tally.case_party p) as parties,
  (select count(*) from tally.approval) as approvals, (select count(*) from tally.contribution) as contributions, (select count(*) from tally.package) as packages,
  (select count(*) from platform.outbox) as jobs, (select count(*) from tally.event) as events, (select count(*) from audit.intake) as audit`);
const refused = async (code: string, act: () => Promise<unknown>): Promise<void> => {
  const before = await state();
  await expect(act()).rejects.toMatchObject({ code });
  expect(await state()).toEqual(before);
};

describe(ProposeCaseFlow.name, () => {
  it('asks the counterparts and tells nobody who', async () => {
    const caseId = await steps.proposed(world.a, [world.b, world.c]);
    const [lead, invited] = [await flows.read.one(world.a.actor, caseId), await flows.read.one(world.b.actor, caseId)];
    expect(lead).toMatchObject({ asked: 'TWO_OR_MORE', joined: 'ZERO', participants: [expect.objectContaining({ part: 'LEAD' })] });
    expect(JSON.stringify(lead)).not.toContain(world.b.id);
    expect(invited).toMatchObject({ own: { invitation: 'ASKED' }, jointCase: { category: 'TELECOM_FRAUD' }, participants: [], approvable: null });
    expect(invited.ownOverlaps).toHaveLength(1);
    expect(JSON.stringify(invited)).not.toContain(world.a.id);
    expect(JSON.stringify(invited)).not.toContain(world.c.id);
    const events = await db.admin("select party_id from tally.event where kind = 'CASE_INVITED' and subject_id = $1", [caseId]);
    expect(events.map((row) => (row as { party_id: string }).party_id).sort()).toEqual([world.b.id, world.c.id].sort());
  });

  it('shows an invited member’s connection nothing of the others, even by SQL', async () => {
    const caseId = await steps.proposed(world.a, [world.b, world.c]);
    const seen = await flows.app.tenant.run(world.b.actor, async (tx) => [
      await tx.query('select party_id from tally.case_party where case_id = $1', [caseId]), await tx.query('select * from tally.case_participants($1)', [caseId]),
      await tx.query('select * from tally.case_proposal where case_id = $1', [caseId]), await tx.query('select * from tally.case_lines($1)', [caseId]),
      await tx.query('select party_id from tally.case_overlap where case_id = $1', [caseId])]);
    expect(JSON.stringify(seen)).not.toContain(world.a.id);
    expect(JSON.stringify(seen)).not.toContain(world.c.id);
  });

  it('shows a member without part nothing', async () => {
    const caseId = await steps.proposed(world.a, [world.b]);
    await refused('NOT_FOUND', () => flows.read.one(world.c.actor, caseId));
    await refused('NOT_FOUND', () => flows.read.one(world.liaison.actor, caseId));
    await refused('NOT_FOUND', () => flows.answer.run(world.c.actor, { caseId, answer: 'JOIN', idempotencyKey: randomUUID() }));
  });

  it('refuses foreign officers, unknown overlaps, unknown keys and what cannot be shared', async () => {
    const [overlapId] = await plantOverlap(db, [world.a, world.b]);
    const statement = { v: 1, case: randomUUID(), lead: world.a.id, category: 'TELECOM_FRAUD', purpose: 'CRIME_REPORTING', legalBasis: { code: 'PUBLIC_INTEREST', law: '', article: '' },
      liaison: world.liaison.id, time: new Date().toISOString() };
    const recipients = await steps.recipients();
    const propose = async (change: object, by = world.a.officers[0]!, overlapIds = [overlapId!], to = recipients) =>
      flows.propose.run(world.a.actor, { jws: await signStatement('tally-proposal+1', { ...statement, ...change }, by), overlapIds, recipients: to, idempotencyKey: randomUUID() });
    await refused('KEY_NOT_TRUSTED', () => propose({}, world.b.officers[0]!));
    await refused('FORBIDDEN', () => propose({ lead: world.b.id }));
    await refused('NOT_FOUND', () => propose({}, undefined, [randomUUID()]));
    const [foreign] = await plantOverlap(db, [world.b, world.c]);
    await refused('NOT_FOUND', () => propose({}, undefined, [foreign!]));
    await refused('NOT_FOUND', () => propose({ liaison: world.b.id }));
    await refused('KEY_NOT_TRUSTED', async () => propose({}, undefined, undefined, [{ agency: world.liaison.id, key: keyIdOf(world.a.seal) }]));
    await refused('CATEGORY_NOT_SHAREABLE', () => propose({ category: 'INDIVIDUAL_NOT_GREY_INDUSTRY' }));
    await refused('BASIS_NOT_APPLICABLE', () => propose({ category: 'CREDIT_REPAIR', legalBasis: { code: 'STATUTORY_DUTY', law: 'ANTI_TELECOM_FRAUD_LAW', article: '18' } }));
    await expect(propose({})).resolves.toEqual({ caseId: statement.case });
    await refused('ALREADY_EXISTS', () => propose({}));
  });
});

describe('answering and contributing', () => {
  it('names both sides to each other once both have joined, and nobody else', async () => {
    const caseId = await steps.proposed(world.a, [world.b, world.c]);
    await flows.answer.run(world.b.actor, { caseId, answer: 'JOIN', idempotencyKey: randomUUID() });
    const [lead, joined, asked] = [await flows.read.one(world.a.actor, caseId), await flows.read.one(world.b.actor, caseId), await flows.read.one(world.c.actor, caseId)];
    expect(lead.participants.map((one) => one.card.id).sort()).toEqual([world.a.id, world.b.id].sort());
    expect(joined.participants).toEqual(lead.participants);
    expect(asked.participants).toEqual([]);
    expect(lead.jointCase.state).toBe('OPEN');
    await refused('STATE_CONFLICT', () => flows.answer.run(world.b.actor, { caseId, answer: 'DECLINE', idempotencyKey: randomUUID() }));
  });

  it('takes ciphertext from those who joined, once an id', async () => {
    const caseId = await steps.opened();
    const { opening: _o, ...body } = await steps.contribution(caseId, world.b);
    const first = await flows.contribute.run(world.b.actor, caseId, body);
    const before = await state();
    expect(await flows.contribute.run(world.b.actor, caseId, body)).toEqual(first);
    expect(await state()).toEqual(before);
    const { opening: _p, ...other } = await steps.contribution(caseId, world.b);
    await refused('IDEMPOTENCY_MISMATCH', () => flows.contribute.run(world.b.actor, caseId, { ...other, id: body.id }));
    await refused('NOT_FOUND', () => flows.contribute.run(world.c.actor, caseId, other));
    await refused('PACKAGE_INVALID', () => flows.contribute.run(world.b.actor, caseId, { ...other, jwe: { plain: 'rows' } }));
    const unopened = await steps.proposed();
    await refused('STATE_CONFLICT', () => flows.contribute.run(world.a.actor, unopened, other));
  });

  it('takes ten contributions of one member and no more, so that a case can be approved in the end', async () => {
    const caseId = await steps.opened();
    const bodies = await Promise.all(Array.from({ length: 11 }, () => steps.contribution(caseId, world.b).then(({ opening: _o, ...body }) => body)));
    for (const body of bodies.slice(0, 10)) await flows.contribute.run(world.b.actor, caseId, body);
    await refused('LIMIT_EXCEEDED', () => flows.contribute.run(world.b.actor, caseId, bodies[10]!));
    await expect(flows.contribute.run(world.b.actor, caseId, bodies[9]!)).resolves.toMatchObject({ contributionId: bodies[9]!.id });
    const { opening: _p, ...lead } = await steps.contribution(caseId, world.a);
    await expect(flows.contribute.run(world.a.actor, caseId, lead)).resolves.toMatchObject({ contributionId: lead.id });
  });

  it('shows a contribution to nobody but its author', async () => {
    const caseId = await steps.contributed();
    for (const party of [world.a, world.b, world.c, world.coordinator, world.liaison]) {
      const rows = await flows.app.tenant.run(party.actor, (tx) => tx.query<{ party_id: string }>('select party_id from tally.contribution where case_id = $1', [caseId]));
      expect(rows.every((row) => row.party_id === party.id)).toBe(true);
    }
  });
});

describe(ApproveCaseFlow.name, () => {
  it('wants an accepted test package first', async () => {
    const caseId = await steps.contributed();
    await refused('TEST_PACKAGE_REQUIRED', () => steps.approve(caseId, world.a, world.a.officers[1]!));
    await steps.testAccepted();
    await expect(steps.approve(caseId, world.a, world.a.officers[1]!)).resolves.toMatchObject({ approvals: 1, packageId: null });
  });

  it('builds nothing before two different officers of the two sides approved', async () => {
    const caseId = await steps.contributed();
    const { a, b, c, coordinator } = world;
    await refused('FOUR_EYES_REQUIRED', () => steps.approve(caseId, a, a.officers[0]!));              // the officer who proposed
    await refused('FOUR_EYES_REQUIRED', () => steps.approve(caseId, a, b.officers[0]!));              // another member's officer
    await refused('FOUR_EYES_REQUIRED', () => steps.approve(caseId, a, c.officers[0]!));              // a third member's officer
    await refused('NOT_FOUND', () => steps.approve(caseId, b, b.officers[0]!));                       // a member that does not lead
    await refused('NOT_FOUND', () => steps.approve(caseId, c, c.officers[0]!));
    await refused('FOUR_EYES_REQUIRED', () => steps.approve(caseId, coordinator, a.officers[1]!));    // the lead's officer through the coordinator
    await refused('FOUR_EYES_REQUIRED', () => steps.approve(caseId, a, coordinator.officers[0]!));
    await refused('FOUR_EYES_REQUIRED', () => steps.approve(caseId, a, a.evidence));                  // not an officer's key
    await expect(steps.approve(caseId, a, a.officers[1]!)).resolves.toMatchObject({ approvals: 1 });
    await refused('FOUR_EYES_REQUIRED', () => steps.approve(caseId, a, a.officers[1]!));              // the same officer twice
    expect(await db.admin('select 1 from tally.package where case_id = $1', [caseId])).toEqual([]);
    const done = await steps.approve(caseId, coordinator, coordinator.officers[0]!);
    expect(await db.admin('select state from tally.package where package_id = $1', [done.packageId])).toEqual([{ state: 'BUILDING' }]);
    await refused('STATE_CONFLICT', () => steps.approve(caseId, coordinator, coordinator.officers[1]!));
  });

  it('refuses an approval of another digest, case, recipient or purpose', async () => {
    const [caseId, other] = [await steps.contributed(), await steps.contributed()];
    const { a, b } = world;
    const approve = (change: Record<string, never> | Record<string, unknown>) => steps.approve(caseId, a, a.officers[1]!, change as never);
    await refused('DIGEST_MISMATCH', () => approve({ digest: 'a'.repeat(64) }));
    await refused('DIGEST_MISMATCH', () => approve({ case: other }));
    await refused('DIGEST_MISMATCH', () => approve({ purpose: 'FRAUD_PREVENTION' }));
    await refused('DIGEST_MISMATCH', async () => approve({ recipients: [{ agency: b.id, key: keyIdOf(b.seal) }] }));
    await refused('DIGEST_MISMATCH', async () => flows.approve.run(a.actor, { caseId, jws: await steps.approval(other, a.officers[1]!), idempotencyKey: randomUUID() }));
  });

  it('forgets an approval when a contribution comes after it', async () => {
    const caseId = await steps.contributed();
    const { a, b, coordinator } = world;
    await steps.approve(caseId, a, a.officers[1]!);
    const { opening: _o, ...body } = await steps.contribution(caseId, b, 'more');
    await flows.contribute.run(b.actor, caseId, body);
    await expect(steps.approve(caseId, coordinator, coordinator.officers[0]!)).resolves.toMatchObject({ approvals: 1, packageId: null });
    await expect(steps.approve(caseId, a, a.officers[1]!)).resolves.toMatchObject({ approvals: 2 });
  });

  it('refuses a statement of another type', async () => {
    const caseId = await steps.contributed();
    const jws = await signStatement('tally-receipt+1', { v: 1 }, world.a.officers[1]!);
    await refused('SIGNATURE_INVALID', () => flows.approve.run(world.a.actor, { caseId, jws, idempotencyKey: randomUUID() }));
  });
});

describe(ReadCaseFlow.name, () => {
  it('lists what each party takes part in, page by page', async () => {
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const page = await flows.read.list(world.c.actor, { first: 2, after });
      seen.push(...page.items.map((item) => item.node.jointCase.id));
      if (!page.hasNextPage) break;
      after = page.items.at(-1)!.cursor;
    }
    const mine = await db.admin<{ id: string }>('select case_id as id from tally.case_party where party_id = $1', [world.c.id]);
    expect([...seen].sort()).toEqual(mine.map((row) => row.id).sort());
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('lets the lead withdraw, and nobody else', async () => {
    const caseId = await steps.opened();
    await refused('NOT_FOUND', () => flows.withdraw.run(world.b.actor, { caseId, idempotencyKey: randomUUID() }));
    await flows.withdraw.run(world.a.actor, { caseId, idempotencyKey: randomUUID() });
    await refused('STATE_CONFLICT', () => flows.withdraw.run(world.a.actor, { caseId, idempotencyKey: randomUUID() }));
  });
});
