import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PackageId } from '#kernel';
import { Outbox } from '#platform/queue';
import { aKey, withTestDatabase } from '#testing';

const db = withTestDatabase();
const main = path.resolve(import.meta.dirname, '../../../dist/apps/worker/main.js');
const dir = mkdtempSync(path.join(tmpdir(), 'tally-worker-'));
const children: ChildProcess[] = [];

function file(name: string, content: string): string {
  const target = path.join(dir, name);
  writeFileSync(target, content, { mode: 0o600 });
  return target;
}

interface Started {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly exit: Promise<number | null>;
}

function run(env: Record<string, string>): Started {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env.PATH ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => { said.out += chunk.toString('utf8'); });
  child.stderr.on('data', (chunk: Buffer) => { said.err += chunk.toString('utf8'); });
  const exit = new Promise<number | null>((resolve) => { child.once('exit', (code) => { resolve(code); }); });
  return { child, out: () => said.out, err: () => said.err, exit };
}

const logFile = path.join(dir, 'worker.log');
const environment = (): Record<string, string> => ({
  TALLY_PROFILE: 'test', DATABASE_URL: db.url('tally_worker'), TALLY_LOG_FILE: logFile,
  TALLY_CONTEXT_KEY_FILE: file('context.key', db.contextKeys.worker),
  TALLY_PACKAGE_KEY_FILE: file('package.jwk', JSON.stringify(aKey())),
});

async function until<T>(read: () => Promise<T | undefined> | T | undefined, ms = 30_000): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end; await new Promise((resolve) => { setTimeout(resolve, 50); })) {
    const value = await read();
    if (value !== undefined) return value;
  }
  throw new Error('not reached in time');
}

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

describe('worker process', () => {
  it('says that it is ready, works, and ends in order on SIGTERM', async () => {
    const worker = run(environment());
    const ready = await until(() => worker.out().split('\n').find((line) => line.includes('app.ready')));
    const { app, url, pid } = JSON.parse(ready) as { app: string; url: string; pid: number };
    expect({ app, pid }).toEqual({ app: 'worker', pid: worker.child.pid });
    expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ status: 'live' });
    expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({ status: 'ready', parts: { accepting: true, database: true } });
    expect((await fetch(`${url}/graphql`)).status).toBe(404);
    expect((await fetch(`${url}/health/live`, { method: 'POST' })).status).toBe(404);

    // A package that does not exist: the job runs and fails, which is all that is asked of the process here.
    const id = await (await db.app()).system.run((tx) => new Outbox().append(tx, 'packages.build', { packageId: randomUUID() as PackageId }));
    await until(async () => (await db.admin<{ attempts: number }>('select attempts from platform.outbox where id = $1 and attempts > 0', [id]))[0]);
    await until(async () => /tally_job_runs_total\{[^}]*job="packages.build"/.exec(await (await fetch(`${url}/metrics`)).text()) ?? undefined);

    worker.child.kill('SIGTERM');
    expect(await worker.exit).toBe(0);
    const events = readFileSync(logFile, 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events).toEqual(expect.arrayContaining(['app.listening', 'app.stopping', 'app.stopped']));
    expect(worker.err()).toBe('');
    expect(worker.out().trim().split('\n')).toHaveLength(1);
  });

  it('names every fault of its configuration at once and does not start', async () => {
    const worker = run({ DATABASE_URL: 'mysql://secret-value' });
    expect(await worker.exit).not.toBe(0);
    for (const name of ['CONFIG_INVALID', 'TALLY_PROFILE', 'DATABASE_URL', 'TALLY_CONTEXT_KEY_FILE', 'TALLY_PACKAGE_KEY_FILE']) expect(worker.err()).toContain(name);
    expect(worker.err()).not.toContain('secret-value');
    expect(worker.out()).toBe('');
  });
});
