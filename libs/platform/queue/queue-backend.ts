/**
 * BullMQ 6 on PostgreSQL, in the schema `queue` that the migration made. One BullMQ queue a job, so that each has its
 * own concurrency. Nothing here is a promise to anyone: the outbox row is (docs/adr), and the whole schema may be lost.
 */
import { createPostgresBackend, withBackend, type JobsOptions } from 'bullmq';
import { parseDatabaseUrl, QUEUE_SCHEMA } from '#platform/database';

const { Queue: PostgresQueue, Worker: PostgresWorker } = withBackend(createPostgresBackend);

export type BullQueue = InstanceType<typeof PostgresQueue>;
export type BullWorker = InstanceType<typeof PostgresWorker>;

export const JOB_OPTIONS: JobsOptions = {
  // The outbox counts attempts and decides when a job is dead; BullMQ must never give up before it.
  attempts: 1_000_000, backoff: { type: 'full-jitter' }, removeOnComplete: true, removeOnFail: true,
};

export interface WorkerSettings {
  readonly concurrency: number;
  readonly backoff: (attempt: number) => number;
}

export function createQueue(url: string, name: string): BullQueue {
  return new PostgresQueue(name, { connection: connection(url, 'relay', 2), defaultJobOptions: JOB_OPTIONS });
}

/** Does not run until `run()` is called. A killed worker's job returns after about four seconds. */
export function createWorker(url: string, name: string, process: (id: string) => Promise<void>, settings: WorkerSettings): BullWorker {
  return new PostgresWorker(name, (job) => process(job.id ?? ''), {
    connection: connection(url, 'jobs', settings.concurrency + 1),
    autorun: false,
    concurrency: settings.concurrency,
    lockDuration: 3_000,
    stalledInterval: 2_000,
    // BullMQ's default of 1 turns a second crash into a permanent failure.
    maxStalledCount: 1_000_000,
    drainDelay: 2,
    runRetryDelay: 500,
    settings: { backoffStrategy: (attempt) => settings.backoff(attempt) },
  });
}

function connection(url: string, purpose: string, max: number) {
  const { ssl, ...target } = parseDatabaseUrl(url);
  return { ...target, ...(ssl ? { ssl } : {}), schema: QUEUE_SCHEMA, max, application_name: `tally-queue-${purpose}`, connectionTimeoutMillis: 5_000, keepAlive: true };
}
