/** Runs the jobs: one BullMQ worker a job name, the outbox row as ledger, our own count of attempts. */
import { UnrecoverableError } from 'bullmq';
import { isDomainError, type OutboxId } from '#kernel';
import type { EventLog } from '#platform/logging';
import { withCorrelation } from '#platform/logging';
import type { JobName } from '#protocol';
import { throttleErrors, type ReportError } from './error-throttle.js';
import { backoffMs } from './job-policy.js';
import type { JobRegistry } from './job-registry.js';
import type { OutboxLedger, StartedJob } from './outbox-ledger.js';
import { createWorker, type BullWorker } from './queue-backend.js';

/** A job that has been started so often without an end kills its workers: it is dead without another run. */
const STARTS_MAX = 100;

export interface JobObserver {
  finished(job: JobName, outcome: 'done' | 'failed' | 'dead', seconds: number): void;
}

export class JobRunner {
  private workers: BullWorker[] = [];
  private readonly report: ReportError;

  constructor(
    private readonly url: string,
    private readonly registry: JobRegistry,
    private readonly ledger: OutboxLedger,
    private readonly log: EventLog,
    private readonly observer: JobObserver = { finished: () => undefined },
  ) {
    this.report = throttleErrors(log);
  }

  async start(): Promise<void> {
    this.workers = this.registry.jobs().map((job) => {
      const policy = this.registry.policy(job);
      const worker = createWorker(this.url, job, (id) => this.process(id), {
        concurrency: policy.concurrency, backoff: (attempt) => backoffMs(policy, attempt),
      });
      worker.on('error', (error: Error) => { this.report('queue.worker-error', error); });
      return worker;
    });
    await Promise.all(this.workers.map((worker) => worker.waitUntilReady()));
    for (const worker of this.workers) void worker.run().catch((error: unknown) => { this.log.error('queue.worker-stopped', error); });
  }

  /** Takes no new job, waits for those that run (at most `graceMs`), releases the rest to other workers. */
  async stop(graceMs = 20_000): Promise<void> {
    const closing = Promise.all(this.workers.map((worker) => worker.close()));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => { timer = setTimeout(() => { resolve('late'); }, graceMs); });
    if (await Promise.race([closing, late]) === 'late') await Promise.all(this.workers.map((worker) => worker.close(true)));
    clearTimeout(timer);
  }

  private async process(id: string): Promise<void> {
    const started = await this.ledger.start(id);
    if (started) await withCorrelation(started.id, () => this.runOnce(started));
  }

  private async runOnce({ id, job, payload, attempts }: StartedJob): Promise<void> {
    const begin = performance.now();
    const seconds = (): number => (performance.now() - begin) / 1000;
    try {
      if (attempts > STARTS_MAX) throw new UnrecoverableError('started too often');
      const effectKey = (name?: string): string => (name === undefined ? id : `${id}:${name}`);
      await this.registry.handle(job, payload, { outboxId: id, attempt: attempts, effectKey });
      await this.ledger.done(id);
    } catch (error) {
      const dead = await this.failed(id, job, attempts, error);
      this.observer.finished(job, dead ? 'dead' : 'failed', seconds());
      throw dead ? new UnrecoverableError(nameOf(error)) : new Error(nameOf(error)); // BullMQ stores the message
    }
    this.observer.finished(job, 'done', seconds());
    this.log.event('job.done', { job, attempt: attempts, ms: Math.round(seconds() * 1000) });
  }

  private async failed(id: OutboxId, job: JobName, attempts: number, error: unknown): Promise<boolean> {
    const dead = attempts >= this.registry.policy(job).attempts || error instanceof UnrecoverableError;
    this.log.error(dead ? 'job.dead' : 'job.failed', error, { job, attempt: attempts });
    if (dead) await this.ledger.dead(id, attempts, nameOf(error));
    return dead;
  }
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code: unknown = isDomainError(error) ? error.code : (error as { code?: unknown }).code;
  return typeof code === 'string' && /^\w{1,40}$/.test(code) ? `${error.constructor.name} ${code}` : error.constructor.name;
}
