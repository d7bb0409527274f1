/**
 * A check over two epochs (docs/protocol/epochs.md). While members move, some clues have a token in the epoch before only, some in the new one
 * only, some in both. Whoever checks gives the token of each value in both, and is answered once a value: as many other members as in the epoch
 * that has more. Nothing shows that two tokens belong to one value: so both are debited, and the answer says no more than two answers would.
 * Members counted over both would tell whoever pairs the tokens of two values whether the same member holds them.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CheckOverEpochs1760000000018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const part of [AS_MATCHER, CHECK_OVER_EPOCHS, AS_OWNER]) await runner.query(part);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}

const AS_MATCHER = 'grant create on schema match, tally to tally_match; set local role tally_match';

/** Without `former` it is what it was; a hub of the release before calls it without. */
const CHECK_OVER_EPOCHS = `
  drop function match.check_tokens(text, text, text, text, text);
  create function match.check_tokens(purpose text, basis_code text, basis_law text, basis_article text, tokens text, former text default null)
    returns table (disclosure_id uuid, remaining int, place int, others smallint, exact boolean, categories text[], levels smallint[],
      impersonated boolean, first_seen timestamptz, last_seen timestamptz)
    language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan
  as $$
  #variable_conflict use_column
  declare
    asker uuid := sec.party();
    asked int := length(tokens) / 32;
    given text := tokens || coalesce(former, '');
    -- Of place p: at p, and in the epoch before at p + asked.
    list bytea[];
    spent int;
    allowance int := (select r.value from tally.network_rule r where r.name = 'checks-per-day');
    id uuid := gen_random_uuid();
    bands boolean := match.bands_allowed();
  begin
    if asker is null or not exists (select from directory.party p where p.id = asker and p.role = 'member' and p.status = 'ACTIVE') then
      raise exception 'no member' using errcode = '28000';
    end if;
    if asked not between 1 and 500 or length(tokens) <> asked * 32 or length(former) <> asked * 32 then
      raise exception 'tokens' using errcode = '22023';
    end if;
    list := array(select decode(substr(given, 32 * i + 1, 32), 'hex') from generate_series(0, length(given) / 32 - 1) i order by i);
    insert into tally.check_quota as q (member_id, day, used) values (asker, (now() at time zone 'UTC')::date, cardinality(list))
      on conflict (member_id, day) do update set used = q.used + excluded.used returning q.used into spent;
    if spent > allowance then
      raise exception 'quota' using errcode = 'TL429';
    end if;
    -- A retraction that runs now waits for this answer and then finds its record; one that was first is seen by the next statement.
    perform 1 from tally.clue_token ct
      where ct.live and ct.member_id <> asker
        and (ct.bucket, ct.token) in (select ((get_byte(t, 0) << 2) | (get_byte(t, 1) >> 6))::smallint, t from unnest(list) t)
      order by ct.bucket, ct.token, ct.member_id, ct.clue_id, ct.form for share;
    return query
    with held as materialized (select h.* from match.held(list) h where h.member_id <> asker),
    counted as materialized (
      select l.at, count(distinct h.member_id) as members from unnest(list) with ordinality l (token, at) join held h on h.token = l.token group by l.at),
    -- The greater of two counts, never their union: see above.
    answers as materialized (
      select ((l.at - 1) % asked)::int + 1 as place, least(max(c.members), 2)::smallint as others, bool_or(h.strength = 'EXACT') as exact,
          array_agg(distinct h.category order by h.category) as categories, array_agg(distinct h.level order by h.level) as levels,
          bool_or(h.role = 'IMPERSONATED') as impersonated,
          date_trunc('day', min(h.first_seen), 'UTC') as first_seen, date_trunc('day', max(h.last_seen), 'UTC') as last_seen
        from unnest(list) with ordinality l (token, at) join held h on h.token = l.token join counted c on c.at = l.at group by 1),
    record as (
      insert into tally.disclosure (member_id, disclosure_id, kind, client_id, purpose, basis_code, basis_law, basis_article, asked, hits)
        values (asker, id, 'CHECK', coalesce(sec.client(), ''), check_tokens.purpose, check_tokens.basis_code, check_tokens.basis_law, check_tokens.basis_article,
          asked, (select count(distinct list[a.place]) from answers a)) returning member_id),
    hits as (
      insert into tally.disclosure_hit (member_id, disclosure_id, bucket, token, epoch)
        select asker, id, ((get_byte(h.token, 0) << 2) | (get_byte(h.token, 1) >> 6))::smallint, h.token, max(h.epoch) from held h group by h.token)
    select id, allowance - spent, p::int, case when a.place is null then 0 when bands then a.others else 1 end::smallint,
        case when bands then a.exact end, case when bands then coalesce(a.categories, '{}') else '{}' end, case when bands then coalesce(a.levels, '{}') else '{}' end,
        coalesce(a.impersonated, false), case when bands then a.first_seen end, case when bands then a.last_seen end
      from generate_series(1, asked) p left join answers a on a.place = p order by p;
  end $$;
  revoke execute on function match.check_tokens(text, text, text, text, text, text) from public;
  grant execute on function match.check_tokens(text, text, text, text, text, text) to tally_app;
`;
const AS_OWNER = 'set local role tally_owner; revoke create on schema match, tally from tally_match';
