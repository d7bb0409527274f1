/**
 * What makes an at-least-once queue happen once (docs/adr/0003-bullmq-on-postgresql-outbox-as-contract.md).
 * In the database: the effect row commits together with the effect, so a second run finds it and does nothing.
 * Outside: the row says STARTED before the call and DONE after; a crash in between calls again with the same key, which
 * the receiver uses to de-duplicate.
 */
import type { SystemScope, SystemTx, Tx } from '#platform/database';

export class Effects {
  constructor(private readonly system: SystemTx) {}

  /** Call first in the transaction that makes the effect. False: it has been made; do nothing. A rival run waits here. */
  async once(tx: Tx | SystemScope, key: string): Promise<boolean> {
    const inserted = await tx.execute(
      "insert into platform.effect (effect_key, state, done_at) values ($1, 'DONE', now()) on conflict do nothing", [key]);
    return inserted === 1;
  }

  /** Calls the outside with the key as its idempotency key; null when an earlier run is known to have succeeded. */
  async outside<T>(key: string, call: (effectKey: string) => Promise<T>): Promise<T | null> {
    const state = await this.system.run(async (tx) => {
      await tx.execute("insert into platform.effect (effect_key, state) values ($1, 'STARTED') on conflict do nothing", [key]);
      const [row] = await tx.query<{ state: string }>('select state from platform.effect where effect_key = $1', [key]);
      return row?.state;
    });
    if (state === 'DONE') return null;
    const result = await call(key);
    await this.system.run((tx) => tx.execute("update platform.effect set state = 'DONE', done_at = now() where effect_key = $1", [key]));
    return result;
  }
}
