/** `npm run schema:sql`: migrations/schema.sql from a freshly migrated database. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bootstrapRoles, createDatabase, dropDatabase, migrate, withClient, withDatabase } from '#platform/database';
import { startEmbeddedPostgres } from '#platform/postgres';
import { migrations } from '../../migrations/index.js';
import { runTool } from '../command-line/run-tool.js';
import { schemaText } from './catalogue-text.js';

const root = path.resolve(import.meta.dirname, '../../..');
const file = path.join(root, 'migrations/schema.sql');

async function printed(): Promise<string> {
  const server = await startEmbeddedPostgres({ dataDir: path.join(root, '.tally/test-postgres'), settings: { fsync: 'off' } });
  const name = `tally_t_${process.pid}_${randomBytes(4).toString('hex')}`;
  const adminUrl = withDatabase(server.superuserUrl(), name);
  try {
    await bootstrapRoles(server.superuserUrl());
    await createDatabase(server.superuserUrl(), name);
    await migrate({ adminUrl, migrations });
    return await withClient(adminUrl, schemaText);
  } finally {
    await dropDatabase(server.superuserUrl(), name);
    await server.stop();
  }
}

/** The first line that differs, or null. */
function firstDifference(expected: string, actual: string): string | null {
  const [a, b] = [expected.split('\n'), actual.split('\n')];
  const at = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => i).find((i) => a[i] !== b[i]);
  return at === undefined ? null : `line ${at + 1}: committed ${JSON.stringify(a[at] ?? '(end)')}, migrations give ${JSON.stringify(b[at] ?? '(end)')}`;
}

await runTool({
  usage: 'npm run schema:sql -- [--check]\nWrites migrations/schema.sql. --check writes nothing, names the first line that differs and ends with 1.',
  options: { check: { type: 'boolean' } },
  run: async ({ check }, _words, { err }) => {
    const text = await printed();
    if (check !== true) return writeFileSync(file, text);
    const difference = firstDifference(readFileSync(file, 'utf8'), text);
    if (difference !== null) err(`migrations/schema.sql is out of date (run npm run schema:sql): ${difference}\n`);
    return difference === null ? 0 : 1;
  },
});
