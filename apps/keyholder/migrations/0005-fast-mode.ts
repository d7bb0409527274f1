/** What was evaluated in fast mode, for whom, in which generation and quorum (docs/protocol/fast-mode.md). Holds no point. */
export const fastModeMigration = {
  name: '0005-fast-mode',
  sql: `
create table keyholder.fast_batch (
  member_id uuid not null,
  batch_id bytea not null check (octet_length(batch_id) = 16),
  manifest_hash bytea not null check (octet_length(manifest_hash) = 32),
  quorum integer not null check (quorum between 1 and 65535),
  first_at timestamptz not null default now(),
  primary key (member_id, batch_id, manifest_hash, quorum)
);
`,
} as const;
