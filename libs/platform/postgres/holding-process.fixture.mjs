// Starts or reuses the server of a data directory, says so, and holds it until it is killed.
// usage: node holding-process.fixture.mjs COMPILED_LAUNCHER DATA_DIR
import { pathToFileURL } from 'node:url';

const [launcher, dataDir] = process.argv.slice(2);
const { startEmbeddedPostgres } = await import(pathToFileURL(launcher).href);
try {
  const server = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } });
  process.stdout.write(`${JSON.stringify({ ...server, adminUrl: server.superuserUrl() })}\n`);
  process.on('SIGTERM', () => { void server.stop().then(() => process.exit(0)); });
  setInterval(() => undefined, 60_000);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: error.message })}\n`);
  process.exitCode = 1;
}
