import { Global, Module } from '@nestjs/common';
import { AuditIntake } from './audit-intake.js';

@Global()
@Module({ providers: [{ provide: AuditIntake, useFactory: () => new AuditIntake() }], exports: [AuditIntake] })
export class AuditModule {}
