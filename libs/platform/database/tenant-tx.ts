/**
 * The only way to read or write a member's rows: one transaction in the name of one actor, whose signed context the
 * row-level-security policies verify. The context lives five seconds; a longer transaction gets a fresh one when it
 * asks again, so that the lifetime bounds theft, not work.
 */
import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import { CONTEXT_TTL_MS, type Actor, type ContextSigner } from './context-signer.js';
import { runTransaction, type OpenTransaction, type TransactionOptions } from './transaction.js';

export interface Tx {
  query<R>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /** Number of rows touched. */
  execute(sql: string, params?: readonly unknown[]): Promise<number>;
  /** The pg client under the QueryRunner, for COPY and prepared statements. Call `refresh` first when time has passed. */
  readonly client: ClientBase;
  readonly actor: Actor;
  /** Signs the context anew; `query` and `execute` do it by themselves. */
  refresh(): Promise<void>;
}

export class TenantTx {
  constructor(private readonly source: DataSource, private readonly signer: ContextSigner) {}

  /** Runs the callback in one transaction; on a serialization failure or deadlock the whole callback runs again. */
  run<T>(actor: Actor, work: (tx: Tx) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    return runTransaction(this.source, { ...options, identify: true }, async (transaction) => {
      const tx = new SignedTx(transaction, this.signer, actor);
      await tx.refresh();
      return work(tx);
    });
  }
}

class SignedTx implements Tx {
  /** Server clock minus our monotonic clock, in ms. */
  private readonly clockOffset: number;
  private signedAt = 0;

  constructor(private readonly transaction: OpenTransaction, private readonly signer: ContextSigner, readonly actor: Actor) {
    this.clockOffset = transaction.identity.nowMs - performance.now();
  }

  get client(): ClientBase {
    return this.transaction.client;
  }

  async refresh(): Promise<void> {
    const elapsed = performance.now();
    const context = this.signer.sign(this.actor, { ...this.transaction.identity, nowMs: elapsed + this.clockOffset });
    await this.client.query("select set_config('tally.context', $1, true)", [context]);
    this.signedAt = elapsed;
  }

  async query<R>(sql: string, params?: readonly unknown[]): Promise<R[]> {
    await this.keepFresh();
    return this.transaction.query<R>(sql, params);
  }

  async execute(sql: string, params?: readonly unknown[]): Promise<number> {
    await this.keepFresh();
    return this.transaction.execute(sql, params);
  }

  private async keepFresh(): Promise<void> {
    if (performance.now() - this.signedAt > CONTEXT_TTL_MS / 2) await this.refresh();
  }
}
