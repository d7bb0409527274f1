/**
 * BullMQ's own tables and functions, in schema `queue`, owned like everything else by tally_owner and used by the worker
 * alone. BullMQ makes a sequence for each new queue at the first add; the worker may not create anything, so the
 * sequences of the queues that there are (one a job name) are made here.
 */
import { runMigrations } from 'bullmq';
import type pg from 'pg';
import { JOB_NAMES } from '#protocol';

export const QUEUE_SCHEMA = 'queue';

export async function migrateQueueSchema(client: pg.Client): Promise<void> {
  await runMigrations(client as Parameters<typeof runMigrations>[0], QUEUE_SCHEMA);
  for (const job of JOB_NAMES) {
    const { rows: [row] } = await client.query<{ name: string }>('select queue.job_id_seq_name($1) as name', [job]);
    await client.query(`create sequence if not exists queue.${client.escapeIdentifier(row?.name ?? '')}`);
  }
  await client.query(`
    grant usage on schema queue to tally_worker;
    grant select, insert, update, delete on all tables in schema queue to tally_worker;
    grant usage, select, update on all sequences in schema queue to tally_worker;
    revoke execute on all functions in schema queue from public;
    grant execute on all functions in schema queue to tally_worker`);
}
