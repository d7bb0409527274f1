/**
 * Deliveries with a worker that is killed between effect and commit, again and again. 200 here, 1,000 in `npm run test:heavy`.
 * The control: the same run on a database from which the effect check and its unique key were taken is red.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { webhookSecretOf } from '#flows/deliver-package';
import { CaseSteps, FakeAgency, aCaseWorld, caseFlows, olderTransactionsEnded, withTestDatabase, type TestDatabase } from '#testing';

const N = process.env['TALLY_HEAVY'] ? 1000 : 200;
const REAL_CASES = 10;
const MINUTES = process.env['TALLY_HEAVY'] ? 20 : 6;

interface Crash { readonly point: 'effect' | 'commit' | 'call'; readonly key: string; readonly at: number }
interface Report {
  readonly crashes: readonly Crash[];
  readonly packages: number;
  readonly offeredTwice: number;
  readonly lost: number;
  readonly unfinished: number;
  readonly inboxTwice: number;
  readonly notices: number;
  readonly repeats: number;
  readonly changedBytes: number;
  /** Calls that came after the job's effect was on record and its worker died. */
  readonly calledAfterDone: number;
  readonly agencyRefused: number;
}

/** Packages that wait to be built, a few of them real cases. */
async function prepare(db: TestDatabase, count: number, agency: FakeAgency): Promise<{ env: Record<string, string>; steps: CaseSteps }> {
  const master = randomBytes(32);
  const world = await aCaseWorld(db, await agency.start());
  agency.secret = webhookSecretOf(master, world.liaison.id);
  const flows = await caseFlows(db);
  const steps = new CaseSteps(db, flows, world);
  await steps.testAccepted();
  await db.admin("update platform.outbox set state = 'DONE', done_at = now()");
  const real = Math.min(REAL_CASES, Math.floor(count / 2));
  for (let i = 0; i < real; i++) await steps.approved();
  for (let i = real; i < count; i++) await flows.sendTest.run(world.coordinator.actor, { liaisonId: world.liaison.id, idempotencyKey: randomUUID() });
  return { steps, env: { DATABASE_URL: db.url('tally_worker'), PACKAGE_KEY: JSON.stringify(flows.hubKey), WEBHOOK_KEY: master.toString('hex') } };
}

