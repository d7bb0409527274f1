/** Durable counters in the operator's own database. Every evaluation is counted here before it is answered. */
import pg from 'pg';
import { DomainError } from '#kernel';
import type { Budget } from '#protocol';
import type { SerialGuard } from './signed-roster.js';

/** A repeat of the same points is free so many times (docs/protocol/wire.md); then it is charged again. */
export const FREE_REPEATS = 8;

export interface Charge {
  readonly memberId: string;
  readonly epoch: number;
  readonly batchId: Uint8Array;
  readonly pointsSha256: Uint8Array;
  readonly n: number;
  readonly budget: Budget;
  /** What this holder grants: ceil(budget * t / n). */
  readonly limit: number;
  readonly at: Date;
}

export class LedgerRepository implements SerialGuard {
  constructor(private readonly pool: pg.Pool) {}

  /** @throws DomainError BATCH_ID_REUSED, BUDGET_EXHAUSTED; then nothing was recorded */
  async charge(charge: Charge): Promise<'CHARGED' | 'REPEAT'> {
    const period = charge.budget === 'daily' ? charge.at.toISOString().slice(0, 10) : '';
    try {
      const { rows } = await this.query<{ outcome: 'CHARGED' | 'REPEAT' }>({
        name: 'admit-batch',
        text: 'select keyholder.admit_batch($1, $2, $3, $4, $5, $6, $7, $8, $9) as outcome',
        values: [
          charge.memberId, charge.epoch, Buffer.from(charge.batchId), Buffer.from(charge.pointsSha256), charge.n, charge.budget, period, charge.limit, FREE_REPEATS,
        ],
      });
      return (rows[0] as { outcome: 'CHARGED' | 'REPEAT' }).outcome;
    } catch (error) {
      const state = (error as { code?: string }).code;
      if (state === 'KH001') throw new DomainError('BATCH_ID_REUSED', 'batch id was used for other points');
      if (state === 'KH002') throw new DomainError('BUDGET_EXHAUSTED', 'budget is used up', { budget: charge.budget });
      throw error;
    }
  }

  async acceptRosterSerial(epoch: number, serial: number): Promise<boolean> {
    const { rows } = await this.query<{ serial: string }>({
      text: `insert into keyholder.roster_seen as seen (epoch, serial) values ($1, $2)
       on conflict (epoch) do update set serial = greatest(seen.serial, excluded.serial) returning serial`,
      values: [epoch, serial],
    });
    return Number(rows[0]?.serial) === serial;
  }

  async stopEpoch(epoch: number): Promise<void> {
    await this.query({ text: 'insert into keyholder.epoch_stopped (epoch) values ($1) on conflict do nothing', values: [epoch] });
  }

  async stoppedEpochs(): Promise<readonly number[]> {
    const { rows } = await this.query<{ epoch: string }>({ text: 'select epoch::text as epoch from keyholder.epoch_stopped' });
    return rows.map(({ epoch }) => Number(epoch));
  }

  /** Identity of the PostgreSQL cluster this ledger lives in. */
  async clusterId(): Promise<string> {
    const { rows } = await this.query<{ id: string }>({ text: 'select system_identifier::text as id from pg_catalog.pg_control_system()' });
    return (rows[0] as { id: string }).id;
  }

  /** A lost connection is told as "come back": nothing was recorded, or it was and the repeat is free. */
  private async query<R extends pg.QueryResultRow>(config: pg.QueryConfig): Promise<pg.QueryResult<R>> {
    try {
      return await this.pool.query<R>(config);
    } catch (error) {
      if (isConnectionLoss(error)) throw new DomainError('KEY_HOLDERS_UNAVAILABLE', 'the ledger cannot be reached', {}, { cause: error });
      throw error;
    }
  }

  async isReady(): Promise<boolean> {
    return this.pool.query('select 1').then(() => true, () => false);
  }
}

/** No SQLSTATE (socket, name, timeout), connection exceptions (08), operator intervention (57P), too many connections (53300). */
export function isConnectionLoss(error: unknown): boolean {
  const state = (error as { code?: unknown }).code;
  return typeof state !== 'string' || !/^[0-9A-Z]{5}$/.test(state) || /^(08|57P)/.test(state) || state === '53300';
}
