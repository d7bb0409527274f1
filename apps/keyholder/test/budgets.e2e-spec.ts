/** Budgets over real HTTP, in two key-holder processes on one ledger. */
import { randomBytes, randomUUID } from 'node:crypto';
import { type OprfRequest, uuidToBytes } from '#protocol';
import { aMember, FakeHubStatus, type HolderAnswer, HolderDatabase, HolderFederation, HolderProcess, type TestMember, until } from './holder-federation.js';

const DAY_MS = 86_400_000;
const RELEASE_MS = 30 * DAY_MS;

describe('budgets of a key-holder', () => {
  const federation = new HolderFederation();
  const hub = new FakeHubStatus();
  const ledger = new HolderDatabase();
  let holders: HolderProcess[];
  let sut: HolderProcess;
  const members: TestMember[] = [];
  /** Every member of this file has budgets of its own, so that its tests do not meet. 2 of 3 grant ceil(2/3). */
  const member = (budget = 1_000_000): TestMember => {
    members.push(aMember(budget));
    return members[members.length - 1]!;
  };
  const [bank, raced, daily, publishing, enrolling, renewed] = [member(), member(1_500), member(30), member(24), member(), member()];

  beforeAll(async () => {
    await federation.init();
    await hub.start();
    federation.writeRoster(members);
    await ledger.create();
    const environment = HolderProcess.environment(federation, 1, ledger, hub);
    holders = await Promise.all([0, 1].map(() => new HolderProcess(environment).start()));
    sut = holders[0]!;
    await until(async () => (await Promise.all(holders.map(({ url }) => fetch(`${url}/health/ready`)))).every(({ status }) => status === 200));
  });
  afterAll(async () => {
    for (const holder of holders ?? []) await holder.stop();
    HolderProcess.killLeft();
    await hub.stop();
    await ledger.drop();
    federation.close();
  });

  /** n random elements: blinded points look like nothing else. */
  const pointsOf = (n: number): Uint8Array => Buffer.concat(Array.from({ length: n }, () => federation.engine.multiplyBase(federation.engine.scalars.reduce(randomBytes(64)))));
  const send = (from: TestMember, points: Uint8Array, more: Partial<OprfRequest> = {}): Promise<HolderAnswer> => sut.post(federation.request(from, points, more));
  const refusedUnchanged = async (body: Uint8Array): Promise<HolderAnswer> => {
    const before = await ledger.state();
    const answer = await sut.post(body);
    expect(answer.status).not.toBe(200);
    expect(await ledger.state()).toEqual(before);
    return answer;
  };
  const startedMs = async ({ memberId }: TestMember): Promise<number> => {
    const [row] = await ledger.rows<{ at: Date }>(`select started_at as at from keyholder.enrolment where member_id = '${memberId}'`);
    return row!.at.getTime();
  };

  describe('repeats', () => {
    it('are free eight times whatever the batch id, quorum or budget, then refused; other points go on', async () => {
      const points = pointsOf(8);
      const before = await ledger.used(bank);
      for (let i = 0; i < 9; i += 1) expect((await send(bank, points, i === 1 ? { quorum: [1, 3] } : i === 2 ? { budget: 'daily' } : {})).status).toBe(200);
      expect(await ledger.used(bank)).toBe(before + 8);
      expect(await refusedUnchanged(federation.request(bank, points))).toMatchObject({ status: 409, code: 'REPEAT_REFUSED', fields: { reason: 'repeats' } });
      expect((await send(bank, pointsOf(8))).status).toBe(200);
      expect(await ledger.used(bank)).toBe(before + 16);
    });
    it('by somebody who recorded the batch are refused and take nothing from the member: neither budget nor free repeats', async () => {
      const batch = { batchId: uuidToBytes(randomUUID()) };
      const points = pointsOf(8);
      const recorded = federation.request(bank, points, batch);
      expect((await sut.post(recorded)).status).toBe(200);
      const used = await ledger.used(bank);
      const replays = await Promise.all(Array.from({ length: 20 }, (_, i) => holders[i % 2]!.post(recorded)));
      for (const replay of replays) expect(replay).toMatchObject({ code: 'REPEAT_REFUSED', fields: { reason: 'answered' } });
      for (let i = 0; i < 8; i += 1) expect((await send(bank, points, batch)).status).toBe(200);
      expect(await ledger.used(bank)).toBe(used);
    });
    it('by a relay to another quorum are no signature of the member', async () => {
      const turned = federation.request(bank, pointsOf(1), { quorum: [2, 3] });
      new DataView(turned.buffer, turned.byteOffset).setUint16(60, 0b011); // the relay turns it to this holder
      expect(await refusedUnchanged(turned)).toMatchObject({ code: 'SIGNATURE_INVALID' });
    });
    it.each([['six minutes ago', -360_000], ['two minutes ahead', 120_000]])('signed %s are refused, with the holder\'s time', async (_, offMs) => {
      const answer = await refusedUnchanged(federation.request(bank, pointsOf(1), { signedAtMs: Date.now() + offMs }));
      expect(answer).toMatchObject({ code: 'REPEAT_REFUSED', fields: { reason: 'time', now: expect.stringMatching(/Z$/) as string } });
    });
  });

  describe('publish', () => {
    it('grants t/n and not one more, says that no time refills it, and goes on when the roster grants more', async () => {
      expect((await send(publishing, pointsOf(9))).status).toBe(200); // 16 of 24
      expect(await refusedUnchanged(federation.request(publishing, pointsOf(8)))).toMatchObject({ status: 429, code: 'BUDGET_EXHAUSTED', fields: { budget: 'publish', left: 7, refillsAt: null } });
      expect((await send(publishing, pointsOf(7))).status).toBe(200);
      expect(await refusedUnchanged(federation.request(publishing, pointsOf(1)))).toMatchObject({ fields: { left: 0, refillsAt: null } });
      federation.writeRoster(members.map((one) => (one === publishing ? { ...one, budgets: { ...one.budgets, publish: 27 } } : one)));
      await until(async () => (await send(publishing, pointsOf(1))).status === 200);
      expect((await send(publishing, pointsOf(1))).status).toBe(200);
      expect(await refusedUnchanged(federation.request(publishing, pointsOf(1)))).toMatchObject({ fields: { left: 0, refillsAt: null } });
    });
  });

  describe('daily', () => {
    it('refills at the next midnight in UTC and not before', async () => {
      expect((await send(daily, pointsOf(19), { budget: 'daily' })).status).toBe(200); // 20 of 30
      const answer = await refusedUnchanged(federation.request(daily, pointsOf(2), { budget: 'daily' }));
      const midnight = new Date((Math.floor(Date.now() / DAY_MS) + 1) * DAY_MS).toISOString();
      expect(answer).toMatchObject({ code: 'BUDGET_EXHAUSTED', fields: { budget: 'daily', left: 1, refillsAt: midnight } });
      await ledger.rows(`update keyholder.counter set period = to_char(now() at time zone 'UTC' - interval '1 day', 'YYYY-MM-DD') where member_id = '${daily.memberId}'`);
      expect((await send(daily, pointsOf(20), { budget: 'daily' })).status).toBe(200);
    });
    it('promises no time to a batch that no day allows', async () => {
      expect(await refusedUnchanged(federation.request(daily, pointsOf(21), { budget: 'daily' }))).toMatchObject({ fields: { budget: 'daily', refillsAt: null } });
    });
  });

  describe('enrolment', () => {
    const LIMIT = Math.ceil((1_000_000 * 2) / 3);
    const age = (who: TestMember, ms: number): Promise<unknown> => ledger.rows(`update keyholder.enrolment set started_at = started_at - interval '${ms} milliseconds' where member_id = '${who.memberId}'`);

    it('is released over 30 days from the first roster that names the member; the refusal names the exact moment', async () => {
      const n = 64;
      const answer = await refusedUnchanged(federation.request(enrolling, pointsOf(n), { budget: 'enrolment' }));
      const started = await startedMs(enrolling);
      const refills = started + Math.ceil((n * RELEASE_MS) / LIMIT);
      expect(answer).toMatchObject({ code: 'BUDGET_EXHAUSTED', fields: { budget: 'enrolment', refillsAt: new Date(refills).toISOString() } });
      await age(enrolling, refills - Date.now() + 400);
      expect((await send(enrolling, pointsOf(n), { budget: 'enrolment' })).status).toBe(200);
      expect(await refusedUnchanged(federation.request(enrolling, pointsOf(1), { budget: 'enrolment' }))).toMatchObject({ fields: { left: 0 } });
    });
    it('is never more than the whole, and then no time refills it', async () => {
      await age(enrolling, 40 * DAY_MS);
      await ledger.rows(`update keyholder.counter set used = ${LIMIT - 3} where member_id = '${enrolling.memberId}' and budget = 'enrolment'`);
      expect(await refusedUnchanged(federation.request(enrolling, pointsOf(4), { budget: 'enrolment' }))).toMatchObject({ fields: { left: 3, refillsAt: null } });
      expect((await send(enrolling, pointsOf(3), { budget: 'enrolment' })).status).toBe(200);
    });
    it('keeps its clock whatever later rosters say: re-issued, without the member, with the member again, with an earlier date', async () => {
      const started = await startedMs(renewed);
      federation.writeRoster([bank]);
      await until(async () => (await send(renewed, pointsOf(1))).code === 'ROSTER_REFUSED');
      federation.writeRoster(members, { validFrom: new Date(Date.now() - 20 * DAY_MS).toISOString() });
      await until(async () => (await send(renewed, pointsOf(1))).status === 200);
      expect(await startedMs(renewed)).toBe(started);
    });
    it('does not start before the entry is valid', async () => {
      const later = member();
      const validFrom = new Date(Date.now() + DAY_MS).toISOString();
      federation.writeRoster(members, { validFrom });
      await until(async () => (await ledger.rows(`select 1 from keyholder.enrolment where member_id = '${later.memberId}'`)).length === 1);
      expect(await startedMs(later)).toBe(Date.parse(validFrom));
      federation.writeRoster(members);
    });
  });

  it('never lets fifty clients in two processes on one ledger exceed a budget by one', async () => {
    const [clients, batches, n] = [50, 6, 7];
    // Each process reads the roster in its own time.
    for (const holder of holders) await until(async () => (await holder.post(federation.request(raced, pointsOf(n)))).status === 200);
    const bodies = Array.from({ length: clients }, () => Array.from({ length: batches }, () => federation.request(raced, pointsOf(n))));
    const codes = (await Promise.all(bodies.map(async (own, client) => {
      const answers: (string | null)[] = [];
      for (const body of own) answers.push((await holders[client % 2]!.post(body)).code);
      return answers;
    }))).flat();
    const granted = Math.floor(1_000 / n); // ceil(1,500 * 2 / 3) = 1,000
    expect(codes.filter((code) => code === null)).toHaveLength(granted - holders.length);
    expect(new Set(codes)).toEqual(new Set([null, 'BUDGET_EXHAUSTED']));
    expect(await ledger.used(raced)).toBe(granted * n);
    expect(await refusedUnchanged(federation.request(raced, pointsOf(n)))).toMatchObject({ code: 'BUDGET_EXHAUSTED', fields: { left: 1_000 - granted * n } });
  });
});
