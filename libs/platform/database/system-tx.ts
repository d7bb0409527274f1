/**
 * A transaction in nobody's name: sees no member's rows, only the tables on the catalogue's exceptions list (queue,
 * outbox, replay, directory) and what definer functions give out.
 */
import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import { runTransaction, type TransactionOptions } from './transaction.js';

export interface SystemScope {
  query<R>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  execute(sql: string, params?: readonly unknown[]): Promise<number>;
  readonly client: ClientBase;
}

export class SystemTx {
  constructor(private readonly source: DataSource) {}

  run<T>(work: (tx: SystemScope) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    return runTransaction(this.source, options, work);
  }
}
