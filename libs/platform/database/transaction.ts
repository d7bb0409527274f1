/**
 * Opens a transaction on a connection of its own, hands it to the callback, and ends it whatever happens: COMMIT, or
 * ROLLBACK, or, when even that fails, the connection is thrown away, so that neither a transaction nor a setting can
 * leak into the next use. SQLSTATE 40001 and 40P01 run the whole callback again: nothing of the first run may survive
 * outside the database, which is why flows make no network calls inside.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientBase, PoolClient, QueryResult } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import type { TransactionIdentity } from './context-signer.js';

export type Isolation = 'read committed' | 'repeatable read' | 'serializable';

export interface TransactionOptions {
  readonly isolation?: Isolation;
}

/** In the round trip of BEGIN. Asking assigns a transaction id, so only a transaction that signs a context asks. */
const IDENTIFY = `; select pg_backend_pid() as pid, pg_current_xact_id()::text as xid, extract(epoch from clock_timestamp()) * 1000 as now`;

interface Demands extends TransactionOptions {
  readonly identify?: boolean;
}

export class OpenTransaction {
  private open = true;

  constructor(private readonly runner: QueryRunner, private readonly connection: ClientBase, readonly identity: TransactionIdentity) {}

  /** The pg client, for COPY. Throws once the transaction has ended. */
  get client(): ClientBase {
    this.assertOpen();
    return this.connection;
  }

  async query<R>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    return (await this.structured(sql, params)).records as R[];
  }

  /** Runs a statement and tells how many rows it touched. */
  async execute(sql: string, params: readonly unknown[] = []): Promise<number> {
    return (await this.structured(sql, params)).affected ?? 0;
  }

  end(): void {
    this.open = false;
  }

  private structured(sql: string, params: readonly unknown[]): ReturnType<typeof this.send> {
    this.assertOpen();
    return this.send(sql, params);
  }

  private send(sql: string, params: readonly unknown[]) {
    return this.runner.query(sql, [...params], true);
  }

  private assertOpen(): void {
    if (!this.open) throw new Error('the transaction has ended: something ran on after its callback, probably without await');
  }
}

const ATTEMPTS = 8;

export async function runTransaction<T>(
  source: DataSource, options: Demands, work: (transaction: OpenTransaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(source, options, work);
    } catch (error) {
      if (attempt >= ATTEMPTS || !isRerunnable(error)) throw error;
      await sleep(Math.random() * Math.min(500, 10 * 2 ** attempt));
    }
  }
}

async function runOnce<T>(
  source: DataSource, options: Demands, work: (transaction: OpenTransaction) => Promise<T>,
): Promise<T> {
  const runner = source.createQueryRunner();
  let broken: Error | undefined;
  try {
    const client = await runner.connect() as PoolClient;
    const transaction = new OpenTransaction(runner, client, await begin(client, options));
    try {
      const result = await work(transaction);
      transaction.end();
      const { command } = await client.query('commit');
      // A callback that swallowed a database error has an aborted transaction, which "commits" as ROLLBACK.
      if (command !== 'COMMIT') throw new Error('the transaction was aborted by an error that its callback swallowed');
      return result;
    } catch (error) {
      transaction.end();
      await client.query('rollback').catch((fault: Error) => { broken = fault; });
      throw error;
    }
  } finally {
    await releaseConnection(runner, broken);
  }
}

async function begin(client: PoolClient, { isolation = 'read committed', identify = false }: Demands): Promise<TransactionIdentity> {
  const answer = await client.query(`begin isolation level ${isolation}${identify ? IDENTIFY : ''}`) as unknown as QueryResult | QueryResult[];
  const row = (Array.isArray(answer) ? answer.at(-1)?.rows[0] : undefined) as { pid: number; xid: string; now: string } | undefined;
  return { pid: row?.pid ?? 0, xid: row?.xid ?? '', nowMs: Number(row?.now ?? 0) };
}

/** With an error the pool throws the connection away. TypeORM's own release takes none, but what it calls does, and only once. */
function releaseConnection(runner: QueryRunner, broken: Error | undefined): Promise<void> {
  return (runner as unknown as { releasePostgresConnection(error?: Error): Promise<void> }).releasePostgresConnection(broken);
}

/** 40001 serialization_failure, 40P01 deadlock_detected (PostgreSQL, appendix A). */
function isRerunnable(error: unknown): boolean {
  const fault = error as { code?: unknown; driverError?: { code?: unknown } } | null;
  const code = fault?.driverError?.code ?? fault?.code;
  return code === '40001' || code === '40P01';
}
