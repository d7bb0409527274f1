/** The worker's process: background jobs from the outbox. One line when it is ready, an orderly end on SIGTERM. */
import 'reflect-metadata';
import { isDomainError } from '#kernel';
import { loadConfig } from '#platform/config';
import { createEventLog } from '#platform/logging';
import { ERROR_REGISTRY } from '#protocol';
import { startWorker } from './worker.app.js';
import { WorkerConfig } from './worker.config.js';

function fail(error: unknown): never {
  const { name, message } = error as Error;
  // Messages of drivers may quote values; those of our own boot checks may not, and say what to mend.
  process.stderr.write(`${isDomainError(error) ? error.code : 'INTERNAL'}: ${isDomainError(error) || message.startsWith('job registry') ? message : name}\n`);
  process.exit(isDomainError(error) ? ERROR_REGISTRY[error.code].exit : 1);
}

try {
  const config = loadConfig(WorkerConfig, process.env);
  const log = createEventLog({ app: 'worker', level: config.logLevel, ...(config.logFile === undefined ? {} : { destination: config.logFile }) });
  const worker = await startWorker(config, log);
  const end = (): void => {
    log.event('app.stopping');
    worker.stop().then(() => { log.event('app.stopped'); process.exit(0); }, fail);
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  log.event('app.listening', { url: worker.url });
  process.stdout.write(`${JSON.stringify({ event: 'app.ready', app: 'worker', url: worker.url, pid: process.pid })}\n`);
} catch (error) {
  fail(error);
}
