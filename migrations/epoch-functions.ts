/**
 * Functions of tally_match that know epochs. A form of a clue may have a token in each of two epochs while members move; what its
 * holder sees is the union over them, so that nobody's view changes because one side has moved and the other has not. Locks and
 * classes are those of match-functions.ts.
 */

/** When an epoch counts. Whatever writes tokens holds the register shared; whatever changes the register waits for them. */
export const EPOCH_RULES = `
  create function match.first_open_epoch() returns bigint
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select coalesce(max(e.epoch), 0) from tally.epoch e where e.overlap_until <= now();
  end;
  create function match.stopped_epochs() returns bigint[]
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select coalesce(array_agg(s.epoch), '{}') from tally.epoch_stop s;
  end;
  create function match.current_epoch() returns bigint
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select max(e.epoch) from tally.epoch e;
  end;
  create function match.epoch_open(which bigint) returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select which >= match.first_open_epoch() and not which = any (match.stopped_epochs()) and which <= coalesce(match.current_epoch(), which);
  end;
  comment on function match.epoch_open(bigint) is 'May clues be published into this epoch? Before the first announcement: into any that was not stopped';
  create function match.rotating() returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select exists (select from tally.epoch_erasure e where e.finished_at is null);
  end;
  comment on function match.rotating() is 'May a form have tokens of two epochs?';

  create function match.hold_epochs() returns void
    language sql volatile security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select pg_advisory_xact_lock_shared(7401197498);
  end;
  create function match.change_epochs() returns void
    language sql volatile security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select pg_advisory_xact_lock(7401197498);
  end;
  comment on function match.change_epochs() is 'Waits for every transaction that is writing tokens: none of a closed epoch comes in later';
`;

