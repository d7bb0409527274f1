/** Everything of one worker process that moves and runs jobs, put together. */
import type { DataSource } from 'typeorm';
import { SystemTx } from '#platform/database';
import type { EventLog } from '#platform/logging';
import type { JobName } from '#protocol';
import { throttleErrors } from './error-throttle.js';
import type { JobRegistry } from './job-registry.js';
import { JobRunner, type JobObserver } from './job-runner.js';
import { OutboxLedger } from './outbox-ledger.js';
import { createQueue, type BullQueue } from './queue-backend.js';
import { QueuePump, type PumpSettings } from './queue-pump.js';
import { OutboxRelay } from './relay.js';

export interface QueueRuntimeOptions {
  /** URL of tally_worker, with its password. */
  readonly url: string;
  readonly source: DataSource;
  readonly registry: JobRegistry;
  readonly log: EventLog;
  readonly observer?: JobObserver;
  readonly pump?: PumpSettings;
}

export class QueueRuntime {
  readonly relay: OutboxRelay;
  private readonly queues: ReadonlyMap<JobName, BullQueue>;
  private readonly pump: QueuePump;
  private readonly runner: JobRunner;

  constructor(options: QueueRuntimeOptions) {
    const { url, registry, log } = options;
    const system = new SystemTx(options.source);
    this.queues = new Map(registry.jobs().map((job) => [job, createQueue(url, job)]));
    const report = throttleErrors(log);
    for (const queue of this.queues.values()) queue.on('error', (error: Error) => { report('queue.error', error); });
    this.relay = new OutboxRelay(system, this.queues);
    this.pump = new QueuePump(url, this.relay, log, options.pump);
    this.runner = new JobRunner(url, registry, new OutboxLedger(system), log, options.observer);
  }

  async start(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.waitUntilReady()));
    await this.runner.start();
    this.pump.start();
  }

  /** Stops claiming, lets running jobs finish, releases everything. */
  async stop(graceMs?: number): Promise<void> {
    await this.pump.stop();
    await this.runner.stop(graceMs);
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }
}
