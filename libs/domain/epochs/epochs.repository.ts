/** SQL of the epoch register and of the erasure of closed epochs. */
import { v7 as uuidv7 } from 'uuid';
import type { PartyId } from '#kernel';
import type { SystemScope, Tx } from '#platform/database';
import type { EpochFact } from './epoch.model.js';

export interface NewEpoch {
  readonly epoch: number;
  readonly manifestHash: Uint8Array;
  readonly manifest: unknown;
  /** The officer's statement, compact JWS. */
  readonly act: string;
  readonly officerId: string;
  readonly overlapDays: number;
}
export interface NewStop {
  readonly epoch: number;
  readonly stop: unknown;
  readonly act: string;
  readonly officerId: string;
}
export interface ErasedSlice {
  readonly examined: number;
  readonly erased: number;
  readonly done: boolean;
  /** Null when the erasure had been finished before. */
  readonly epoch: number;
  readonly coordinator: PartyId | null;
  /** Of the whole erasure so far. */
  readonly tokens: number;
}

export class EpochsRepository {
  /** Newest first. */
  async list(tx: Tx): Promise<EpochFact[]> {
    return tx.query<EpochFact>(
      `select coalesce(e.epoch, s.epoch)::float8 as epoch, translate(rtrim(encode(e.manifest_hash, 'base64'), '='), '+/', '-_') as "manifestHash",
           e.announced_at as "announcedAt", e.overlap_until as "overlapUntil", s.stopped_at as "stoppedAt",
           (select min(d.finished_at) from tally.epoch_erasure d where d.finished_at is not null
             and (d.reason = 'STOP' and d.epoch = coalesce(e.epoch, s.epoch) or d.reason = 'OVERLAP' and d.epoch > coalesce(e.epoch, s.epoch))) as "erasedAt"
         from tally.epoch e full join tally.epoch_stop s using (epoch) order by 1 desc`, []);
  }

  /** Holds the register alone until the transaction ends; nobody is writing tokens then. */
  async change(tx: Tx): Promise<void> {
    await tx.query('select match.change_epochs()');
  }

  /** @returns [id of the epoch for events, id of the erasure that its overlap ends with] */
  async announce(tx: Tx, { epoch, manifestHash, manifest, act, officerId, overlapDays }: NewEpoch): Promise<{ epochId: string; erasureId: string }> {
    const epochId = uuidv7();
    await tx.execute(
      `insert into tally.epoch (epoch, epoch_id, manifest_hash, manifest, act, officer_id, overlap_until)
         values ($1, $2, $3, $4, $5, $6, now() + $7 * interval '1 day')`,
      [epoch, epochId, Buffer.from(manifestHash), JSON.stringify(manifest), act, officerId, overlapDays]);
    return { epochId, erasureId: await this.planErasure(tx, epoch, 'OVERLAP') };
  }

  async stop(tx: Tx, { epoch, stop, act, officerId }: NewStop): Promise<{ epochId: string; erasureId: string }> {
    const epochId = uuidv7();
    await tx.execute('insert into tally.epoch_stop (epoch, epoch_id, stop, act, officer_id) values ($1, $2, $3, $4, $5)', [epoch, epochId, JSON.stringify(stop), act, officerId]);
    return { epochId, erasureId: await this.planErasure(tx, epoch, 'STOP') };
  }

  /** For the worker: erases tokens of a closed epoch from the next clues, in its own transaction. */
  async eraseSlice(tx: SystemScope, erasureId: string, slice: number): Promise<ErasedSlice> {
    const [row] = await tx.query<ErasedSlice>('select examined, erased, done, epoch::float8 as epoch, coordinator, tokens::float8 as tokens from match.erase_slice($1, $2)', [erasureId, slice]);
    if (!row) throw new Error('erase_slice gave no row');
    return row;
  }

  private async planErasure(tx: Tx, epoch: number, reason: 'STOP' | 'OVERLAP'): Promise<string> {
    const erasureId = uuidv7();
    await tx.execute('insert into tally.epoch_erasure (erasure_id, epoch, reason, coordinator_id) values ($1, $2, $3, $4)', [erasureId, epoch, reason, tx.actor.partyId]);
    return erasureId;
  }
}
