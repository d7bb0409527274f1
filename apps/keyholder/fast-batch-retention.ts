/**
 * Forgets batches of fast mode that nobody will ask a check of any more. A check follows its batch within seconds, after a crash of the agent
 * within days; a member that comes later begins the batch again, over the same points, uncharged (docs/protocol/fast-mode.md).
 */
import type { EventLog } from '#platform/logging';
import type { FastBatchRepository } from './fast-batch.repository.js';

export const FAST_BATCH_DAYS = 30;
const EVERY_MS = 3_600_000;
/** Rows a statement, so that none holds the table long. */
const SLICE = 10_000;

export class FastBatchRetention {
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly batches: FastBatchRepository, private readonly log: EventLog) {}

  /** Now, and every hour. A ledger that is away is tried again an hour later. */
  async start(): Promise<void> {
    await this.sweep();
    this.timer = setInterval(() => void this.sweep(), EVERY_MS);
    this.timer.unref();
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  private async sweep(): Promise<void> {
    try {
      let forgotten = 0;
      for (let n = SLICE; n === SLICE; forgotten += n) n = await this.batches.forget(FAST_BATCH_DAYS, SLICE);
      if (forgotten > 0) this.log.event('fast-batches.forgotten', { batches: forgotten });
    } catch (error) {
      this.log.error('fast-batches.not-forgotten', error);
    }
  }
}
