/** The token server: a process of its own with a database role that reads clients and writes replay rows, nothing else. */
import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { JWKS } from 'oidc-provider';
import { loadConfig } from '#platform/config';
import { createDataSource, SystemTx, withPassword } from '#platform/database';
import { createEventLog } from '#platform/logging';
import { AuthConfig } from './auth.config.js';
import { createProvider } from './provider.js';
import { createAuthServer } from './server.js';

const config = loadConfig(AuthConfig, process.env);
const log = createEventLog({ app: 'auth', level: config.logLevel, ...(config.logFile === undefined ? {} : { destination: config.logFile }) });
const source = await createDataSource({
  url: withPassword(config.databaseUrl, config.databasePassword), applicationName: 'tally-auth', poolSize: config.databasePool,
  onConnectionLost: () => { log.warn('database.connection-lost'); },
});
const system = new SystemTx(source);
let draining = false;
const ready = async (): Promise<boolean> => !draining && (await system.run((tx) => tx.query('select 1')).then(() => true, () => false));
const provider = createProvider({ issuer: config.issuer, audience: config.audience, signingKeys: JSON.parse(config.signingKeys) as JWKS }, system);
const server = createAuthServer(provider, log, ready);

server.listen(config.httpPort, config.httpHost, () => {
  const { port } = server.address() as AddressInfo;
  const url = `http://${config.httpHost}:${port}`;
  log.event('app.listening', { url });
  process.stdout.write(`${JSON.stringify({ event: 'app.ready', app: 'auth', url, pid: process.pid })}\n`);
});

function stop(): void {
  if (draining) return;
  draining = true;
  server.close(() => {
    source.destroy().then(() => process.exit(0), () => process.exit(1));
  });
  server.closeIdleConnections();
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
