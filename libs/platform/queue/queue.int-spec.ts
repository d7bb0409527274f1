import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PackageId, OutboxId } from '#kernel';
import { createEventLog } from '#platform/logging';
import { withTestDatabase } from '#testing';
import { Effects } from './effects.js';
import type { JobPolicy } from './job-policy.js';
import { JobRegistry, type JobHandler } from './job-registry.js';
import { OutboxLedger } from './outbox-ledger.js';
import { Outbox } from './outbox.js';
import { QueueRuntime } from './queue-runtime.js';

const db = withTestDatabase();
const outbox = new Outbox();
const lines: string[] = [];
const log = createEventLog({ app: 'test', destination: { write: (line) => { lines.push(line); } } });
const running: QueueRuntime[] = [];
const QUICK: JobPolicy = { attempts: 3, backoffBaseMs: 5, backoffCapMs: 20, concurrency: 4 };
const aPackage = (): PackageId => randomUUID() as PackageId;

async function startWorker(handle: JobHandler<'packages.build'>['handle'], pump = { pollMs: 100, reconcileEveryMs: 200, queuedForMs: 60_000 }): Promise<QueueRuntime> {
  const { source } = await db.worker();
  const registry = new JobRegistry([{ job: 'packages.build', handle }], { 'packages.build': QUICK }, ['packages.build']);
  const runtime = new QueueRuntime({ url: db.url('tally_worker'), source, registry, log, pump });
  await runtime.start();
  running.push(runtime);
  return runtime;
}

async function append(packageId: PackageId, options = {}): Promise<OutboxId> {
  return (await db.app()).system.run((tx) => outbox.append(tx, 'packages.build', { packageId }, options));
}

async function rowOf(id: OutboxId): Promise<{ state: string; attempts: number } | undefined> {
  return (await db.admin<{ state: string; attempts: number }>('select state, attempts from platform.outbox where id = $1', [id]))[0];
}

async function until(condition: () => Promise<boolean>, ms = 45_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end;) {
    if (await condition()) return;
    await new Promise((resolve) => { setTimeout(resolve, 30); });
  }
  throw new Error('condition not reached in time');
}
const becomes = (id: OutboxId, state: string): Promise<void> => until(async () => (await rowOf(id))?.state === state);

beforeAll(() => db.admin(`create table platform.made (package_id uuid not null); grant select, insert on platform.made to tally_worker`));
afterEach(async () => { for (const runtime of running.splice(0)) await runtime.stop(1_000); });

