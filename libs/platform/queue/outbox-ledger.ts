/** The outbox row through the life of its job: counted at each start, done, failed, dead, driven again. */
import type { OutboxId } from '#kernel';
import type { SystemTx } from '#platform/database';
import type { JobName, JobPayloads } from '#protocol';

export interface StartedJob {
  readonly id: OutboxId;
  readonly job: JobName;
  readonly payload: JobPayloads[JobName];
  readonly attempts: number;
}

export class OutboxLedger {
  constructor(private readonly system: SystemTx) {}

  /** Counts a run before it happens, so that a job that kills its worker counts too. Null: nothing left to do. */
  start(id: string): Promise<StartedJob | null> {
    return this.system.run(async (tx) => {
      const [row] = await tx.query<StartedJob>(
        "update platform.outbox set attempts = attempts + 1 where id = $1 and state in ('READY', 'QUEUED') returning id, job, payload, attempts", [id]);
      return row ?? null;
    });
  }

  /** Wakes the relay, since a row with the same ordering key may have waited. */
  async done(id: OutboxId): Promise<void> {
    await this.system.run((tx) => tx.execute(
      `with done as (update platform.outbox set state = 'DONE', done_at = now() where id = $1 and state in ('READY', 'QUEUED') returning ordering_key)
       select pg_notify('tally_outbox', '') from done where ordering_key is not null`, [id]));
  }

  /** `error` is a class and code, never a message. */
  async dead(id: OutboxId, attempts: number, error: string): Promise<void> {
    await this.system.run(async (tx) => {
      await tx.execute("update platform.outbox set state = 'DEAD', done_at = now() where id = $1", [id]);
      await tx.execute(
        `insert into platform.dead_letter (outbox_id, attempts, error) values ($1, $2, $3)
         on conflict (outbox_id) do update set attempts = excluded.attempts, error = excluded.error, died_at = now(),
           redrive_asked_by = null, redrive_asked_at = null, redriven_by = null, redriven_at = null`, [id, attempts, error.slice(0, 200)]);
      await tx.query("select pg_notify('tally_outbox', '')");
    });
  }

  /** First of the two people of a re-drive. */
  async askRedrive(id: OutboxId, person: string): Promise<boolean> {
    return await this.system.run((tx) => tx.execute(
      'update platform.dead_letter set redrive_asked_by = $2, redrive_asked_at = now() where outbox_id = $1 and redriven_by is null', [id, person])) === 1;
  }

  /** Second of the two people: another one, or nothing happens. The job starts from attempt 0. */
  redrive(id: OutboxId, person: string): Promise<boolean> {
    return this.system.run(async (tx) => {
      const agreed = await tx.execute(
        `update platform.dead_letter set redriven_by = $2, redriven_at = now()
         where outbox_id = $1 and redriven_by is null and redrive_asked_by is not null and redrive_asked_by <> $2`, [id, person]);
      if (agreed !== 1) return false;
      await tx.execute("update platform.outbox set state = 'READY', attempts = 0, available_at = now(), done_at = null where id = $1 and state = 'DEAD'", [id]);
      await tx.query("select pg_notify('tally_outbox', '')");
      return true;
    });
  }
}