/** Which forms count, and what each holder sees of the others. Replaces held() and seen_by_holders(). */
export const MATCH_IN_EPOCHS = `
  drop function match.seen_by_holders(bytea[]);
  drop function match.held(bytea[]);
  create function match.held(tokens bytea[])
    returns table (bucket smallint, token bytea, member_id uuid, clue_id uuid, form smallint, kind text, strength text,
      category text, level smallint, role text, first_seen timestamptz, last_seen timestamptz, epoch bigint)
    language sql stable security definer set search_path = pg_catalog, pg_temp set join_collapse_limit = 1 set plan_cache_mode = force_custom_plan
  begin atomic
    select ct.bucket, ct.token, ct.member_id, ct.clue_id, ct.form, ct.kind, ct.strength, c.category, c.level, c.role, c.first_seen, c.last_seen, ct.epoch
      from (select distinct t, ((get_byte(t, 0) << 2) | (get_byte(t, 1) >> 6))::smallint as b from unnest(tokens) t) w
      join tally.clue_token ct on ct.bucket = w.b and ct.token = w.t and ct.live
      -- offset 0: found by its key, then looked at (1760000000006-match-plans.ts).
      cross join lateral (select k.* from tally.clue k where k.member_id = ct.member_id and k.clue_id = ct.clue_id offset 0) c
      join directory.party p on p.id = ct.member_id
      where c.state = 'LIVE' and c.expires_at > now() and c.role in ('AGENT', 'SUSPECT', 'IMPERSONATED')
        and ct.epoch >= (select match.first_open_epoch()) and not ct.epoch = any ((select match.stopped_epochs())::bigint[])
        and p.status = 'ACTIVE' and p.role = 'member';
  end;
  comment on function match.held(bytea[]) is 'Live forms on these tokens that count now: of a clue in force, of an active member, in an epoch that is not closed';

  create function match.widened(tokens bytea[]) returns bytea[]
    language sql stable security definer set search_path = pg_catalog, pg_temp set join_collapse_limit = 1 set plan_cache_mode = force_custom_plan
  begin atomic
    select case when not (select match.rotating()) then tokens else tokens || (
      select array_agg(distinct s.token)
        from (select distinct t, ((get_byte(t, 0) << 2) | (get_byte(t, 1) >> 6))::smallint as b from unnest(tokens) t) w
        join tally.clue_token ct on ct.bucket = w.b and ct.token = w.t and ct.live
        join tally.clue_token s on s.member_id = ct.member_id and s.clue_id = ct.clue_id and s.form = ct.form and s.live and s.epoch <> ct.epoch) end;
  end;
  comment on function match.widened(bytea[]) is 'These tokens and those that the same forms have in the other epoch';

  create function match.forms_at(tokens bytea[]) returns table (member_id uuid, clue_id uuid, form smallint)
    language sql stable security definer set search_path = pg_catalog, pg_temp set join_collapse_limit = 1 set plan_cache_mode = force_custom_plan
  begin atomic
    select distinct ct.member_id, ct.clue_id, ct.form
      from (select distinct t, ((get_byte(t, 0) << 2) | (get_byte(t, 1) >> 6))::smallint as b from unnest(tokens) t) w
      join tally.clue_token ct on ct.bucket = w.b and ct.token = w.t and ct.live;
  end;
  comment on function match.forms_at(bytea[]) is 'Live forms on these tokens, whether or not they count';

  create function match.overlaps_at(tokens bytea[]) returns table (member_id uuid, overlap_id uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp set join_collapse_limit = 1 set plan_cache_mode = force_custom_plan
  begin atomic
    with wanted as (select distinct t, ((get_byte(t, 0) << 2) | (get_byte(t, 1) >> 6))::smallint as b from unnest(tokens) t)
    select o.member_id, o.overlap_id from wanted w join tally.overlap o on o.bucket = w.b and o.token = w.t
    union
    -- A row names the token of one epoch; its form may hold the other.
    select o.member_id, o.overlap_id from wanted w join tally.clue_token ct on ct.bucket = w.b and ct.token = w.t and ct.live
      join tally.overlap o on o.member_id = ct.member_id and o.clue_id = ct.clue_id and o.form = ct.form
      where (select match.rotating());
  end;

  create function match.form_views(tokens bytea[])
    returns table (member_id uuid, clue_id uuid, form smallint, bucket smallint, token bytea, kind text, strength text, others smallint, categories text[],
      levels smallint[], level smallint, impersonated boolean, first_seen timestamptz, last_seen timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan
  begin atomic
    with held as materialized (select h.* from match.held(match.widened(tokens)) h),
    by_member as materialized (
      select h.token, h.member_id, bool_or(h.strength = 'EXACT') as exact, array_agg(distinct h.category) as categories,
          array_agg(distinct h.level) as levels, bool_or(h.role = 'IMPERSONATED') as impersonated, min(h.first_seen) as first_seen, max(h.last_seen) as last_seen
        from held h group by h.token, h.member_id),
    -- A form as its holder sees it: every other member on any of its tokens, each once.
    seen as (
      select m.member_id, m.clue_id, m.form, (array_agg(m.token order by m.epoch desc))[1] as token, min(m.kind) as kind, min(m.strength) as own_strength,
          min(m.level) as own_level, bool_or(m.role = 'IMPERSONATED') as own_impersonated,
          least(count(distinct o.member_id), 2)::smallint as others, bool_or(o.exact) as exact,
          array_agg(distinct their_category order by their_category) as categories, array_agg(distinct their_level order by their_level) as levels,
          max(their_level) as highest, bool_or(o.impersonated) as impersonated, date_trunc('day', min(o.first_seen), 'UTC') as first_seen, date_trunc('day', max(o.last_seen), 'UTC') as last_seen
        from held m join match.forms_at(tokens) a on a.member_id = m.member_id and a.clue_id = m.clue_id and a.form = m.form
        join by_member o on o.token = m.token and o.member_id <> m.member_id
        cross join lateral unnest(o.categories) as c (their_category)
        cross join lateral unnest(o.levels) as l (their_level)
        group by m.member_id, m.clue_id, m.form)
    select s.member_id, s.clue_id, s.form, ((get_byte(s.token, 0) << 2) | (get_byte(s.token, 1) >> 6))::smallint, s.token, s.kind,
        case when s.own_strength = 'EXACT' and s.exact then 'EXACT' else 'WEAK' end, s.others, s.categories, s.levels,
        -- Two independent members corroborate each other (L2), on the indicator itself only.
        case when s.own_strength = 'EXACT' and s.exact then greatest(s.own_level, 2, s.highest) else s.own_level end::smallint,
        s.impersonated or s.own_impersonated, s.first_seen, s.last_seen
      from seen s;
  end;

  create or replace function match.recompute(tokens bytea[], for_member uuid) returns int
    language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan
  as $$
  declare
    opened int;
  begin
    perform match.lock_parties_at(tokens);
    with views as materialized (select v.* from match.form_views(tokens) v),
    fresh as (
      select v.*, e.overlap_id,
          case when e.state is null or e.state = 'WITHDRAWN' then 'OVERLAP_OPENED' else 'OVERLAP_CHANGED' end as event_kind
        from views v left join tally.overlap e using (member_id, clue_id, form)
        where e.overlap_id is null or row (e.state, e.strength, e.others, e.categories, e.levels, e.level, e.impersonated, e.first_seen, e.last_seen)
          is distinct from row ('OPEN', v.strength, v.others, v.categories, v.levels, v.level, v.impersonated, v.first_seen, v.last_seen)),
    -- not in, not an anti-join: a hashed list whatever the planner thinks of the number of rows
    gone as (
      select e.* from match.overlaps_at(tokens) x join tally.overlap e on e.member_id = x.member_id and e.overlap_id = x.overlap_id
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
        on conflict (member_id, clue_id, form) do update set seq = excluded.seq, bucket = excluded.bucket, token = excluded.token,
          strength = excluded.strength, others = excluded.others,
          categories = excluded.categories, levels = excluded.levels, level = excluded.level, impersonated = excluded.impersonated,
          first_seen = excluded.first_seen, last_seen = excluded.last_seen, state = 'OPEN', changed_at = now())
    select count(*) filter (where member_id = for_member and event_kind = 'OVERLAP_OPENED') into opened from numbered;
    return opened;
  end $$;

  create or replace function match.match_slice(member uuid, publication uuid, slice int, out examined int, out opened int, out done boolean)
    language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan
  as $$
  declare
    pub tally.publication;
    clues uuid[];
    shared bytea[];
  begin
    select * into pub from tally.publication p where p.member_id = member and p.publication_id = publication for update;
    examined := 0; opened := 0; done := true;
    if not found or pub.state <> 'FINISHED' or pub.match_state = 'DONE' then
      return;
    end if;
    pub.matched_after := coalesce(pub.matched_after, '00000000-0000-0000-0000-000000000000');
    -- A publication of moves has no clues of its own, only new tokens of clues from others.
    clues := array(
      (select c.clue_id from tally.clue c where pub.via <> 'MOVE' and c.member_id = member and c.publication_id = publication and c.clue_id > pub.matched_after
        order by c.clue_id limit slice)
      union all
      (select m.clue_id from tally.clue_move m where pub.via = 'MOVE' and m.member_id = member and m.publication_id = publication and m.clue_id > pub.matched_after
        order by m.clue_id limit slice));
    examined := cardinality(clues);
    if examined > 0 then
      select array_agg(distinct ct.token) into shared
        from unnest(clues) u join tally.clue_token ct on ct.member_id = member and ct.clue_id = u
        where ct.live
          and exists (select from tally.clue_token o where o.bucket = ct.bucket and o.token = ct.token and o.live and o.member_id <> member)
          -- A variant that thousands of clues share (a host that everybody uses) says nothing and would cost everybody's time.
          and (ct.strength = 'EXACT' or (select count(*) from (select from tally.clue_token o where o.bucket = ct.bucket and o.token = ct.token and o.live limit 5001) many) <= 5000);
      if shared is not null then
        opened := match.recompute(shared, member);
      end if;
    end if;
    done := examined < slice;
    update tally.publication p set matched_after = coalesce(clues[cardinality(clues)], p.matched_after), overlap_count = p.overlap_count + opened,
        match_state = case when match_slice.done then 'DONE' else 'RUNNING' end, matched_at = case when match_slice.done then now() end
      where p.member_id = member and p.publication_id = publication;
  end $$;
`;

