import { Module } from '@nestjs/common';
import { AuditModule } from '#domain/audit';
import { EpochsModule } from '#domain/epochs';
import { MembersModule } from '#domain/members';
import { ChangeEpochFlow } from './change-epoch.flow.js';
import { EpochRecords } from './epoch-records.js';

@Module({ imports: [AuditModule, EpochsModule, MembersModule], providers: [ChangeEpochFlow, EpochRecords], exports: [ChangeEpochFlow] })
export class RotateEpochModule {}
