export * from './propose-case.flow.js';
export * from './answer-invitation.flow.js';
export * from './contribute.flow.js';
export * from './approve-case.flow.js';
export * from './withdraw-case.flow.js';
export * from './read-case.flow.js';
export * from './joint-case.module.js';
