/** Asks for a job in the business transaction itself: the job exists if and only if the transaction commits. */
import { v7 as uuidv7 } from 'uuid';
import { isUuid, type OutboxId } from '#kernel';
import type { SystemScope, Tx } from '#platform/database';
import type { JobName, JobPayloads } from '#protocol';

export interface OutboxOptions {
  /** Jobs with the same key run one after another, in the order appended. */
  readonly orderingKey?: string;
  /** Not before so many milliseconds from now. */
  readonly delayMs?: number;
}

export class Outbox {
  async append<N extends JobName>(tx: Tx | SystemScope, job: N, payload: JobPayloads[N], options: OutboxOptions = {}): Promise<OutboxId> {
    assertIdsOnly(job, payload);
    const id = uuidv7() as OutboxId;
    const partyId = 'actor' in tx ? tx.actor.partyId : null;
    await tx.execute(
      `insert into platform.outbox (id, party_id, job, ordering_key, payload, available_at)
       values ($1, $2, $3, $4, $5, now() + $6 * interval '1 millisecond')`,
      [id, partyId, job, options.orderingKey ?? null, JSON.stringify(payload), options.delayMs ?? 0]);
    return id;
  }
}

function assertIdsOnly(job: string, payload: object): void {
  for (const [name, value] of Object.entries(payload) as [string, unknown][]) {
    if (!isUuid(value)) throw new TypeError(`${job}: payloads hold ids only, ${name} is none`);
  }
}
