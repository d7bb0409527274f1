export * from './batch-journal.js';
export * from './crypto-runner.js';
export type { CryptoRunner, SealOrder } from './crypto-task.js';
export { setEngine } from './member-engine.js';
export * from './tokeniser.js';
