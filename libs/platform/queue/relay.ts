/**
 * Carries committed outbox rows to the queue. A row is marked QUEUED in the transaction in which its job was added, and
 * the job's id is the row's id, so that adding twice adds once: a crash anywhere repeats a step and loses nothing.
 * `reconcile` adds the jobs of rows that have been QUEUED for a while again; those that still exist are left alone by
 * BullMQ, those that the queue has lost come back.
 */
import type { SystemScope, SystemTx } from '#platform/database';
import type { JobName } from '#protocol';
import { JOB_OPTIONS, type BullQueue } from './queue-backend.js';

interface OpenRow {
  readonly id: string;
  readonly job: JobName;
}

export const RELAY_BATCH = 500;

// A row with an ordering key waits until no earlier row of its key is open.
const CLAIM_READY = `
  select o.id, o.job from platform.outbox o
  where o.state = 'READY' and o.available_at <= now() and o.job = any($2)
    and (o.ordering_key is null or not exists (
      select from platform.outbox earlier
      where earlier.ordering_key = o.ordering_key and earlier.state in ('READY', 'QUEUED') and earlier.seq < o.seq))
  order by o.available_at, o.seq limit $1 for update of o skip locked`;

const CLAIM_LOST = `
  select o.id, o.job from platform.outbox o
  where o.state = 'QUEUED' and o.queued_at < now() - $3 * interval '1 millisecond' and o.job = any($2)
  order by o.queued_at limit $1 for update of o skip locked`;

export class OutboxRelay {
  constructor(private readonly system: SystemTx, private readonly queues: ReadonlyMap<JobName, BullQueue>) {}

  /** Moves one batch of ready rows; returns how many. */
  relay(): Promise<number> {
    return this.system.run((tx) => this.move(tx, CLAIM_READY, []));
  }

  /** Re-adds one batch of rows that have been queued longer than so many milliseconds; returns how many. */
  reconcile(olderThanMs: number): Promise<number> {
    return this.system.run((tx) => this.move(tx, CLAIM_LOST, [olderThanMs]));
  }

  private async move(tx: SystemScope, claim: string, more: readonly unknown[]): Promise<number> {
    const rows = await tx.query<OpenRow>(claim, [RELAY_BATCH, [...this.queues.keys()], ...more]);
    if (rows.length === 0) return 0;
    for (const [job, queue] of this.queues) {
      const jobs = rows.filter((row) => row.job === job).map((row) => ({ name: job, data: {}, opts: { ...JOB_OPTIONS, jobId: row.id } }));
      if (jobs.length > 0) await queue.addBulk(jobs);
    }
    await tx.execute("update platform.outbox set state = 'QUEUED', queued_at = now() where id = any($1)", [rows.map((row) => row.id)]);
    return rows.length;
  }
}
