/**
 * Plans of the match functions that do not depend on statistics. On tables that were just filled and not yet analysed the planner
 * began with the members and walked all their clues for each token asked, until the statement's deadline. Now the order is the written
 * one (tokens, their rows, the clues), lists inside a function are hashed, and no plan outlives the size of table it was made for.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MatchPlans1760000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const part of [RIGHTS_BEFORE, HELD, RECOMPUTE, CUSTOM_PLANS, RIGHTS_AFTER]) await runner.query(part);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}

/** Functions are replaced by their owner: so what they may read is never for a moment more than theirs. */
const RIGHTS_BEFORE = 'grant create on schema match to tally_match; set local role tally_match';

const HELD = `
  create or replace function match.held(tokens bytea[])
    returns table (bucket smallint, token bytea, member_id uuid, clue_id uuid, form smallint, kind text, strength text,
      category text, level smallint, role text, first_seen timestamptz, last_seen timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp set join_collapse_limit = 1 set plan_cache_mode = force_custom_plan
  begin atomic
    select ct.bucket, ct.token, ct.member_id, ct.clue_id, ct.form, ct.kind, ct.strength, c.category, c.level, c.role, c.first_seen, c.last_seen
      from (select distinct t, ((get_byte(t, 0) << 2) | (get_byte(t, 1) >> 6))::smallint as b from unnest(tokens) t) w
      join tally.clue_token ct on ct.bucket = w.b and ct.token = w.t and ct.live
      -- offset 0: found by its key, then looked at. With the state inside, the index of live tokens looked as good and was walked whole.
      cross join lateral (select k.* from tally.clue k where k.member_id = ct.member_id and k.clue_id = ct.clue_id offset 0) c
      join directory.party p on p.id = ct.member_id
      where c.state = 'LIVE' and c.expires_at > now() and c.role in ('AGENT', 'SUSPECT', 'IMPERSONATED')
        and p.status = 'ACTIVE' and p.role = 'member';
  end;
`;

const RECOMPUTE = `
  create or replace function match.recompute(tokens bytea[], for_member uuid) returns int
    language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan
  as $$
  declare
    opened int;
  begin
    perform match.lock_parties_at(tokens);
    with wanted as (select distinct t, ((get_byte(t, 0) << 2) | (get_byte(t, 1) >> 6))::smallint as b from unnest(tokens) t),
    views as materialized (
      select h.member_id, h.clue_id, h.form, h.bucket, h.token, h.kind,
          case when h.strength = 'EXACT' and s.exact then 'EXACT' else 'WEAK' end as strength,
          s.others, s.categories, s.levels,
          -- Two independent members corroborate each other (L2), on the indicator itself only.
          case when h.strength = 'EXACT' and s.exact then greatest(h.level, 2, (select max(l) from unnest(s.levels) l)) else h.level end::smallint as level,
          s.impersonated or h.role = 'IMPERSONATED' as impersonated, s.first_seen, s.last_seen
        from match.held(tokens) h join match.seen_by_holders(tokens) s using (bucket, token, member_id)),
    fresh as (
      select v.*, e.overlap_id,
          case when e.state is null or e.state = 'WITHDRAWN' then 'OVERLAP_OPENED' else 'OVERLAP_CHANGED' end as event_kind
        from views v left join tally.overlap e using (member_id, clue_id, form)
        where e.overlap_id is null or row (e.state, e.strength, e.others, e.categories, e.levels, e.level, e.impersonated, e.first_seen, e.last_seen)
          is distinct from row ('OPEN', v.strength, v.others, v.categories, v.levels, v.level, v.impersonated, v.first_seen, v.last_seen)),
    -- not in, not an anti-join: a hashed list whatever the planner thinks of the number of rows
    gone as (
      select e.* from wanted w join tally.overlap e on e.bucket = w.b and e.token = w.t
        where e.state = 'OPEN' and (e.member_id, e.clue_id, e.form) not in (select v.member_id, v.clue_id, v.form from views v)),
    -- Carries what is to be written: joining it to the views again would be a join of two lists whose length the planner cannot know.
    todo as materialized (
      select both_ways.*, coalesce(overlap_id, gen_random_uuid()) as id, row_number() over (partition by member_id order by clue_id, form) as place
        from (select member_id, clue_id, form, bucket, token, kind, strength, others, categories, levels, level, impersonated, first_seen, last_seen,
            overlap_id, event_kind from fresh
          union all select member_id, clue_id, form, bucket, token, kind, strength, others, categories, levels, level, impersonated, first_seen, last_seen,
            overlap_id, 'OVERLAP_WITHDRAWN' from gone) both_ways),
    heads as materialized (
      update tally.event_head h set last_seq = h.last_seq + n.changes
        from (select member_id, count(*) as changes from todo group by member_id) n where h.party_id = n.member_id
        returning h.party_id, h.last_seq - n.changes as base),
    numbered as materialized (select t.*, h.base + t.place as seq from todo t join heads h on h.party_id = t.member_id),
    told as (insert into tally.event (party_id, seq, kind, subject_id) select member_id, seq, event_kind, id from numbered),
    withdrawn as (
      update tally.overlap e set state = 'WITHDRAWN', seq = n.seq, changed_at = now()
        from numbered n where n.event_kind = 'OVERLAP_WITHDRAWN' and e.member_id = n.member_id and e.overlap_id = n.overlap_id),
    kept as (
      insert into tally.overlap as e (member_id, overlap_id, clue_id, form, bucket, token, seq, kind, strength, others, categories, levels, level,
          impersonated, first_seen, last_seen, state)
        select n.member_id, n.id, n.clue_id, n.form, n.bucket, n.token, n.seq, n.kind, n.strength, n.others, n.categories, n.levels, n.level,
            n.impersonated, n.first_seen, n.last_seen, 'OPEN'
          from numbered n where n.event_kind <> 'OVERLAP_WITHDRAWN'
        on conflict (member_id, clue_id, form) do update set seq = excluded.seq, strength = excluded.strength, others = excluded.others,
          categories = excluded.categories, levels = excluded.levels, level = excluded.level, impersonated = excluded.impersonated,
          first_seen = excluded.first_seen, last_seen = excluded.last_seen, state = 'OPEN', changed_at = now())
    select count(*) filter (where member_id = for_member and event_kind = 'OVERLAP_OPENED') into opened from numbered;
    return opened;
  end $$;
`;

/** A generic plan is made for the tables as they are then: empty ones, in a worker that started with the network. */
const CUSTOM_PLANS = ['seen_by_holders(bytea[])', 'parties_at(bytea[])', 'match_slice(uuid, uuid, int)', 'standing_slice(uuid, uuid, int)', 'withdraw(uuid[])', 'expire_clues(int)', 'check_tokens(text, text, text, text, text)']
  .map((name) => `alter function match.${name} set plan_cache_mode = force_custom_plan;`).join('\n');

const RIGHTS_AFTER = 'set local role tally_owner; revoke create on schema match from tally_match';
