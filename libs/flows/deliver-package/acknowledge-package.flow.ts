/**
 * A liaison's signed receipt. RECEIVED, ACCEPTED and REJECTED move the package; the others are appended. Receipts of a package form
 * a chain (each names the digest of the one before), and are idempotent by their id.
 */
import { Injectable } from '@nestjs/common';
import { claimedKeyId, sha256Hex, verifyStatement } from '#crypto';
import { AuditIntake } from '#domain/audit';
import { CasesRepository } from '#domain/cases';
import { PackagesRepository, RECEIPT_ACTS, ReceiptsRepository, movePackage, type PackageRow, type PackageState } from '#domain/liaison';
import { Directory } from '#domain/members';
import { DomainError, type PackageId } from '#kernel';
import { TenantTx, type Actor, type Tx } from '#platform/database';
import { parseReceipt, type ReceiptStatement } from '#protocol';
import { liaisonKey } from './liaison-key.js';

export interface Acknowledged { readonly receiptId: string; readonly sha256: string; readonly state: PackageState }

@Injectable()
export class AcknowledgePackageFlow {
  constructor(private readonly tenant: TenantTx, private readonly packages: PackagesRepository, private readonly receipts: ReceiptsRepository,
    private readonly cases: CasesRepository, private readonly directory: Directory, private readonly audit: AuditIntake) {}

  /** @throws DomainError KEY_NOT_TRUSTED, SIGNATURE_INVALID, BAD_INPUT, NOT_FOUND, DIGEST_MISMATCH, STATE_CONFLICT, IDEMPOTENCY_MISMATCH */
  run(actor: Actor, jws: string): Promise<Acknowledged> {
    return this.tenant.run(actor, async (tx) => {
      const key = await liaisonKey(tx, this.directory, actor.partyId, claimedKeyId(jws));
      const receipt = parseReceipt((await verifyStatement('tally-receipt+1', jws, key)).payload);
      const row = await this.packages.lockForLiaison(tx, actor.partyId, receipt.package as PackageId);
      if (!row) throw new DomainError('NOT_FOUND', 'package');
      const sha256 = sha256Hex(jws);
      const known = await this.receipts.find(tx, actor.partyId, receipt.id);
      if (known) {
        if (known.sha256 !== sha256) throw new DomainError('IDEMPOTENCY_MISMATCH', 'receipt id is known with another statement');
        return { receiptId: receipt.id, sha256, state: row.state };
      }
      await this.assertFollows(tx, receipt, row);
      const state = await this.apply(tx, actor, receipt, row);
      await this.receipts.add(tx, actor.partyId, { id: receipt.id, packageId: row.id, kind: receipt.kind, jws, sha256 });
      await this.audit.append(tx, { kind: 'receipt.signed', package: row.id, receipt: receipt.id, receiptKind: receipt.kind });
      return { receiptId: receipt.id, sha256, state };
    });
  }

  private async assertFollows(tx: Tx, receipt: ReceiptStatement, row: PackageRow): Promise<void> {
    if (receipt.digest !== row.digest) throw new DomainError('DIGEST_MISMATCH', 'receipt for other bytes');
    const last = (await this.receipts.ofPackage(tx, row.id)).at(-1);
    if (receipt.previous !== (last?.sha256 ?? null)) throw new DomainError('STATE_CONFLICT', 'receipt does not follow the last one', { state: row.state });
    const contributions = await this.packages.contributionIds(tx, row.id);
    const opened = receipt.openings.map((one) => one.contribution).sort();
    const expected = receipt.kind === 'OPENED' || receipt.kind === 'ACCEPTED' ? [...contributions].sort() : [];
    if (opened.join() !== expected.join()) throw new DomainError('BAD_INPUT', 'openings', { field: 'openings' });
  }

  private async apply(tx: Tx, actor: Actor, receipt: ReceiptStatement, row: PackageRow): Promise<PackageState> {
    const act = RECEIPT_ACTS[receipt.kind];
    if (!act && !['FETCHED', 'RECEIVED', 'ACCEPTED', 'REJECTED', 'CLOSED'].includes(row.state)) throw new DomainError('STATE_CONFLICT', 'not fetched', { state: row.state });
    const state = act ? movePackage(row.state, act) : row.state;
    await this.packages.move(tx, row.id, row.state, state);
    if (row.caseId) await this.cases.tell(tx, row.caseId, `PACKAGE_${receipt.kind}`);
    return state;
  }
}
