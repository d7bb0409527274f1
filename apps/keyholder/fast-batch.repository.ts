/** Which batches this holder evaluated in fast mode: only these are checked. */
import type pg from 'pg';
import { quorumMask, type SignedOprfRequest } from '#protocol';
import { reachingLedger } from './ledger.repository.js';

export class FastBatchRepository {
  constructor(private readonly pool: pg.Pool) {}

  async remember(request: SignedOprfRequest): Promise<void> {
    await reachingLedger(this.pool.query({
      name: 'remember-fast-batch',
      text: 'insert into keyholder.fast_batch (member_id, batch_id, manifest_hash, quorum) values ($1, $2, $3, $4) on conflict do nothing',
      values: keyOf(request),
    }));
  }

  async knows(request: SignedOprfRequest): Promise<boolean> {
    const { rowCount } = await reachingLedger(this.pool.query({
      name: 'know-fast-batch',
      text: 'select from keyholder.fast_batch where member_id = $1 and batch_id = $2 and manifest_hash = $3 and quorum = $4',
      values: keyOf(request),
    }));
    return rowCount === 1;
  }

  /** Those evaluated more than so many days ago. @returns how many, at most `most` */
  async forget(days: number, most: number): Promise<number> {
    const { rowCount } = await reachingLedger(this.pool.query({
      text: `delete from keyholder.fast_batch where ctid = any (array(
        select old.ctid from keyholder.fast_batch old where old.first_at < now() - $1 * interval '1 day' order by old.first_at limit $2))`,
      values: [days, most],
    }));
    return rowCount ?? 0;
  }
}

function keyOf({ memberId, batchId, manifestHash, quorum }: SignedOprfRequest): unknown[] {
  return [memberId, Buffer.from(batchId), Buffer.from(manifestHash), quorumMask(quorum)];
}
