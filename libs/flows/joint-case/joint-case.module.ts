import { Module } from '@nestjs/common';
import { AuditModule } from '#domain/audit';
import { CasesModule } from '#domain/cases';
import { LiaisonModule } from '#domain/liaison';
import { MembersModule } from '#domain/members';
import { IdempotencyModule } from '#platform/idempotency';
import { Outbox } from '#platform/queue';
import { AnswerInvitationFlow } from './answer-invitation.flow.js';
import { ApproveCaseFlow } from './approve-case.flow.js';
import { ContributeFlow } from './contribute.flow.js';
import { ProposeCaseFlow } from './propose-case.flow.js';
import { ReadCaseFlow } from './read-case.flow.js';
import { WithdrawCaseFlow } from './withdraw-case.flow.js';

const flows = [ProposeCaseFlow, AnswerInvitationFlow, ContributeFlow, ApproveCaseFlow, WithdrawCaseFlow, ReadCaseFlow];

@Module({
  imports: [AuditModule, CasesModule, IdempotencyModule, LiaisonModule, MembersModule],
  providers: [...flows, { provide: Outbox, useFactory: () => new Outbox() }],
  exports: flows,
})
export class JointCaseModule {}
