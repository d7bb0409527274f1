/** The cluster's roles and a database of ours: what a superuser does once, before migrations run as tally_migrate. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { parseDatabaseUrl } from './connection-options.js';

export const LOGIN_ROLES = ['tally_migrate', 'tally_app', 'tally_worker', 'tally_log', 'tally_auth'] as const;
export type LoginRole = (typeof LOGIN_ROLES)[number];
export type RolePasswords = Partial<Readonly<Record<LoginRole, string>>>;

/** Runs docker/postgres/roles.sql; sets the passwords given (none on the embedded server, which trusts its 0700 socket). */
export async function bootstrapRoles(adminUrl: string, passwords: RolePasswords = {}): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await withClient(adminUrl, (client) => setUpRoles(client, passwords));
      return;
    } catch (error) {
      // Two installations into one cluster at the same moment: roles belong to the cluster, and catalogue rows have no queue.
      if (attempt >= 5 || !/concurrently updated|already exists|duplicate key/.test((error as Error).message)) throw error;
    }
  }
}

async function setUpRoles(client: pg.Client, passwords: RolePasswords): Promise<void> {
  await client.query('begin');
  await client.query(readFileSync(rolesFile(), 'utf8'));
  for (const role of LOGIN_ROLES) {
    const password = passwords[role];
    if (password !== undefined) await client.query(`alter role ${role} password ${client.escapeLiteral(password)}`);
  }
  await client.query('commit');
}

/** Makes a database (from a template, when given) and takes from PUBLIC what PostgreSQL gives it by default. */
export async function createDatabase(adminUrl: string, name: string, template?: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const from = template === undefined ? 'template0' : client.escapeIdentifier(template);
    await client.query(`create database ${client.escapeIdentifier(name)} template ${from}`);
    await secureDatabase(client, name);
  });
}

export async function secureDatabase(client: pg.Client, name: string): Promise<void> {
  const database = client.escapeIdentifier(name);
  await client.query(`revoke all on database ${database} from public;
    grant connect, create, temporary on database ${database} to tally_owner;
    grant connect on database ${database} to tally_migrate, tally_log, tally_auth;
    grant connect, temporary on database ${database} to tally_app, tally_worker`);
}

export async function databaseExists(adminUrl: string, name: string): Promise<boolean> {
  return withClient(adminUrl, async (client) => (await client.query('select from pg_database where datname = $1', [name])).rowCount === 1);
}

export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await withClient(adminUrl, (client) => client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`));
}

/** One connection, closed whatever happens. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>, options?: string): Promise<T> {
  const client = new pg.Client({ ...parseDatabaseUrl(url), application_name: 'tally-admin', ...(options === undefined ? {} : { options }) });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function rolesFile(): string {
  for (let dir = path.dirname(fileURLToPath(import.meta.url)); dir !== path.dirname(dir); dir = path.dirname(dir)) {
    const file = path.join(dir, 'docker/postgres/roles.sql');
    if (existsSync(file)) return file;
  }
  throw new Error('docker/postgres/roles.sql is missing');
}
