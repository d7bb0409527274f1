/**
 * Once a test run (Jest's global setup): a server (embedded, or DATABASE_URL of a superuser) and a template database
 * with all migrations applied. The template's name is a digest of what made it, so that a later run reuses it and a
 * changed migration never does. What tests need to know travels in TALLY_TEST_DATABASE.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  bootstrapRoles, createDatabase, databaseExists, dropDatabase, LOGIN_ROLES, migrate, withClient, withDatabase, type LoginRole, type MigrationClass,
} from '#platform/database';
import { startEmbeddedPostgres } from '#platform/postgres';

export interface TestServer {
  readonly adminUrl: string;
  readonly template: string;
  readonly passwords: Readonly<Partial<Record<LoginRole, string>>>;
  /** Prefix of this run's databases. */
  readonly prefix: string;
  /** Hexadecimal; throw-away keys, the same for every test database. */
  readonly contextKeys: { readonly app: string; readonly worker: string };
}

export const TEST_SERVER_VARIABLE = 'TALLY_TEST_DATABASE';

export async function startTestServer(root: string, migrations: readonly MigrationClass[]): Promise<{ server: TestServer; stop: () => Promise<void> }> {
  const external = process.env.DATABASE_URL;
  const embedded = external === undefined
    ? await startEmbeddedPostgres({ dataDir: path.join(root, '.tally', 'test-postgres'), settings: { fsync: 'off', full_page_writes: 'off', max_connections: '300' } })
    : null;
  const adminUrl = external ?? embedded?.superuserUrl() ?? '';
  const seed = createHash('sha256').update(`test keys of ${adminUrl}`).digest();
  const derived = (name: string): string => createHmac('sha256', seed).update(name).digest('hex');
  const server: TestServer = {
    adminUrl,
    template: `tally_template_${sourceDigest(migrations)}`,
    passwords: embedded ? {} : Object.fromEntries(LOGIN_ROLES.map((role) => [role, derived(role)])),
    prefix: `tally_t_${process.pid}_`,
    contextKeys: { app: derived('app'), worker: derived('worker') },
  };
  await dropLeavings(adminUrl);
  await buildTemplate(server, migrations);
  return { server, stop: async () => { await dropRun(server); await embedded?.stop(); } };
}

/** Built under another name and renamed, so that a template that exists is a finished one. */
async function buildTemplate(server: TestServer, migrations: readonly MigrationClass[]): Promise<void> {
  if (await databaseExists(server.adminUrl, server.template)) return;
  const draft = `tally_t_${process.pid}_draft_${randomBytes(4).toString('hex')}`;
  await bootstrapRoles(server.adminUrl, server.passwords);
  await createDatabase(server.adminUrl, draft);
  await migrate({
    adminUrl: withDatabase(server.adminUrl, draft), migrations, passwords: server.passwords,
    contextKeys: { app: Buffer.from(server.contextKeys.app, 'hex'), worker: Buffer.from(server.contextKeys.worker, 'hex') },
  });
  try {
    await withClient(server.adminUrl, async (client) => {
      await client.query(`comment on database ${draft} is '${new Date().toISOString()}'`);
      await client.query(`alter database ${draft} rename to ${server.template}`);
    });
  } catch (error) {
    if (!await databaseExists(server.adminUrl, server.template)) throw error;
    await dropDatabase(server.adminUrl, draft);
  }
}

/** Everything compiled that decides what a migrated database looks like. */
function sourceDigest(migrations: readonly MigrationClass[]): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const dist = path.resolve(here, '../../..');
  const hash = createHash('sha256').update(migrations.map(({ name }) => name).join());
  for (const dir of ['migrations', 'libs/platform/database', 'libs/testing/database']) {
    for (const name of readdirSync(path.join(dist, dir)).filter((file) => file.endsWith('.js')).sort()) {
      hash.update(name).update(readFileSync(path.join(dist, dir, name)));
    }
  }
  for (const file of ['libs/protocol/jobs.js', '../docker/postgres/roles.sql']) hash.update(readFileSync(path.join(dist, file)));
  return hash.digest('hex').slice(0, 16);
}

/** Databases of runs that were killed (their name holds the pid of a process that is gone), and templates of yesterday's migrations. */
async function dropLeavings(adminUrl: string): Promise<void> {
  const yesterday = new Date(Date.now() - 24 * 3_600_000).toISOString();
  const templates = await withClient(adminUrl, async (client) =>
    (await client.query<{ datname: string }>(
      "select datname from pg_database where datname like 'tally\\_template\\_%' and coalesce(shobj_description(oid, 'pg_database'), '') < $1", [yesterday])).rows);
  for (const { datname } of templates) await dropDatabase(adminUrl, datname).catch(() => undefined);
  const names = await withClient(adminUrl, async (client) =>
    (await client.query<{ datname: string }>("select datname from pg_database where datname like 'tally\\_t\\_%'")).rows.map((row) => row.datname));
  for (const name of names) {
    const pid = Number(name.split('_')[2]);
    if (!isAlive(pid)) await dropDatabase(adminUrl, name).catch(() => undefined);
  }
}

async function dropRun(server: TestServer): Promise<void> {
  const names = await withClient(server.adminUrl, async (client) =>
    (await client.query<{ datname: string }>('select datname from pg_database where starts_with(datname, $1)', [server.prefix])).rows.map((row) => row.datname));
  for (const name of names) await dropDatabase(server.adminUrl, name).catch(() => undefined);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
