export * from './change-standing.flow.js';
export * from './onboard-member.module.js';
export * from './read-directory.flow.js';
