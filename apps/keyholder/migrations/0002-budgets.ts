/**
 * Budgets that refill, and repeats that nobody else can spend (docs/protocol/budgets.md). Every instant is taken from this
 * database's clock, so that several processes on one ledger count by one clock. An enrolment clock starts once, when the first roster
 * that names the member is accepted, and no statement here ever moves it.
 */
export const budgetsMigration = {
  name: '0002-budgets',
  sql: `
alter table keyholder.charge add column signed_ms bigint[] not null default '{}';

create table keyholder.enrolment (
  member_id uuid not null,
  epoch bigint not null,
  started_at timestamptz not null,
  primary key (member_id, epoch)
);

create function keyholder.accept_roster(p_epoch bigint, p_serial bigint, p_members uuid[], p_valid_from timestamptz[])
returns boolean language plpgsql set search_path = pg_catalog as $$
declare
  newest bigint;
begin
  insert into keyholder.roster_seen as seen (epoch, serial) values (p_epoch, p_serial)
    on conflict (epoch) do update set serial = greatest(seen.serial, excluded.serial) returning serial into newest;
  if newest <> p_serial then return false; end if;
  insert into keyholder.enrolment (member_id, epoch, started_at)
    select named.member_id, p_epoch, date_trunc('milliseconds', greatest(named.valid_from, clock_timestamp()))
    from unnest(p_members, p_valid_from) as named(member_id, valid_from) order by 1
    on conflict do nothing;
  return true;
end $$;

drop function keyholder.admit_batch(uuid, bigint, bytea, bytea, integer, text, text, bigint, integer);

create function keyholder.admit_batch(
  p_member uuid, p_epoch bigint, p_batch bytea, p_points bytea, p_n integer, p_signed_ms bigint, p_budget text, p_limit bigint, p_free_repeats integer, p_release_ms bigint
) returns text language plpgsql set search_path = pg_catalog as $$
declare
  known bytea;
  given integer;
  answered bigint[];
  spent bigint;
  granted bigint := p_limit;
  period_now text := '';
  instant timestamptz;
  started timestamptz;
  refills timestamptz;
begin
  insert into keyholder.batch (member_id, batch_id, points_sha256) values (p_member, p_batch, p_points) on conflict do nothing;
  select points_sha256 into strict known from keyholder.batch where member_id = p_member and batch_id = p_batch;
  if known <> p_points then raise exception using errcode = 'KH001', message = 'batch id reused'; end if;

  -- the row lock makes concurrent repeats of one batch wait for the first
  insert into keyholder.charge (member_id, epoch, points_sha256) values (p_member, p_epoch, p_points) on conflict do nothing;
  select answers, signed_ms into strict given, answered from keyholder.charge
    where member_id = p_member and epoch = p_epoch and points_sha256 = p_points for update;
  if p_signed_ms = any(answered) then raise exception using errcode = 'KH003', message = 'repeat refused', detail = 'answered'; end if;
  if given > p_free_repeats then raise exception using errcode = 'KH003', message = 'repeat refused', detail = 'repeats'; end if;
  update keyholder.charge set answers = given + 1, signed_ms = answered || p_signed_ms
    where member_id = p_member and epoch = p_epoch and points_sha256 = p_points;
  if given > 0 then return 'REPEAT'; end if;

  -- the day is that of the charge; a batch that waited over midnight finds its counter below
  instant := clock_timestamp();
  if p_budget = 'daily' then
    period_now := to_char(instant at time zone 'UTC', 'YYYY-MM-DD');
    refills := (date_trunc('day', instant at time zone 'UTC') + interval '1 day') at time zone 'UTC';
  end if;
  insert into keyholder.counter (member_id, epoch, budget, period) values (p_member, p_epoch, p_budget, period_now) on conflict do nothing;
  select used into strict spent from keyholder.counter
    where member_id = p_member and epoch = p_epoch and budget = p_budget and period = period_now for update;
  if p_budget = 'enrolment' then
    select started_at into strict started from keyholder.enrolment where member_id = p_member and epoch = p_epoch;
    granted := least(p_limit, floor(p_limit * greatest(0, floor(extract(epoch from (clock_timestamp() - started)) * 1000)) / p_release_ms));
    if p_limit > 0 then refills := started + ceil((spent + p_n)::numeric * p_release_ms / p_limit) * interval '1 millisecond'; end if;
  end if;
  if spent + p_n > granted then
    if p_n > p_limit or (p_budget = 'enrolment' and spent + p_n > p_limit) then refills := null; end if;
    raise exception using errcode = 'KH002', message = 'budget exhausted', detail = json_build_object(
      'left', greatest(0, granted - spent), 'refillsAt', to_char(refills at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text;
  end if;
  update keyholder.counter set used = spent + p_n
    where member_id = p_member and epoch = p_epoch and budget = p_budget and period = period_now;
  return 'CHARGED';
end $$;
`,
} as const;
