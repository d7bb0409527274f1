export * from './batch-journal.js';
export * from './crypto-runner.js';
export type { CryptoRunner, SealOrder } from './crypto-task.js';
export * from './tokeniser.js';