/** Runs workers one after another, each until it is killed, until every job is done, enough was seen, or the time is up. */
async function work(
  db: TestDatabase, env: Record<string, string>, chance: Partial<Record<Crash['point'], number>>, limitMs: number, enough: (crashes: readonly Crash[]) => Promise<boolean> = async () => false,
): Promise<Crash[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tally-deliveries-'));
  const file = path.join(folder, 'crashes.jsonl');
  const until = Date.now() + limitMs;
  let child: ChildProcess | null = null;
  const crashes = (): Crash[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as Crash) : []);
  const open = async (): Promise<number> => (await db.admin<{ n: number }>("select count(*)::int as n from platform.outbox where state in ('READY', 'QUEUED')"))[0]!.n;
  try {
    while (Date.now() < until && (await open()) > 0 && !(await enough(crashes()))) {
      if (child === null || child.exitCode !== null || child.signalCode !== null) {
        child = spawn(process.execPath, [path.resolve('test/race/delivering-worker.fixture.mjs')], { env: { ...process.env, ...env, CRASH_PLAN: JSON.stringify({ file, chance }) }, stdio: ['ignore', 'ignore', 'inherit'] });
      }
      await new Promise((done) => { setTimeout(done, 150); });
    }
    child?.kill('SIGKILL');
    return crashes();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function report(db: TestDatabase, steps: CaseSteps, agency: FakeAgency, crashes: readonly Crash[]): Promise<Report> {
  const offers = await db.admin<{ id: string; n: number }>(
    "select k.package_id as id, (select count(*)::int from tally.inbox_entry i where i.package_id = k.package_id and i.kind = 'OFFERED') as n from tally.package k");
  const inbox: string[] = [];
  await olderTransactionsEnded(db);
  for (let cursor: string | null = null; ;) {
    const page: { entries: readonly { packageId: string }[]; cursor: string | null } = await steps.flows.inbox.run(steps.world.liaison.actor, { cursor, limit: 100, waitSeconds: 0 });
    if (page.entries.length === 0) break;
    inbox.push(...page.entries.map((entry) => entry.packageId));
    cursor = page.cursor;
  }
  const handled = agency.handled();
  const ended = new Map(crashes.filter((one) => one.point === 'commit').map((one) => [`msg_${one.key}`, one.at]));
  return {
    crashes, packages: offers.length,
    offeredTwice: offers.filter(({ n }) => n > 1).length, lost: offers.filter(({ id, n }) => n === 0 || !inbox.includes(id)).length,
    inboxTwice: inbox.length - new Set(inbox).size,
    unfinished: (await db.admin("select 1 from platform.outbox where state <> 'DONE'")).length,
    notices: handled.size, repeats: agency.ledger.length - handled.size,
    changedBytes: agency.ledger.filter(({ id, body }) => handled.get(id) !== body).length,
    calledAfterDone: agency.ledger.filter(({ id, at }) => at > (ended.get(id) ?? Infinity)).length,
    agencyRefused: agency.refused,
  };
}

describe('deliveries', () => {
  const db = withTestDatabase();
  it(`${N} packages: each offered once, each notice at the agency, repeats with the same id and bytes, none lost`, async () => {
    // Every 23rd message fails after the agency wrote it down: the sender must say it again.
    const agency = new FakeAgency((arrivals) => (arrivals % 23 === 22 ? 503 : null));
    try {
      const { env, steps } = await prepare(db, N, agency);
      const crashes = await work(db, env, { effect: 0.03, commit: 0.02, call: 0.02 }, MINUTES * 60_000);
      const found = await report(db, steps, agency, crashes);
      expect(found).toMatchObject({ packages: N + 1, offeredTwice: 0, lost: 0, inboxTwice: 0, unfinished: 0, notices: N, changedBytes: 0, calledAfterDone: 0, agencyRefused: 0 });
      for (const point of ['effect', 'commit', 'call']) expect(crashes.filter((one) => one.point === point).length).toBeGreaterThan(0);
      expect(found.repeats).toBeGreaterThan(0);
      process.stderr.write(`deliveries: ${N} packages, ${crashes.length} kills, ${found.repeats} repeats on the wire, 0 lost\n`);
    } finally {
      await agency.stop();
    }
  }, MINUTES * 60_000 + 60_000);
});

/** The other guards taken away (state of the package, one offer a package), so that the effect row stands alone. */
const BLIND_STATE = `drop index tally.inbox_offered_once;
  create function tally.forget_state() returns trigger language plpgsql as $$ begin new.state := 'BUILDING'; return new; end $$;
  create trigger forget before update on tally.package for each row execute function tally.forget_state()`;
/** The mutant: no unique key, and what was recorded is forgotten when it is asked again. */
const NO_EFFECTS = `alter table platform.effect drop constraint effect_pkey;
  create function platform.forget_effect() returns trigger language plpgsql security definer as $$ begin delete from platform.effect where effect_key = new.effect_key; return new; end $$;
  create trigger forget before insert on platform.effect for each row execute function platform.forget_effect()`;
const EVERY_JOB_DIES_AFTER_ITS_COMMIT = { commit: 1 };

describe('the effect row alone', () => {
  const db = withTestDatabase();
  it('keeps a package from being offered twice and a notice from being sent after it was recorded', async () => {
    const agency = new FakeAgency();
    try {
      const { env, steps } = await prepare(db, 2, agency);
      await db.admin(BLIND_STATE);
      const crashes = await work(db, env, EVERY_JOB_DIES_AFTER_ITS_COMMIT, 120_000);
      expect(crashes).toHaveLength(4);
      expect(await report(db, steps, agency, crashes)).toMatchObject({ offeredTwice: 0, unfinished: 0, calledAfterDone: 0 });
    } finally {
      await agency.stop();
    }
  }, 180_000);
});

describe('control: without the effect check and its unique key', () => {
  const db = withTestDatabase();
  it('packages are offered twice and notices are sent again', async () => {
    const agency = new FakeAgency();
    try {
      const { env, steps } = await prepare(db, 2, agency);
      await db.admin(BLIND_STATE);
      await db.admin(NO_EFFECTS);
      const isRed = ({ offeredTwice, calledAfterDone }: Report): boolean => offeredTwice > 0 && calledAfterDone > 0;
      const crashes = await work(db, env, EVERY_JOB_DIES_AFTER_ITS_COMMIT, 120_000, async (sofar) => isRed(await report(db, steps, agency, sofar)));
      const found = await report(db, steps, agency, crashes);
      expect(found.offeredTwice).toBeGreaterThan(0);
      expect(found.calledAfterDone).toBeGreaterThan(0);
    } finally {
      await agency.stop();
    }
  }, 180_000);
});