/** check_tokens() as before; the record says of which epoch a hit was, so that it ends with it. */
export const MATCH_QUESTIONS = `
  create or replace function match.check_tokens(purpose text, basis_code text, basis_law text, basis_article text, tokens text)
    returns table (disclosure_id uuid, remaining int, place int, others smallint, exact boolean, categories text[], levels smallint[],
      impersonated boolean, first_seen timestamptz, last_seen timestamptz)
    language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan
  as $$
  #variable_conflict use_column
  declare
    asker uuid := sec.party();
    asked int := length(tokens) / 32;
    list bytea[];
    spent int;
    allowance int := (select r.value from tally.network_rule r where r.name = 'checks-per-day');
    id uuid := gen_random_uuid();
    bands boolean := match.bands_allowed();
  begin
    if asker is null or not exists (select from directory.party p where p.id = asker and p.role = 'member' and p.status = 'ACTIVE') then
      raise exception 'no member' using errcode = '28000';
    end if;
    if asked not between 1 and 500 or length(tokens) <> asked * 32 then
      raise exception 'tokens' using errcode = '22023';
    end if;
    insert into tally.check_quota as q (member_id, day, used) values (asker, (now() at time zone 'UTC')::date, asked)
      on conflict (member_id, day) do update set used = q.used + excluded.used returning q.used into spent;
    if spent > allowance then
      raise exception 'quota' using errcode = 'TL429';
    end if;
    list := array(select decode(substr(tokens, 32 * i + 1, 32), 'hex') from generate_series(0, asked - 1) i order by i);
    -- A retraction that runs now waits for this answer and then finds its record; one that was first is seen by the next statement.
    perform 1 from tally.clue_token ct
      where ct.live and ct.member_id <> asker
        and (ct.bucket, ct.token) in (select ((get_byte(t, 0) << 2) | (get_byte(t, 1) >> 6))::smallint, t from unnest(list) t)
      order by ct.bucket, ct.token, ct.member_id, ct.clue_id, ct.form for share;
    return query
    with held as materialized (select h.* from match.held(list) h where h.member_id <> asker),
    answers as materialized (
      select h.token, max(h.epoch) as epoch, least(count(distinct h.member_id), 2)::smallint as others, bool_or(h.strength = 'EXACT') as exact,
          array_agg(distinct h.category order by h.category) as categories, array_agg(distinct h.level order by h.level) as levels,
          bool_or(h.role = 'IMPERSONATED') as impersonated,
          date_trunc('day', min(h.first_seen), 'UTC') as first_seen, date_trunc('day', max(h.last_seen), 'UTC') as last_seen
        from held h group by h.token),
    record as (
      insert into tally.disclosure (member_id, disclosure_id, kind, client_id, purpose, basis_code, basis_law, basis_article, asked, hits)
        values (asker, id, 'CHECK', coalesce(sec.client(), ''), check_tokens.purpose, check_tokens.basis_code, check_tokens.basis_law, check_tokens.basis_article,
          asked, (select count(*) from answers)) returning member_id),
    hits as (
      insert into tally.disclosure_hit (member_id, disclosure_id, bucket, token, epoch)
        select asker, id, ((get_byte(token, 0) << 2) | (get_byte(token, 1) >> 6))::smallint, token, epoch from answers)
    select id, allowance - spent, u.place::int, case when a.token is null then 0 when bands then a.others else 1 end::smallint,
        case when bands then a.exact end, case when bands then coalesce(a.categories, '{}') else '{}' end, case when bands then coalesce(a.levels, '{}') else '{}' end,
        coalesce(a.impersonated, false), case when bands then a.first_seen end, case when bands then a.last_seen end
      from unnest(list) with ordinality u (token, place) left join answers a using (token) order by u.place;
  end $$;

  create or replace function tally.invite_counterparts(which uuid) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    lead uuid := sec.party();
    own bytea[];
    asked uuid[];
  begin
    if not exists (select from tally.case_party p where p.case_id = which and p.party_id = lead and p.part = 'LEAD') then
      raise exception 'not the lead of this case' using errcode = '42501';
    end if;
    if exists (select from tally.case_overlap c where c.case_id = which and c.party_id = lead
        and not exists (select from tally.overlap o where o.member_id = lead and o.overlap_id = c.overlap_id and o.state = 'OPEN')) then
      raise exception 'not an open overlap of the lead' using errcode = 'TL404';
    end if;
    select array_agg(distinct ct.token) into own
      from tally.case_overlap c join tally.overlap o on o.member_id = c.party_id and o.overlap_id = c.overlap_id
      join tally.clue_token ct on ct.member_id = o.member_id and ct.clue_id = o.clue_id and ct.form = o.form and ct.live
      where c.case_id = which and c.party_id = lead;
    select array_agg(distinct h.member_id) into asked from match.held(own) h where h.member_id <> lead;
    if asked is null then
      raise exception 'no counterpart' using errcode = 'TL404';
    end if;
    insert into tally.case_party (party_id, case_id, part, invitation) select m, which, 'INVITED', 'ASKED' from unnest(asked) m;
    insert into tally.case_overlap (party_id, case_id, overlap_id)
      select o.member_id, which, o.overlap_id from match.overlaps_at(own) x join tally.overlap o on o.member_id = x.member_id and o.overlap_id = x.overlap_id
        where o.member_id = any (asked) and o.state = 'OPEN';
    perform match.emit(asked, 'CASE_INVITED', which);
  end $$;
`;

