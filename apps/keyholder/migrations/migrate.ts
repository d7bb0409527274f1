/** The key-holder's own short list, applied at start under an advisory lock; its role owns its database. */
import type pg from 'pg';
import { isConnectionLoss } from '../ledger.repository.js';
import { ledgerMigration } from './0001-ledger.js';
import { budgetsMigration } from './0002-budgets.js';
import { epochsMigration } from './0004-epochs.js';
import { fastModeMigration } from './0005-fast-mode.js';
import { fastBatchRetentionMigration } from './0006-fast-batch-retention.js';

const MIGRATIONS = [ledgerMigration, budgetsMigration, epochsMigration, fastModeMigration, fastBatchRetentionMigration] as const;
const LOCK = 7_401_197_497;

export async function migrateLedger(pool: pg.Pool): Promise<void> {
  const client = await connectPatiently(pool);
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await client.query('create table if not exists public.keyholder_migration (name text primary key, applied_at timestamptz not null default now())');
    const { rows } = await client.query<{ name: string }>('select name from public.keyholder_migration');
    const applied = new Set(rows.map((row) => row.name));
    for (const migration of MIGRATIONS) {
      if (applied.has(migration.name)) continue;
      await client.query(migration.sql);
      await client.query('insert into public.keyholder_migration (name) values ($1)', [migration.name]);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/** A database that restarts at the same moment is waited for, about half a minute, with full jitter. */
async function connectPatiently(pool: pg.Pool): Promise<pg.PoolClient> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await pool.connect();
    } catch (error) {
      if (attempt >= 15 || !isConnectionLoss(error)) throw error;
      await new Promise((resolve) => { setTimeout(resolve, Math.random() * Math.min(4_000, 100 * 2 ** attempt)); });
    }
  }
}
