/**
 * The life of a process that serves HTTP: one line when it is ready, one line of ours when it cannot start, an orderly end
 * on SIGTERM. What Node prints of an uncaught error is never printed: a driver's message may hold values.
 */
import { isDomainError } from '#kernel';
import { describeError, type EventLog } from '#platform/logging';
import { transportOf } from '#protocol';

export interface RunningApp {
  readonly url: string;
  readonly log: EventLog;
  /** Not ready, finish, release. */
  stop(): Promise<void>;
}

export async function runApp(app: string, start: () => Promise<RunningApp>): Promise<void> {
  process.once('uncaughtException', fail);
  process.once('unhandledRejection', fail);
  try {
    const running = await start();
    const end = (): void => { running.stop().then(() => { running.log.event('app.stopped'); process.exit(0); }, fail); };
    process.once('SIGTERM', end);
    process.once('SIGINT', end);
    running.log.event('app.listening', { url: running.url });
    process.stdout.write(`${JSON.stringify({ event: 'app.ready', app, url: running.url, pid: process.pid })}\n`);
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): never {
  const code = isDomainError(error) ? error.code : 'INTERNAL';
  const told = isDomainError(error) ? error.message : JSON.stringify(describeError(error));
  process.stderr.write(`${code}: ${told}\n`);
  process.exit(transportOf(code).exit);
}
