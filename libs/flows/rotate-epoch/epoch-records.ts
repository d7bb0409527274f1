import { Injectable } from '@nestjs/common';
import { AuditIntake } from '#domain/audit';
import type { Tx } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { Outbox } from '#platform/queue';

/** What a change of epochs leaves behind besides its row: history, events, the job that erases. */
@Injectable()
export class EpochRecords {
  constructor(private readonly audit: AuditIntake, private readonly idempotency: Idempotency, private readonly outbox: Outbox) {}

  async once(tx: Tx, operation: string, key: string, request: object, work: (tx: Tx) => Promise<void>): Promise<void> {
    await this.idempotency.run(tx, { operation, key, request }, async () => {
      await work(tx);
      return {};
    });
  }

  async of(tx: Tx, event: { kind: string; epoch: number; digest: string; overlapDays?: number }, kind: string, epochId: string, members: readonly string[]): Promise<void> {
    await tx.query('select match.emit($1::uuid[], $2, $3)', [members, kind, epochId]);
    await this.audit.append(tx, { ...event });
  }

  async erase(tx: Tx, erasureId: string, delayMs: number): Promise<void> {
    await this.outbox.append(tx, 'epochs.erase', { erasureId }, { delayMs });
  }
}
