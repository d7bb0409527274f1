/**
 * What a holder must never forget: which batch ids were used for which bytes, what was charged, how far each counter is.
 * admit_batch() is one atomic step; a refusal raises, so that nothing of a refused batch stays.
 */
export const ledgerMigration = {
  name: '0001-ledger',
  sql: `
create schema keyholder;
create table keyholder.batch (
  member_id uuid not null,
  batch_id bytea not null check (octet_length(batch_id) = 16),
  points_sha256 bytea not null check (octet_length(points_sha256) = 32),
  first_at timestamptz not null default now(),
  primary key (member_id, batch_id)
);
create table keyholder.charge (
  member_id uuid not null,
  epoch bigint not null,
  points_sha256 bytea not null check (octet_length(points_sha256) = 32),
  answers integer not null default 0,
  primary key (member_id, epoch, points_sha256)
);
create table keyholder.counter (
  member_id uuid not null,
  epoch bigint not null,
  budget text not null check (budget in ('publish', 'enrolment', 'daily')),
  period text not null,
  used bigint not null default 0 check (used >= 0),
  primary key (member_id, epoch, budget, period)
);
create table keyholder.roster_seen (
  epoch bigint primary key,
  serial bigint not null
);

create function keyholder.admit_batch(
  p_member uuid, p_epoch bigint, p_batch bytea, p_points bytea, p_n integer, p_budget text, p_period text, p_limit bigint, p_free_repeats integer
) returns text language plpgsql set search_path = pg_catalog as $$
declare
  known bytea;
  given integer;
begin
  insert into keyholder.batch (member_id, batch_id, points_sha256) values (p_member, p_batch, p_points) on conflict do nothing;
  select points_sha256 into strict known from keyholder.batch where member_id = p_member and batch_id = p_batch;
  if known <> p_points then raise exception using errcode = 'KH001', message = 'batch id reused'; end if;

  -- the row lock makes concurrent repeats of one batch wait for the first
  insert into keyholder.charge (member_id, epoch, points_sha256) values (p_member, p_epoch, p_points) on conflict do nothing;
  select answers into strict given from keyholder.charge
    where member_id = p_member and epoch = p_epoch and points_sha256 = p_points for update;
  update keyholder.charge set answers = given + 1 where member_id = p_member and epoch = p_epoch and points_sha256 = p_points;
  if given % (p_free_repeats + 1) <> 0 then return 'REPEAT'; end if;

  insert into keyholder.counter (member_id, epoch, budget, period) values (p_member, p_epoch, p_budget, p_period) on conflict do nothing;
  update keyholder.counter set used = used + p_n
    where member_id = p_member and epoch = p_epoch and budget = p_budget and period = p_period and used + p_n <= p_limit;
  if not found then raise exception using errcode = 'KH002', message = 'budget exhausted'; end if;
  return 'CHARGED';
end $$;
`,
} as const;
