import type { TestDatabase } from './test-database.js';

const PATIENCE_MS = 30_000;

/**
 * Waits until every transaction that is open on the server now has ended. An inbox holds its entries back while an older one is
 * open, also one of another test's database (PostgreSQL counts transactions over the whole server). Throws after 30 s.
 */
export async function olderTransactionsEnded(db: TestDatabase): Promise<void> {
  const [now] = await db.admin<{ xid: string }>('select pg_current_xact_id()::text as xid');
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
    const [seen] = await db.admin<{ ended: boolean }>('select pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 as ended', [now!.xid]);
    if (seen!.ended) return;
    await new Promise((done) => { setTimeout(done, 50); });
  }
  throw new Error(`a transaction older than ${now!.xid} is still open after ${PATIENCE_MS} ms`);
}