describe(QueueRuntime.name, () => {
  it('runs what a committed transaction asked for, and nothing that was rolled back', async () => {
    const [wanted, unwanted] = [aPackage(), aPackage()];
    const seen: string[] = [];
    await startWorker((payload) => { seen.push(payload.packageId); return Promise.resolve(); });
    await expect((await db.app()).system.run(async (tx) => {
      await outbox.append(tx, 'packages.build', { packageId: unwanted });
      throw new Error('rolled back');
    })).rejects.toThrow('rolled back');
    await becomes(await append(wanted), 'DONE');
    expect(seen).toEqual([wanted]);
  });

  it('tries again after a failure and buries after the last attempt, keeping no message', async () => {
    await startWorker(() => Promise.reject(new TypeError('13812345678')));
    const id = await append(aPackage());
    await becomes(id, 'DEAD');
    expect(await rowOf(id)).toEqual({ state: 'DEAD', attempts: QUICK.attempts });
    expect(await db.admin('select attempts, error from platform.dead_letter where outbox_id = $1', [id])).toEqual([{ attempts: 3, error: 'TypeError' }]);
    const everything = JSON.stringify([await db.admin('select to_jsonb(t) from platform.dead_letter t'), lines]);
    expect(everything).not.toContain('13812345678');
  });

  it('drives a dead job again only when two different people say so', async () => {
    const ledger = new OutboxLedger((await db.worker()).system);
    let broken = true;
    await startWorker(() => (broken ? Promise.reject(new Error('broken')) : Promise.resolve()));
    const id = await append(aPackage());
    await becomes(id, 'DEAD');
    broken = false;
    expect(await ledger.redrive(id, 'officer-a')).toBe(false);
    await ledger.askRedrive(id, 'officer-a');
    expect(await ledger.redrive(id, 'officer-a')).toBe(false);
    expect((await rowOf(id))?.state).toBe('DEAD');
    expect(await ledger.redrive(id, 'officer-b')).toBe(true);
    await becomes(id, 'DONE');
  });

  it('keeps the order of a key, also through failures', async () => {
    const packages = [aPackage(), aPackage(), aPackage()];
    const seen: string[] = [];
    let first = true;
    await startWorker((payload) => {
      if (first) { first = false; return Promise.reject(new Error('once')); }
      seen.push(payload.packageId);
      return Promise.resolve();
    });
    const ids: OutboxId[] = [];
    for (const packageId of packages) ids.push(await append(packageId, { orderingKey: 'key-1' }));
    for (const id of ids) await becomes(id, 'DONE');
    expect(seen).toEqual(packages);
  });

  it('runs a job not before its time', async () => {
    let ranAt = 0;
    await startWorker(() => { ranAt = Date.now(); return Promise.resolve(); });
    const asked = Date.now();
    await becomes(await append(aPackage(), { delayMs: 700 }), 'DONE');
    expect(ranAt - asked).toBeGreaterThanOrEqual(690);
  });

  it('lets a running job finish when it is told to stop', async () => {
    let begun = false;
    const runtime = await startWorker(() => { begun = true; return new Promise((resolve) => { setTimeout(resolve, 800); }); });
    const id = await append(aPackage());
    await until(() => Promise.resolve(begun));
    await runtime.stop();
    expect(await rowOf(id)).toEqual({ state: 'DONE', attempts: 1 });
  });

  it('brings back the jobs of a queue that was lost whole', async () => {
    const handled: string[] = [];
    const { source, system } = await db.worker();
    const registry = new JobRegistry([{ job: 'packages.build', handle: () => Promise.resolve() }], { 'packages.build': QUICK }, ['packages.build']);
    const onlyRelay = new QueueRuntime({ url: db.url('tally_worker'), source, registry, log });
    const packageId = aPackage();
    const id = await system.run((tx) => outbox.append(tx, 'packages.build', { packageId }));
    expect(await onlyRelay.relay.relay()).toBe(1);
    await onlyRelay.stop();
    for (const { name } of await db.admin<{ name: string }>("select quote_ident(tablename) as name from pg_tables where schemaname = 'queue' and tablename <> 'migration'")) {
      await db.admin(`truncate queue.${name} cascade`);
    }
    await startWorker((payload) => { handled.push(payload.packageId); return Promise.resolve(); }, { pollMs: 100, reconcileEveryMs: 100, queuedForMs: 100 });
    await becomes(id, 'DONE');
    expect(handled).toEqual([packageId]);
  });

  it('makes the effect once when the worker is killed between effect and end', async () => {
    const { system } = await db.worker();
    const effects = new Effects(system);
    const packageId = aPackage();
    const id = await append(packageId);
    const fixture = path.join(path.dirname(fileURLToPath(import.meta.url)), 'crashing-worker.fixture.mjs');
    const child = spawn(process.execPath, [fixture], { env: { ...process.env, DATABASE_URL: db.url('tally_worker') }, stdio: 'ignore' });
    const signal = await new Promise((resolve) => { child.once('exit', (_, by) => { resolve(by); }); });
    expect(signal).toBe('SIGKILL');
    expect((await rowOf(id))?.state).toBe('QUEUED');
    const killedAt = Date.now();
    await startWorker((payload, run) => system.run(async (tx) => {
      if (await effects.once(tx, run.effectKey())) await tx.execute('insert into platform.made (package_id) values ($1)', [payload.packageId]);
    }));
    await becomes(id, 'DONE');
    expect(Date.now() - killedAt).toBeLessThan(30_000); // BullMQ’s defaults would take a minute
    expect(await rowOf(id)).toEqual({ state: 'DONE', attempts: 2 });
    expect(await db.admin('select package_id from platform.made where package_id = $1', [packageId])).toHaveLength(1);
  });
});

describe(Effects.name, () => {
  it('lets one of two rival runs through', async () => {
    const { system } = await db.worker();
    const sut = new Effects(system);
    const key = randomUUID();
    const run = (): Promise<boolean> => system.run((tx) => sut.once(tx, key));
    expect((await Promise.all([run(), run()])).sort()).toEqual([false, true]);
  });
  it('is undone together with the transaction', async () => {
    const { system } = await db.worker();
    const sut = new Effects(system);
    const key = randomUUID();
    await expect(system.run(async (tx) => { await sut.once(tx, key); throw new Error('no'); })).rejects.toThrow('no');
    expect(await system.run((tx) => sut.once(tx, key))).toBe(true);
  });
  it('calls the outside again with the same key after a crash, and not after success', async () => {
    const { system } = await db.worker();
    const sut = new Effects(system);
    const key = randomUUID();
    const calls: string[] = [];
    await expect(sut.outside(key, (k) => { calls.push(k); return Promise.reject(new Error('lost answer')); })).rejects.toThrow('lost answer');
    expect(await sut.outside(key, (k) => { calls.push(k); return Promise.resolve('ok'); })).toBe('ok');
    expect(await sut.outside(key, (k) => { calls.push(k); return Promise.resolve('ok'); })).toBeNull();
    expect(calls).toEqual([key, key]);
  });
});

describe(Outbox.name, () => {
  it('refuses a payload that holds anything but ids', async () => {
    const { system } = await db.app();
    await expect(system.run((tx) => outbox.append(tx, 'packages.build', { packageId: '13812345678' as PackageId }))).rejects.toThrow('ids only');
  });
  it('is write-only for the application', async () => {
    const { system } = await db.app();
    await expect(system.run((tx) => tx.query('select 1 from platform.outbox'))).rejects.toMatchObject({ code: '42501' });
  });
});
