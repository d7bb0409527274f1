export { AuditIntake } from './audit-intake.js';
export { commitmentOf, isUnbroken, type AuditEvent, type Entry } from './audit.model.js';
export { AuditModule } from './audit.module.js';
