/** `DATABASE_URL=postgresql://tally_migrate@... node dist/tools/bootstrap/main.js --file public.json` (the coordinator's, or {"coordinator": ...}). */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isDomainError } from '#kernel';
import { readSecretFile } from '#platform/config';
import { withPassword } from '#platform/database';
import { transportOf } from '#protocol';
import { bootstrapFederation } from './bootstrap.js';

const { values } = parseArgs({ options: { file: { type: 'string' } } });
const url = process.env['DATABASE_URL'];
if (values.file === undefined || url === undefined) {
  process.stderr.write('BAD_INPUT: --file and DATABASE_URL (login tally_migrate) are needed\n');
  process.exit(2);
}
const passwordFile = process.env['DATABASE_PASSWORD_FILE'];
try {
  const given = JSON.parse(readFileSync(values.file, 'utf8')) as { coordinator?: unknown };
  const password = passwordFile === undefined ? undefined : readSecretFile(passwordFile, true);
  const partyId = await bootstrapFederation(withPassword(url, password), JSON.stringify(given.coordinator ?? given));
  process.stdout.write(`${JSON.stringify({ event: 'bootstrap.done', partyId })}\n`);
} catch (error) {
  const code = isDomainError(error) ? error.code : 'INTERNAL';
  process.stderr.write(`${code}: ${isDomainError(error) ? error.message : 'bootstrap failed'}\n`);
  process.exit(transportOf(code).exit);
}
