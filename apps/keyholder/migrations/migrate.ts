/** The key-holder's own short list, applied at start under an advisory lock; its role owns its database. */
import type pg from 'pg';
import { ledgerMigration } from './0001-ledger.js';

const MIGRATIONS = [ledgerMigration] as const;
const LOCK = 7_401_197_497;

export async function migrateLedger(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
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
