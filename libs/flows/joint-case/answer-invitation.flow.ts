/** An invited member joins or declines. The first to join opens the case; from then on those who joined know each other. */
import { Injectable } from '@nestjs/common';
import { AuditIntake } from '#domain/audit';
import { CasesRepository, moveCase, moveInvitation, type InvitationAct } from '#domain/cases';
import { DomainError, type CaseId } from '#kernel';
import { TenantTx, type Actor } from '#platform/database';
import { Idempotency } from '#platform/idempotency';

export interface AnswerInvitation { readonly caseId: string; readonly answer: 'JOIN' | 'DECLINE'; readonly idempotencyKey: string }

const ACTS: Readonly<Record<AnswerInvitation['answer'], InvitationAct>> = { JOIN: 'join', DECLINE: 'decline' };

@Injectable()
export class AnswerInvitationFlow {
  constructor(private readonly tenant: TenantTx, private readonly cases: CasesRepository, private readonly audit: AuditIntake, private readonly idempotency: Idempotency) {}

  /** @throws DomainError NOT_FOUND when not invited, STATE_CONFLICT when answered or the case has ended */
  run(actor: Actor, { idempotencyKey, ...input }: AnswerInvitation): Promise<{ caseId: string }> {
    const id = input.caseId as CaseId;
    return this.tenant.run(actor, (tx) => this.idempotency.run(tx, { operation: 'answerInvitation', key: idempotencyKey, request: input }, async () => {
      const own = await this.cases.ownPart(tx, actor.partyId, id);
      if (own?.part !== 'INVITED') throw new DomainError('NOT_FOUND', 'invitation');
      await this.cases.answer(tx, actor.partyId, id, moveInvitation(own.invitation, ACTS[input.answer]));
      if (input.answer === 'JOIN') {
        const jointCase = await this.cases.lock(tx, id);
        if (!jointCase) throw new DomainError('NOT_FOUND', 'case');
        await this.cases.move(tx, id, moveCase(jointCase.state, 'open'));
      }
      await this.cases.tell(tx, id, input.answer === 'JOIN' ? 'CASE_JOINED' : 'CASE_DECLINED');
      await this.audit.append(tx, { kind: input.answer === 'JOIN' ? 'case.joined' : 'case.declined', case: id });
      return { caseId: id };
    }));
  }
}
