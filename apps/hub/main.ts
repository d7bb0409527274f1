/** The hub: GraphQL API and REST routes of members, coordinators and liaisons. */
import 'reflect-metadata';
import { ConfigError, loadConfig } from '#platform/config';
import { AppModule } from './app.module.js';
import { createHub, listen } from './http-adapter.js';
import { crossFaults, HubConfig } from './hub.config.js';
import { hubParts } from './platform.module.js';

const config = loadConfig(HubConfig, process.env);
const faults = crossFaults(config);
if (faults.length > 0) throw new ConfigError(faults);
const parts = await hubParts(config);
const app = await createHub(AppModule.with(parts), parts);
const url = await listen(app, parts);
parts.log.event('app.listening', { url, policy: config.federationPolicy });
process.stdout.write(`${JSON.stringify({ event: 'app.ready', app: 'hub', url, pid: process.pid })}\n`);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  parts.readiness.drain();
  await app.close();
  await parts.source.destroy();
  parts.log.event('app.stopped');
  process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
