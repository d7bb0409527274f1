/** The token server: a process of its own with a database role that reads clients and writes replay rows, nothing else. */
import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWKS } from 'oidc-provider';
import { loadConfig } from '#platform/config';
import { createDataSource, SystemTx, withPassword } from '#platform/database';
import { runApp } from '#platform/http';
import { createEventLog } from '#platform/logging';
import { AuthConfig } from './auth.config.js';
import { createProvider } from './provider.js';
import { createAuthServer } from './server.js';

await runApp('auth', async () => {
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
  const url = await listening(server, config);
  return {
    url, log,
    stop: async () => {
      draining = true;
      await new Promise<void>((done) => { server.close(() => { done(); }); server.closeIdleConnections(); });
      await source.destroy();
    },
  };
});

function listening(server: Server, { httpPort, httpHost }: AuthConfig): Promise<string> {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(httpPort, httpHost, () => { done(`http://${httpHost}:${(server.address() as AddressInfo).port}`); });
  });
}
