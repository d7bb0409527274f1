import { Module } from '@nestjs/common';
import { AuditIntake } from './audit-intake.js';

@Module({ providers: [{ provide: AuditIntake, useFactory: () => new AuditIntake() }], exports: [AuditIntake] })
export class AuditModule {}