/** A retraction reaches whoever was answered, in whatever epoch that was. */
export const RETRACTION_IN_EPOCHS = `
  create function match.lock_parties_at(tokens bytea[], more uuid[]) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    locked uuid[] := '{}';
    parties uuid[];
  begin
    loop
      parties := match.parties_at(tokens) || more;
      exit when parties <@ locked;
      perform match.lock_parties(parties);
      locked := locked || parties;
    end loop;
  end $$;

  create or replace function match.withdraw(clues uuid[]) returns int
    language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan
  as $$
  declare
    owner uuid := sec.party();
    tokens bytea[];
    withdrawn int;
  begin
    if owner is null then
      raise exception 'no member' using errcode = '28000';
    end if;
    clues := array(select c.clue_id from tally.clue c where c.member_id = owner and c.clue_id = any (clues) and c.state = 'RETRACTED');
    tokens := array(select distinct ct.token from tally.clue_token ct where ct.member_id = owner and ct.clue_id = any (clues) and not ct.live);
    perform match.lock_parties_at(tokens, array(select distinct t.party_id from tally.clue_told t where t.member_id = owner and t.clue_id = any (clues)));
    select count(*) into withdrawn from tally.overlap o where o.member_id = owner and o.clue_id = any (clues) and o.state = 'OPEN';
    with wanted as (select distinct t, ((get_byte(t, 0) << 2) | (get_byte(t, 1) >> 6))::smallint as b from unnest(tokens) t),
    answered as (
      select o.member_id, o.overlap_id as subject from match.overlaps_at(tokens) o where o.member_id <> owner
      union select d.member_id, d.disclosure_id from wanted w join tally.disclosure_hit d on d.bucket = w.b and d.token = w.t where d.member_id <> owner
      union select t.party_id, t.subject_id from tally.clue_told t where t.member_id = owner and t.clue_id = any (clues)),
    heads as materialized (
      update tally.event_head h set last_seq = h.last_seq + n.changes
        from (select member_id, count(*) as changes from answered group by member_id) n where h.party_id = n.member_id
        returning h.party_id, h.last_seq - n.changes as base)
    insert into tally.event (party_id, seq, kind, subject_id)
      select a.member_id, h.base + row_number() over (partition by a.member_id order by a.subject), 'CLUE_RETRACTED', a.subject
        from answered a join heads h on h.party_id = a.member_id;
    perform match.recompute(tokens, owner);
    return withdrawn;
  end $$;
`;
