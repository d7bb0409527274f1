/** Durable counters in the operator's own database. Every evaluation is counted here before it is answered. */
import pg from 'pg';
import { DomainError } from '#kernel';
import type { Budget } from '#protocol';
import type { RosterGuard, SeenRoster } from './signed-roster.js';

/** A repeat of the same points is free so many times, then it is refused (docs/protocol/budgets.md). */
const FREE_REPEATS = 8;

/** The enrolment budget is released linearly over so long from the member's first roster of the epoch. */
const ENROLMENT_RELEASE_MS = 30 * 86_400_000;

export interface Charge {
  readonly memberId: string;
  readonly epoch: number;
  readonly batchId: Uint8Array;
  readonly pointsSha256: Uint8Array;
  readonly n: number;
  /** The signed time: one signature is answered once. */
  readonly signedAtMs: number;
  readonly budget: Budget;
  /** What this holder grants of the whole budget: ceil(budget * t / n). */
  readonly limit: number;
}

export class LedgerRepository implements RosterGuard {
  constructor(private readonly pool: pg.Pool) {}

  /**
   * @throws DomainError and then nothing was recorded: BATCH_ID_REUSED, REPEAT_REFUSED {reason: answered | repeats},
   * BUDGET_EXHAUSTED {budget, left, refillsAt: instant | null for "not before the roster grants more"}
   */
  async charge(charge: Charge): Promise<'CHARGED' | 'REPEAT'> {
    try {
      const { rows } = await this.query<{ outcome: 'CHARGED' | 'REPEAT' }>({
        name: 'admit-batch',
        text: 'select keyholder.admit_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as outcome',
        values: [
          charge.memberId, charge.epoch, Buffer.from(charge.batchId), Buffer.from(charge.pointsSha256), charge.n, charge.signedAtMs,
          charge.budget, charge.limit, FREE_REPEATS, ENROLMENT_RELEASE_MS,
        ],
      });
      return (rows[0] as { outcome: 'CHARGED' | 'REPEAT' }).outcome;
    } catch (error) {
      throw refusalOf(error, charge.budget) ?? error;
    }
  }

  async acceptRoster({ epoch, serial, members }: SeenRoster): Promise<boolean> {
    const { rows } = await this.query<{ accepted: boolean }>({
      text: 'select keyholder.accept_roster($1, $2, $3, $4) as accepted',
      values: [epoch, serial, members.map(({ memberId }) => memberId), members.map(({ validFrom }) => validFrom)],
    });
    return rows[0]?.accepted === true;
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
    return reachingLedger(this.pool.query<R>(config));
  }

  async isReady(): Promise<boolean> {
    return this.pool.query('select 1').then(() => true, () => false);
  }
}

function refusalOf(error: unknown, budget: Budget): DomainError | null {
  const { code, detail = '' } = error as { code?: string; detail?: string };
  switch (code) {
    case 'KH001': return new DomainError('BATCH_ID_REUSED', 'batch id was used for other points');
    case 'KH002': return new DomainError('BUDGET_EXHAUSTED', 'budget is used up', { budget, ...(JSON.parse(detail) as { left: number; refillsAt: string | null }) });
    case 'KH003': return new DomainError('REPEAT_REFUSED', 'the batch was answered before', { reason: detail });
    default: return null;
  }
}

/** @throws DomainError KEY_HOLDERS_UNAVAILABLE when the connection is lost */
export async function reachingLedger<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    if (isConnectionLoss(error)) throw new DomainError('KEY_HOLDERS_UNAVAILABLE', 'the ledger cannot be reached', {}, { cause: error });
    throw error;
  }
}

/** No SQLSTATE (socket, name, timeout), connection exceptions (08), operator intervention (57P), too many connections (53300). */
export function isConnectionLoss(error: unknown): boolean {
  const state = (error as { code?: unknown }).code;
  return typeof state !== 'string' || !/^[0-9A-Z]{5}$/.test(state) || /^(08|57P)/.test(state) || state === '53300';
}
