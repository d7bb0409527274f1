export * from './package.machine.js';
export * from './package.model.js';
export * from './inbox-cursor.js';
export * from './packages.repository.js';
export * from './inbox.repository.js';
export * from './receipts.repository.js';
export * from './delivery.repository.js';
export * from './liaison.module.js';
