/**
 * A PostgreSQL server of our own for trying and testing, from the npm platform package: no install step, no TCP, one
 * unix socket in a 0700 directory (which is why `trust` is enough). Socket path and port follow from the data directory
 * alone, so that URLs stay valid when a killed server is started again. Anything real uses DATABASE_URL instead.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverBinaries } from './binaries.js';
import { Holder } from './holders.js';
import { acceptsConnections, clearReusedPid, isAlive, livePostmaster, saysReady } from './postmaster.js';
import { relocatedData } from './relocated-data.js';
import { canReach, runtimeDirectory, serverAccount, type ServerAccount } from './server-account.js';
import { withStartLock } from './start-lock.js';

export interface EmbeddedPostgresOptions {
  /** Made when absent. Moved to the runtime directory when the server account cannot reach it: read `dataDir` of the result. */
  readonly dataDir: string;
  /** Server settings on top of ours, e.g. { fsync: 'off' } in tests. Ignored when a running server is reused. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** The socket directory, as `host` of a connection. */
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly pid: number;
  /** True when another process had already started it. */
  readonly reused: boolean;
  superuserUrl(database?: string): string;
  url(role: string, database: string): string;
  /** Shuts the server down, unless other processes use it. */
  stop(): Promise<void>;
}

/** Part of the socket's file name, not a TCP port. */
const PORT = 5432;
const SETTINGS = {
  listen_addresses: '', unix_socket_permissions: '0700', jit: 'off', max_connections: '200', shared_buffers: '256MB',
  max_wal_size: '2GB', timezone: 'UTC', log_timezone: 'UTC', log_min_messages: 'warning',
  // Statements hold values; server logs must not (docs/architecture.md, idioms).
  log_min_error_statement: 'panic', log_error_verbosity: 'terse', log_parameter_max_length: '0', log_parameter_max_length_on_error: '0',
};

interface Place {
  readonly account: ServerAccount | null;
  readonly dataDir: string;
  readonly socketDir: string;
  readonly holdersDir: string;
}

export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const place = placeFor(options.dataDir);
  return withStartLock(`${place.dataDir}.starting`, async () => {
    const running = livePostmaster(place.dataDir);
    const holder = new Holder(place.holdersDir, place.dataDir);
    try {
      if (running !== null && await answersWithin(place, running)) return handle(place, running, holder, true);
      await initialise(place);
      const pid = await start(place, options.settings ?? {});
      holder.releaseOlder();
      return handle(place, pid, holder, false);
    } catch (error) {
      holder.release();
      throw error;
    }
  });
}

function placeFor(wanted: string): Place {
  const account = serverAccount();
  const runtime = runtimeDirectory();
  const id = createHash('sha256').update(path.resolve(wanted)).digest('hex').slice(0, 10);
  let dataDir = path.resolve(wanted);
  if (!canReach(path.dirname(dataDir), account)) dataDir = relocatedData(runtime, dataDir, id);
  mkdirSync(path.dirname(dataDir), { recursive: true, mode: 0o711 });
  dataDir = path.join(realpathSync(path.dirname(dataDir)), path.basename(dataDir));
  const socketDir = path.join(runtime, id);
  if (Buffer.byteLength(`${socketDir}/.s.PGSQL.${PORT}`) > 107) throw new Error(`socket path too long: ${socketDir}`);
  mkdirSync(socketDir, { recursive: true });
  chmodSync(socketDir, 0o700);
  if (account) chownSync(socketDir, account.uid, account.gid);
  return { account, dataDir, socketDir, holdersDir: `${dataDir}.holders` };
}

