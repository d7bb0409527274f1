export * from './profile.js';
export * from './publish-file.js';
export { csvCell } from './rejects-file.js';
export * from './row-intake.js';
export * from './row-reject.js';
export * from './source-file.js';
