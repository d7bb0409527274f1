/**
 * Brings the hub's database to the newest schema: roles, rights, migrations, context keys. Run by an administrator before hub, worker
 * and auth of a release start; running it again changes nothing. Prints the names of the migrations that ran.
 */
import 'reflect-metadata';
import { loadConfig } from '#platform/config';
import { migrate, withPassword, type LoginRole } from '#platform/database';
import { migrations } from '../../migrations/index.js';
import { MigrateConfig } from './migrate.config.js';

const config = loadConfig(MigrateConfig, process.env);
const given: Record<LoginRole, string | undefined> = {
  tally_migrate: config.migratePassword,
  tally_app: config.appPassword,
  tally_worker: config.workerPassword,
  tally_log: config.logPassword,
  tally_auth: config.authPassword,
};
const passwords = Object.fromEntries(Object.entries(given).filter(([, password]) => password !== undefined)) as Partial<Record<LoginRole, string>>;
const ran = await migrate({
  adminUrl: withPassword(config.adminUrl, config.adminPassword),
  migrations,
  passwords,
  contextKeys: { app: Buffer.from(config.contextKey, 'hex'), worker: Buffer.from(config.workerContextKey, 'hex') },
});
process.stdout.write(`${JSON.stringify({ event: 'migrate.done', ran })}\n`);
