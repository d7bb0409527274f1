/** A database of its own for each test file, cloned from the migrated template (about 25 ms), dropped afterwards. */
import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import {
  ContextSigner, createDatabase, createDataSource, dropDatabase, SystemTx, TenantTx, withClient, withDatabase, withRole, type LoginRole,
} from '#platform/database';
import { TEST_SERVER_VARIABLE, type TestServer } from './test-server.js';

export interface RoleAccess {
  readonly source: DataSource;
  readonly tenant: TenantTx;
  readonly system: SystemTx;
}

export interface TestDatabase {
  /** Connection URL of a login role. */
  url(role: LoginRole): string;
  /** Superuser URL: for arranging and looking, never for the code under test. */
  readonly adminUrl: string;
  readonly name: string;
  /** Raw rows as superuser, past row-level security. */
  admin<R>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /** Pools of the application and of the worker, opened on first use. */
  app(): Promise<RoleAccess>;
  worker(): Promise<RoleAccess>;
  /** 32-byte context keys, hexadecimal. */
  readonly contextKeys: { readonly app: string; readonly worker: string };
}

/** Call at the top of a `describe` or file; the fields may be used from `beforeAll` on. */
export function withTestDatabase(): TestDatabase {
  const server = testServer();
  const name = `${server.prefix}${randomBytes(6).toString('hex')}`;
  const adminUrl = withDatabase(server.adminUrl, name);
  const opened = new Map<LoginRole, Promise<RoleAccess>>();
  const url = (role: LoginRole): string => withRole(adminUrl, role, server.passwords[role]);
  const access = (role: LoginRole, key: string): Promise<RoleAccess> => {
    const known = opened.get(role) ?? open(url(role), key);
    opened.set(role, known);
    return known;
  };

  beforeAll(() => cloneTemplate(server, name));
  afterAll(async () => {
    for (const pool of opened.values()) await (await pool).source.destroy();
    await dropDatabase(server.adminUrl, name);
  });

  return {
    url, adminUrl, name, contextKeys: server.contextKeys,
    admin: <R>(sql: string, params: readonly unknown[] = []) =>
      withClient(adminUrl, async (client) => (await client.query(sql, [...params])).rows as R[]),
    app: () => access('tally_app', server.contextKeys.app),
    worker: () => access('tally_worker', server.contextKeys.worker),
  };
}

function testServer(): TestServer {
  const text = process.env[TEST_SERVER_VARIABLE];
  if (text === undefined) throw new Error(`${TEST_SERVER_VARIABLE} is unset: run this test in a Jest project that has the database's global setup`);
  return JSON.parse(text) as TestServer;
}

async function open(url: string, key: string): Promise<RoleAccess> {
  const source = await createDataSource({ url, applicationName: 'tally-test', poolSize: 5 });
  return { source, tenant: new TenantTx(source, new ContextSigner(Buffer.from(key, 'hex'))), system: new SystemTx(source) };
}

/** PostgreSQL copies one template at a time and refuses while another copy runs: try again. */
async function cloneTemplate(server: TestServer, name: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await createDatabase(server.adminUrl, name, server.template);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== '55006' || attempt >= 200) throw error;
      await new Promise((resolve) => { setTimeout(resolve, 20 + Math.random() * 30); });
    }
  }
}
