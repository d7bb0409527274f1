/** The hub: GraphQL API and REST routes of members, coordinators and liaisons. */
import 'reflect-metadata';
import type { Server } from 'node:http';
import { ConfigError, loadConfig } from '#platform/config';
import { runApp } from '#platform/http';
import { AppModule } from './app.module.js';
import { createHub, listen } from './http-adapter.js';
import { crossFaults, HubConfig } from './hub.config.js';
import { hubParts } from './platform.module.js';

/** Long polls and slow uploads get this long to end. */
const GRACE_MS = 8_000;

await runApp('hub', async () => {
  const config = loadConfig(HubConfig, process.env);
  const faults = crossFaults(config);
  if (faults.length > 0) throw new ConfigError(faults);
  const parts = await hubParts(config);
  const app = await createHub(AppModule.with(parts), parts);
  const url = await listen(app, parts);
  return {
    url, log: parts.log,
    stop: async () => {
      parts.readiness.drain();
      setTimeout(() => { (app.getHttpServer() as Server).closeAllConnections(); }, GRACE_MS).unref();
      await app.close();
      await parts.source.destroy();
    },
  };
});
