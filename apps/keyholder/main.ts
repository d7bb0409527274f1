/** The key-holder's process: configuration, one line when it listens, an orderly end on SIGTERM. */
import { isDomainError } from '#kernel';
import { loadConfig } from '#platform/config';
import { createEventLog } from '#platform/logging';
import { ERROR_REGISTRY } from '#protocol';
import { startKeyholder } from './keyholder.app.js';
import { KeyholderConfig } from './keyholder.config.js';

function fail(error: unknown): never {
  process.stderr.write(isDomainError(error) ? `${error.code}: ${error.message}\n` : `INTERNAL: ${(error as Error).name} ${String((error as { code?: unknown }).code ?? '')}\n`);
  process.exit(isDomainError(error) ? ERROR_REGISTRY[error.code].exit : 1);
}

try {
  const config = loadConfig(KeyholderConfig, process.env);
  const log = createEventLog({ app: 'keyholder', level: config.logLevel, ...(config.logFile === undefined ? {} : { destination: config.logFile }) });
  const running = await startKeyholder(config, log, fail);
  const end = (): void => { running.stop().then(() => process.exit(0), fail); };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  process.stdout.write(`${JSON.stringify({ event: 'app.ready', app: 'keyholder', url: running.url, pid: process.pid })}\n`);
} catch (error) {
  fail(error);
}
