/**
 * The demo's databases: one for hub, worker and auth, one for each key-holder with a role of its own. Embedded
 * PostgreSQL when DATABASE_URL (of a superuser) is unset. A killed embedded server is started again.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bootstrapRoles, createDatabase, databaseExists, dropDatabase, LOGIN_ROLES, migrate, withClient, withDatabase, withRole, type RolePasswords } from '#platform/database';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#platform/postgres';
import { migrations } from '../../migrations/index.js';
import type { RunFolder } from './run-folder.js';

const WATCH_MS = 200;

const databaseOf = (run: RunFolder): string => `tally_demo_${run.id}`;

const isAlive = (pid: number): boolean => {
  try { process.kill(pid, 0); return true; } catch { return false; }
};

export class DemoDatabase {
  private embedded: EmbeddedPostgres | null = null;
  private stopping = false;
  restarts = 0;

  private constructor(private readonly run: RunFolder, private readonly dataDir: string, private adminUrl: string) {}

  static async start(run: RunFolder, databaseUrl: string | undefined): Promise<DemoDatabase> {
    const database = new DemoDatabase(run, path.join(run.base, 'postgres'), databaseUrl ?? '');
    if (databaseUrl === undefined) {
      await database.startServer();
      void database.watch();
    }
    return database;
  }

  private async startServer(): Promise<void> {
    this.embedded = await startEmbeddedPostgres({ dataDir: this.dataDir });
    this.adminUrl = this.embedded.superuserUrl();
  }

  private async watch(): Promise<void> {
    while (!this.stopping) {
      await sleep(WATCH_MS, undefined, { ref: false });
      if (this.stopping || this.embedded === null || isAlive(this.embedded.pid)) continue;
      this.restarts += 1;
      await this.startServer().catch(() => undefined);
    }
  }

  get name(): string { return databaseOf(this.run); }
  get pid(): number | null { return this.embedded?.pid ?? null; }
  get dataDirectory(): string | null { return this.embedded?.dataDir ?? null; }
  get isReused(): boolean { return this.embedded?.reused ?? false; }

  /** URL of a superuser: set-up and the leak scan only; no process of the network gets it. */
  admin(database = this.name): string {
    return withDatabase(this.adminUrl, database);
  }

  /** Environment of a process with this role; a password is a file, never part of the URL. */
  access(role: string, database = this.name): Record<string, string> {
    const url = withRole(withDatabase(this.adminUrl, database), role);
    return this.isTrusted ? { DATABASE_URL: url } : { DATABASE_URL: url, DATABASE_PASSWORD_FILE: this.passwordFile(role) };
  }

  /** For the one act that needs the migration login: entering the first coordinator. */
  migrateUrl(): string {
    return withRole(this.admin(), 'tally_migrate', this.isTrusted ? undefined : this.password('tally_migrate'));
  }

  /** The embedded server trusts whoever reaches its 0700 socket folder. */
  private get isTrusted(): boolean { return this.embedded !== null; }

  /** Roles belong to the cluster, not to one run: their passwords are kept beside the runs. */
  private passwordFile(role: string): string {
    return this.run.shared(`passwords/${role}`, () => randomBytes(24).toString('base64url'));
  }

  private password(role: string): string {
    return readFileSync(this.passwordFile(role), 'utf8').trim();
  }

  async prepare(): Promise<{ appKeyFile: string; workerKeyFile: string }> {
    const appKeyFile = this.run.once('secrets/context-app.hex', () => randomBytes(32).toString('hex'));
    const workerKeyFile = this.run.once('secrets/context-worker.hex', () => randomBytes(32).toString('hex'));
    if (!(await databaseExists(this.adminUrl, this.name))) {
      const passwords = this.isTrusted ? {} : (Object.fromEntries(LOGIN_ROLES.map((role) => [role, this.password(role)])) as RolePasswords);
      await bootstrapRoles(this.adminUrl, passwords);
      await createDatabase(this.adminUrl, this.name);
      await migrate({ adminUrl: this.admin(), migrations, contextKeys: { app: readHex(appKeyFile), worker: readHex(workerKeyFile) }, passwords });
    }
    return { appKeyFile, workerKeyFile };
  }

  holderDatabase(index: number): string {
    return `${this.name}_holder${index}`;
  }

  async prepareHolder(index: number): Promise<Record<string, string>> {
    const role = `tally_keyholder_${index}`;
    const database = this.holderDatabase(index);
    await withClient(this.adminUrl, async (client) => {
      const known = await client.query('select from pg_roles where rolname = $1', [role]);
      if (known.rowCount === 0) await client.query(`create role ${role} login nosuperuser nobypassrls nocreatedb nocreaterole`);
      if (!this.isTrusted) await client.query(`alter role ${role} password ${client.escapeLiteral(this.password(role))}`);
      if (await databaseExists(this.adminUrl, database)) return;
      await client.query(`create database ${database} owner ${role} template template0`);
      await client.query(`revoke all on database ${database} from public`);
    });
    return this.access(role, database);
  }

  async dropAll(holders: number, run = this.run): Promise<void> {
    for (let index = 1; index <= holders; index += 1) await dropDatabase(this.adminUrl, `${databaseOf(run)}_holder${index}`);
    await dropDatabase(this.adminUrl, databaseOf(run));
  }

  /** What demos that were killed left behind. */
  async dropAbandoned(holders: number): Promise<void> {
    for (const run of this.run.abandoned()) {
      await this.dropAll(holders, run);
      run.remove();
    }
  }

  kill(): void {
    if (this.embedded) process.kill(this.embedded.pid, 'SIGKILL');
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.embedded?.stop();
  }
}

const readHex = (file: string): Uint8Array => Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
