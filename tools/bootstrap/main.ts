/** The first coordinator, run once by the hub's operator: docs/runbooks/set-up-a-hub.md. */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { DomainError } from '#kernel';
import { readSecretFile } from '#platform/config';
import { withPassword } from '#platform/database';
import { runTool, UsageError } from '../command-line/run-tool.js';
import { bootstrapFederation } from './bootstrap.js';

await runTool({
  usage: `node dist/tools/bootstrap/main.js --file public.json
Enters the first coordinator and its officers. Needs DATABASE_URL of the login tally_migrate, and its password in DATABASE_PASSWORD_FILE.`,
  options: { file: { type: 'string' } },
  discreet: true,
  run: async ({ file }, _words, { out }) => {
    const { DATABASE_URL: url, DATABASE_PASSWORD_FILE: passwordFile } = process.env;
    if (file === undefined || url === undefined) throw new UsageError('--file and DATABASE_URL are needed');
    const password = passwordFile === undefined ? undefined : secretOf(passwordFile);
    out(`${JSON.stringify({ event: 'bootstrap.done', partyId: await bootstrapFederation(withPassword(url, password), textOf(file)) })}\n`);
  },
});

/** The coordinator's public.json, or one that holds it as `coordinator`. */
function textOf(file: string): string {
  try {
    const given = JSON.parse(readFileSync(file, 'utf8')) as { coordinator?: unknown };
    return JSON.stringify(given.coordinator ?? given);
  } catch {
    throw new DomainError('FILE_UNREADABLE', '--file is missing or not JSON');
  }
}

function secretOf(file: string): string {
  try {
    return readSecretFile(file, true);
  } catch (error) {
    throw new DomainError('CONFIG_INVALID', `DATABASE_PASSWORD_FILE: ${(error as Error).message}`);
  }
}
