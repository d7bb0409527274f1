/** Batches of fast mode are found by their age when they are forgotten (fast-batch-retention.ts). */
export const fastBatchRetentionMigration = {
  name: '0006-fast-batch-retention',
  sql: 'create index fast_batch_age on keyholder.fast_batch (first_at)',
} as const;
