import { Module } from '@nestjs/common';
import { AuditModule } from '#domain/audit';
import { MembersModule } from '#domain/members';
import { Outbox } from '#platform/queue';
import { ChangeStandingFlow } from './change-standing.flow.js';
import { ReadDirectoryFlow } from './read-directory.flow.js';

@Module({ imports: [AuditModule, MembersModule], providers: [ChangeStandingFlow, ReadDirectoryFlow, { provide: Outbox, useFactory: () => new Outbox() }], exports: [ChangeStandingFlow, ReadDirectoryFlow] })
export class OnboardMemberModule {}
