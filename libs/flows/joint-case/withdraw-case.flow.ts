/** The lead takes a case back, as long as the liaison has not fetched its package. */
import { Injectable } from '@nestjs/common';
import { AuditIntake } from '#domain/audit';
import { CasesRepository, moveCase } from '#domain/cases';
import { PackagesRepository, movePackage } from '#domain/liaison';
import { DomainError, type CaseId } from '#kernel';
import { TenantTx, type Actor } from '#platform/database';
import { Idempotency } from '#platform/idempotency';

export interface WithdrawCase { readonly caseId: string; readonly idempotencyKey: string }

@Injectable()
export class WithdrawCaseFlow {
  constructor(private readonly tenant: TenantTx, private readonly cases: CasesRepository, private readonly packages: PackagesRepository,
    private readonly audit: AuditIntake, private readonly idempotency: Idempotency) {}

  /** @throws DomainError NOT_FOUND for anybody but the lead, STATE_CONFLICT */
  run(actor: Actor, { idempotencyKey, ...input }: WithdrawCase): Promise<{ caseId: string }> {
    const id = input.caseId as CaseId;
    return this.tenant.run(actor, (tx) => this.idempotency.run(tx, { operation: 'withdrawCase', key: idempotencyKey, request: input }, async () => {
      const own = await this.cases.ownPart(tx, actor.partyId, id);
      if (own?.part !== 'LEAD') throw new DomainError('NOT_FOUND', 'case');
      const jointCase = await this.cases.lock(tx, id);
      if (!jointCase) throw new DomainError('NOT_FOUND', 'case');
      const sent = await this.packages.ofCase(tx, id);
      if (sent) await this.packages.move(tx, sent.id, sent.state, movePackage(sent.state, 'withdraw'));
      await this.cases.move(tx, id, moveCase(jointCase.state, 'withdraw'));
      await this.cases.tell(tx, id, 'CASE_WITHDRAWN');
      await this.audit.append(tx, { kind: 'case.withdrawn', case: id });
      return { caseId: id };
    }));
  }
}
