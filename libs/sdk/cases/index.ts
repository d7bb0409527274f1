export * from './case-documents.js';
export * from './case-view.js';
export * from './pinned-recipients.js';
export * from './cases-client.js';
export * from './contribution-builder.js';
export * from './contribute.js';
export * from './follow-case.js';
export * from './liaison-client.js';