async function initialise(place: Place): Promise<void> {
  if (existsSync(path.join(place.dataDir, 'PG_VERSION'))) return;
  if (existsSync(place.dataDir)) {
    if (readdirSync(place.dataDir).length > 0) throw new Error(`${place.dataDir} is neither empty nor a PostgreSQL data directory`);
    rmdirSync(place.dataDir);
  }
  const draft = `${place.dataDir}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  if (place.account) chownSync(draft, place.account.uid, place.account.gid);
  const initdb = path.join(serverBinaries(place.account), 'bin', 'initdb');
  await initdbFinished(place, run(place, initdb, ['-D', draft, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--no-sync', '--no-instructions',
    '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--data-checksums']));
  renameSync(draft, place.dataDir);
}

/** A crashed server's backends may need a moment to go; PostgreSQL refuses to start until they have. */
async function start(place: Place, settings: Readonly<Record<string, string>>): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    clearReusedPid(place.dataDir, place.socketDir, PORT);
    try {
      return await startOnce(place, settings);
    } catch (error) {
      if (attempt >= 20 || !/shared memory|lock file|is another postmaster/i.test((error as Error).message)) throw error;
      await sleep(250);
    }
  }
}

async function startOnce(place: Place, settings: Readonly<Record<string, string>>): Promise<number> {
  const all = { ...SETTINGS, ...settings, unix_socket_directories: place.socketDir };
  const postgres = path.join(serverBinaries(place.account), 'bin', 'postgres');
  const child = run(place, postgres, ['-D', place.dataDir, '-p', String(PORT),
    ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])]);
  let ended = false;
  child.once('error', () => { ended = true; });
  child.once('exit', () => { ended = true; });
  while (!ended) {
    if (await isServing(place) && livePostmaster(place.dataDir) === child.pid) {
      child.unref();
      return child.pid ?? 0;
    }
    await sleep(10);
  }
  throw new Error(`PostgreSQL did not start: ${logTail(place)}`);
}

async function isServing(place: Place): Promise<boolean> {
  return saysReady(place.dataDir) && await acceptsConnections(place.socketDir, PORT);
}

/** A running server may still be recovering, or on its way out. */
async function answersWithin(place: Place, pid: number, timeoutMs = 30_000): Promise<boolean> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(20)) {
    if (livePostmaster(place.dataDir) !== pid) return false;
    if (await isServing(place)) return true;
  }
  throw new Error(`PostgreSQL (pid ${pid}) runs but does not answer: ${logTail(place)}`);
}

/** The server's own words go to `<data directory>.log`; it leads its own session, so that Ctrl-C reaches only us. */
function run(place: Place, command: string, args: readonly string[]): ChildProcess {
  const log = openSync(logFile(place), 'a', 0o600);
  try {
    return spawn(command, args, {
      stdio: ['ignore', log, log], cwd: '/', detached: true, env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      ...(place.account ? { uid: place.account.uid, gid: place.account.gid } : {}),
    });
  } finally {
    closeSync(log);
  }
}

async function initdbFinished(place: Place, child: ChildProcess): Promise<void> {
  const code = await new Promise((resolve, reject) => { child.once('error', reject); child.once('exit', resolve); });
  if (code !== 0) throw new Error(`initdb failed: ${logTail(place)}`);
}

const logFile = (place: Place): string => `${place.dataDir}.log`;

function logTail(place: Place): string {
  return readFileSync(logFile(place), 'utf8').slice(-2000).trim();
}

function handle(place: Place, pid: number, holder: Holder, reused: boolean): EmbeddedPostgres {
  const url = (role: string, database: string): string =>
    `postgresql://${encodeURIComponent(role)}@/${encodeURIComponent(database)}?host=${encodeURIComponent(place.socketDir)}&port=${PORT}`;
  const stop = async (): Promise<void> => {
    if (!holder.release() || livePostmaster(place.dataDir) !== pid) return;
    process.kill(pid, 'SIGINT');
    for (let waited = 0; isAlive(pid) && waited < 15_000; waited += 10) {
      if (waited === 10_000) process.kill(pid, 'SIGQUIT');
      await sleep(10);
    }
    rmSync(place.socketDir, { recursive: true, force: true });
  };
  return {
    host: place.socketDir, port: PORT, dataDir: place.dataDir, pid, reused, url,
    superuserUrl: (database = 'postgres') => url('postgres', database),
    stop: () => withStartLock(`${place.dataDir}.starting`, stop),
  };
}
