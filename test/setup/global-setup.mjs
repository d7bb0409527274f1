// Before any test that needs a database: an up-to-date build (this file runs compiled code), a server, a template.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const NEEDED = ['libs/kernel', 'libs/platform/database', 'libs/platform/postgres', 'libs/platform/queue', 'libs/platform/logging', 'libs/protocol', 'libs/testing/database', 'migrations'];

function isStale(dir) {
  return readdirSync(path.join(root, dir), { withFileTypes: true }).some((entry) => {
    const file = path.join(dir, entry.name);
    if (entry.isDirectory()) return isStale(file);
    if (!entry.name.endsWith('.ts') || /spec\.ts$/.test(entry.name)) return false;
    const output = path.join(root, 'dist', file.replace(/\.ts$/, '.js'));
    return !existsSync(output) || statSync(output).mtimeMs < statSync(path.join(root, file)).mtimeMs;
  });
}

export default async function globalSetup() {
  if (NEEDED.some(isStale)) spawnSync(process.execPath, ['tools/build/build.mjs'], { cwd: root, stdio: 'inherit' });
  const { startTestServer, TEST_SERVER_VARIABLE } = await import(path.join(root, 'dist/libs/testing/database/test-server.js'));
  const { migrations } = await import(path.join(root, 'dist/migrations/index.js'));
  const { server, stop } = await startTestServer(root, migrations);
  process.env[TEST_SERVER_VARIABLE] = JSON.stringify(server);
  globalThis.tallyStopTestServer = stop;
}
