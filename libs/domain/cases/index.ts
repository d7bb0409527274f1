export * from './case.machine.js';
export * from './case.model.js';
export * from './case-payload.js';
export * from './case.policy.js';
export * from './cases.repository.js';
export * from './contributions.repository.js';
export * from './case-approvals.js';
export * from './cases.module.js';
