/**
 * Brings the hub's database to the newest schema: roles, rights, migrations, context keys. Run by an administrator before hub, worker
 * and auth of a release start; running it again changes nothing. Prints the names of the migrations that ran.
 */
import 'reflect-metadata';
import { loadConfig } from '#platform/config';
import { migrate, withPassword, type LoginRole } from '#platform/database';
import { migrations } from '../../migrations/index.js';
import { runTool } from '../command-line/run-tool.js';
import { MigrateConfig } from './migrate.config.js';

function passwordsOf(config: MigrateConfig): Partial<Record<LoginRole, string>> {
  const given: Record<LoginRole, string | undefined> = {
    tally_migrate: config.migratePassword,
    tally_app: config.appPassword,
    tally_worker: config.workerPassword,
    tally_log: config.logPassword,
    tally_auth: config.authPassword,
  };
  return Object.fromEntries(Object.entries(given).filter(([, password]) => password !== undefined)) as Partial<Record<LoginRole, string>>;
}

await runTool({
  usage: `node dist/tools/migrate/main.js
Roles, rights, migrations and context keys of the hub's database. Settings come from the environment: docs/settings.md.`,
  discreet: true,
  run: async (_values, _words, { out }) => {
    const config = loadConfig(MigrateConfig, process.env);
    const ran = await migrate({
      adminUrl: withPassword(config.adminUrl, config.adminPassword),
      migrations,
      passwords: passwordsOf(config),
      contextKeys: { app: Buffer.from(config.contextKey, 'hex'), worker: Buffer.from(config.workerContextKey, 'hex') },
    });
    out(`${JSON.stringify({ event: 'migrate.done', ran })}\n`);
  },
});
