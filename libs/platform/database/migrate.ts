/**
 * Brings a database to the newest schema. Migrations run as tally_migrate under SET ROLE tally_owner, never as
 * superuser, so that nothing of ours is owned by a role that sees through row-level security.
 */
import { DataSource, type MigrationInterface } from 'typeorm';
import { parseDatabaseUrl, withRole } from './connection-options.js';
import { contextPads } from './context-signer.js';
import { migrateQueueSchema } from './queue-schema.js';
import { bootstrapRoles, secureDatabase, withClient, type RolePasswords } from './roles.js';

export type MigrationClass = new () => MigrationInterface;

export interface MigrateOptions {
  /** Superuser URL of the database: roles and database rights are set up first. Leave out where an administrator did that. */
  readonly adminUrl?: string;
  /** URL of tally_migrate; default: adminUrl with that role (trusted socket). */
  readonly migrateUrl?: string;
  readonly migrations: readonly MigrationClass[];
  /** 32 bytes each; stored as HMAC pads. Leave out to keep those that are there. */
  readonly contextKeys?: { readonly app: Uint8Array; readonly worker: Uint8Array };
  readonly passwords?: RolePasswords;
}

const AS_OWNER = '-c role=tally_owner';

/** Returns the names of the migrations that ran. */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const { adminUrl } = options;
  if (adminUrl !== undefined) {
    await bootstrapRoles(adminUrl, options.passwords);
    await withClient(adminUrl, (client) => secureDatabase(client, parseDatabaseUrl(adminUrl).database));
  }
  const url = options.migrateUrl ?? (adminUrl === undefined ? undefined : withRole(adminUrl, 'tally_migrate', options.passwords?.tally_migrate));
  if (url === undefined) throw new TypeError('migrate needs adminUrl or migrateUrl');
  await withClient(url, (client) => client.query('create schema if not exists platform'), AS_OWNER);
  await withClient(url, migrateQueueSchema, AS_OWNER);
  const ran = await runMigrations(url, options.migrations);
  const { contextKeys } = options;
  if (contextKeys) await storeContextKeys(url, contextKeys);
  return ran;
}

async function runMigrations(url: string, migrations: readonly MigrationClass[]): Promise<string[]> {
  const target = parseDatabaseUrl(url);
  const source = new DataSource({
    type: 'postgres', host: target.host, port: target.port, username: target.user, database: target.database,
    ...(target.password === undefined ? {} : { password: target.password }), ...(target.ssl ? { ssl: target.ssl } : {}),
    schema: 'platform', migrationsTableName: 'migration', migrations: [...migrations], migrationsTransactionMode: 'each',
    synchronize: false, logging: false, installExtensions: false, applicationName: 'tally-migrate', extra: { options: AS_OWNER, max: 2 },
  });
  await source.initialize();
  try {
    return (await source.runMigrations()).map(({ name }) => name);
  } finally {
    await source.destroy();
  }
}

async function storeContextKeys(url: string, keys: { readonly app: Uint8Array; readonly worker: Uint8Array }): Promise<void> {
  await withClient(url, async (client) => {
    for (const [role, key] of [['tally_app', keys.app], ['tally_worker', keys.worker]] as const) {
      const { inner, outer } = contextPads(key);
      await client.query(`insert into sec.context_key (login_role, inner_pad, outer_pad) values ($1, $2, $3)
        on conflict (login_role) do update set inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad`, [role, inner, outer]);
    }
  }, AS_OWNER);
}
