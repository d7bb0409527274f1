export { Idempotency, IdempotencyInProgressError, IdempotencyMismatchError, type IdempotentCall } from './idempotency.js';
export { IdempotencyModule } from './idempotency.module.js';
