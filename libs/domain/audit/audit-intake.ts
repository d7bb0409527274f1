/**
 * Each flow records what it did in its own transaction: the entry exists if and only if the act does. A party's head is
 * locked until the flow commits, so that its sequence has no gap; record parties in a fixed order to avoid deadlocks
 * (one would be rerun, not lost).
 */
import { randomBytes } from 'node:crypto';
import { systemClock, type Clock, type PartyId } from '#kernel';
import type { SystemScope, Tx } from '#platform/database';
import { entryOf, type AuditEvent, type Entry } from './audit.model.js';

export class AuditIntake {
  constructor(private readonly clock: Clock = systemClock, private readonly random: (n: number) => Uint8Array = randomBytes) {}

  /** Records the event in the actor's own history. */
  append(tx: Tx, event: AuditEvent): Promise<void> {
    return this.appendFor(tx, tx.actor.partyId, event);
  }

  /** Records the event in the history of a party that it affects, from that party's view. */
  async appendFor(tx: Tx | SystemScope, partyId: PartyId, event: AuditEvent): Promise<void> {
    const [head] = await tx.query<{ seq: string; commitment: Buffer | null }>('select seq, commitment from audit.lock_head($1)', [partyId]);
    if (!head) throw new Error('audit head is missing');
    const entry = entryOf(event, { seq: Number(head.seq) + 1, previous: head.commitment }, this.clock.now(), this.random(32));
    await tx.query('select audit.record($1, $2, $3, $4, $5, $6)', [partyId, entry.seq, entry.previous, entry.event, entry.r, entry.commitment]);
  }

  /** The actor's own history, oldest first. */
  async history(tx: Tx, afterSeq = 0, limit = 100): Promise<Entry[]> {
    const rows = await tx.query<Entry & { seq: unknown }>(
      'select seq, previous, event, r, commitment from audit.intake where party_id = $1 and seq > $2 order by seq limit $3',
      [tx.actor.partyId, afterSeq, limit]);
    return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
  }
}
