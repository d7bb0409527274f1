/** Epochs that were stopped before their time. Insert only: there is no way back. */
export const epochsMigration = {
  name: '0004-epochs',
  sql: `
create table keyholder.epoch_stopped (
  epoch bigint primary key,
  seen_at timestamptz not null default now()
);
`,
} as const;
