/** The hub's side of deliveries. ReadInboxFlow needs the cursor key and is provided by the hub; building and notifying are the worker's. */
import { Module } from '@nestjs/common';
import { AuditModule } from '#domain/audit';
import { CasesModule } from '#domain/cases';
import { LiaisonModule } from '#domain/liaison';
import { MembersModule } from '#domain/members';
import { IdempotencyModule } from '#platform/idempotency';
import { Outbox } from '#platform/queue';
import { AcknowledgePackageFlow } from './acknowledge-package.flow.js';
import { FetchPackageFlow } from './fetch-package.flow.js';
import { ReportOutcomeFlow } from './report-outcome.flow.js';
import { SendTestPackageFlow } from './send-test-package.flow.js';

const flows = [SendTestPackageFlow, FetchPackageFlow, AcknowledgePackageFlow, ReportOutcomeFlow];

@Module({
  imports: [AuditModule, CasesModule, IdempotencyModule, LiaisonModule, MembersModule],
  providers: [...flows, { provide: Outbox, useFactory: () => new Outbox() }],
  exports: flows,
})
export class DeliverPackageModule {}
