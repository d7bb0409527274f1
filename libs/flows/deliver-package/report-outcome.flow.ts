/** A liaison's signed outcome, which every contributor sees. Appended; a package may have several. */
import { Injectable } from '@nestjs/common';
import { claimedKeyId, verifyStatement } from '#crypto';
import { AuditIntake } from '#domain/audit';
import { CasesRepository } from '#domain/cases';
import { PackagesRepository, ReceiptsRepository } from '#domain/liaison';
import { Directory } from '#domain/members';
import { DomainError, type PackageId } from '#kernel';
import { TenantTx, type Actor } from '#platform/database';
import { parseOutcome } from '#protocol';
import { liaisonKey } from './liaison-key.js';

@Injectable()
export class ReportOutcomeFlow {
  constructor(private readonly tenant: TenantTx, private readonly packages: PackagesRepository, private readonly receipts: ReceiptsRepository,
    private readonly cases: CasesRepository, private readonly directory: Directory, private readonly audit: AuditIntake) {}

  /** Idempotent by outcome id. @throws DomainError KEY_NOT_TRUSTED, SIGNATURE_INVALID, BAD_INPUT, NOT_FOUND, STATE_CONFLICT */
  run(actor: Actor, jws: string): Promise<{ outcomeId: string }> {
    return this.tenant.run(actor, async (tx) => {
      const key = await liaisonKey(tx, this.directory, actor.partyId, claimedKeyId(jws));
      const outcome = parseOutcome((await verifyStatement('tally-outcome+1', jws, key)).payload);
      const row = await this.packages.lockForLiaison(tx, actor.partyId, outcome.package as PackageId);
      if (!row || row.kind !== 'CASE') throw new DomainError('NOT_FOUND', 'package');
      if (!['RECEIVED', 'ACCEPTED', 'REJECTED', 'CLOSED'].includes(row.state)) throw new DomainError('STATE_CONFLICT', 'not received', { state: row.state });
      if (await this.receipts.addOutcome(tx, actor.partyId, outcome, jws)) {
        if (row.caseId) await this.cases.tell(tx, row.caseId, 'OUTCOME_REPORTED');
        await this.audit.append(tx, { kind: 'outcome.reported', package: row.id, outcome: outcome.id, outcomeKind: outcome.kind });
      }
      return { outcomeId: outcome.id };
    });
  }
}
