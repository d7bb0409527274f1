/** Puts the worker together and takes it apart: not ready, stop claiming, finish, release. */
import { NestFactory } from '@nestjs/core';
import { ContextSigner, createDataSource, parseContextKey, SystemTx, withPassword } from '#platform/database';
import type { EventLog } from '#platform/logging';
import { Metrics } from '#platform/metrics';
import { JobRegistry, QueueRuntime } from '#platform/queue';
import { startHealthServer } from './health-server.js';
import { Housekeeping } from './housekeeping.js';
import { JOB_HANDLERS } from './job-handlers.js';
import type { WorkerConfig } from './worker.config.js';
import { WorkerModule } from './worker.module.js';

export interface RunningWorker {
  /** Of the health and metrics routes. */
  readonly url: string;
  stop(): Promise<void>;
}

export async function startWorker(config: WorkerConfig, log: EventLog): Promise<RunningWorker> {
  const url = withPassword(config.databaseUrl, config.databasePassword);
  const source = await createDataSource({
    url, applicationName: 'tally-worker', poolSize: config.databasePool, onConnectionLost: () => { log.warn('database.connection-lost'); },
    onOldServer: ({ major, minor }) => { log.warn('database.server-old', { major, minor }); },
  });
  const signer = new ContextSigner(parseContextKey(config.contextKey));
  const context = await NestFactory.createApplicationContext(WorkerModule.with({ config, log, source, signer }), { logger: false, abortOnError: false });
  const registry = new JobRegistry(JOB_HANDLERS.map((type) => context.get(type)));
  const metrics = new Metrics('worker');
  const system = new SystemTx(source);
  const queue = new QueueRuntime({
    url, source, registry, log,
    observer: {
      finished: (job, outcome, seconds) => {
        metrics.count('job.runs', { job, outcome });
        metrics.observeSeconds('job.duration', seconds, { job });
      },
    },
  });
  await queue.start();
  const housekeeping = new Housekeeping(system, log);
  housekeeping.start();
  let accepting = true;
  const health = await startHealthServer(config.httpHost, config.httpPort, {
    ready: async () => ({ accepting, database: await system.run((tx) => tx.query('select 1')).then(() => true, () => false) }),
    metrics: () => metrics.metrics(),
    contentType: metrics.contentType,
  });
  return {
    url: health.url,
    stop: async () => {
      accepting = false;
      housekeeping.stop();
      await queue.stop();
      await context.close();
      await health.close();
      await source.destroy();
    },
  };
}
