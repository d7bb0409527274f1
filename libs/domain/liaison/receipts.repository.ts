/** Receipts and outcomes: signed statements of a liaison, appended, never changed. */
import { Injectable } from '@nestjs/common';
import { DomainError, type PackageId, type PartyId } from '#kernel';
import type { Tx } from '#platform/database';
import type { OutcomeStatement, ReceiptKind } from '#protocol';
import type { OutcomeRow, ReceiptRow } from './package.model.js';

const RECEIPT = 'receipt_id as id, kind, jws, sha256, received_at as "receivedAt"';
const OUTCOME = 'outcome_id as id, kind, persons, amount_cny::float8 as "amountCny", reference, jws, received_at as "receivedAt"';

@Injectable()
export class ReceiptsRepository {
  /** Oldest first. */
  ofPackage(tx: Tx, packageId: PackageId): Promise<ReceiptRow[]> {
    return tx.query<ReceiptRow>(`select ${RECEIPT} from tally.receipt where package_id = $1 order by seq`, [packageId]);
  }

  async find(tx: Tx, liaisonId: PartyId, receiptId: string): Promise<(ReceiptRow & { readonly packageId: PackageId }) | null> {
    const [row] = await tx.query<ReceiptRow & { packageId: PackageId }>(
      `select ${RECEIPT}, package_id as "packageId" from tally.receipt where liaison_id = $1 and receipt_id = $2`, [liaisonId, receiptId]);
    return row ?? null;
  }

  async add(tx: Tx, liaisonId: PartyId, one: { readonly id: string; readonly packageId: PackageId; readonly kind: ReceiptKind; readonly jws: string; readonly sha256: string }): Promise<void> {
    await tx.execute('insert into tally.receipt (liaison_id, receipt_id, package_id, kind, jws, sha256) values ($1, $2, $3, $4, $5, $6)',
      [liaisonId, one.id, one.packageId, one.kind, one.jws, one.sha256]);
  }

  outcomes(tx: Tx, packageId: PackageId): Promise<OutcomeRow[]> {
    return tx.query<OutcomeRow>(`select ${OUTCOME} from tally.outcome where package_id = $1 order by received_at, outcome_id`, [packageId]);
  }

  /** False when the same statement is there already. @throws DomainError IDEMPOTENCY_MISMATCH for another one under a known id. */
  async addOutcome(tx: Tx, liaisonId: PartyId, one: OutcomeStatement, jws: string): Promise<boolean> {
    const added = await tx.execute(`insert into tally.outcome (liaison_id, outcome_id, package_id, kind, persons, amount_cny, reference, jws)
      values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`, [liaisonId, one.id, one.package, one.kind, one.persons, one.amountCny, one.reference, jws]);
    if (added === 1) return true;
    const [known] = await tx.query('select 1 from tally.outcome where liaison_id = $1 and outcome_id = $2 and jws = $3', [liaisonId, one.id, jws]);
    if (!known) throw new DomainError('IDEMPOTENCY_MISMATCH', 'outcome id is known with another statement');
    return false;
  }
}
