/**
 * The functions of tally_match: the only reads across members. What they keep:
 * - Locks. Whatever changes what parties see first locks their rows of tally.event_head in order of party id, then looks again: each
 *   statement of a READ COMMITTED function has a fresh snapshot. Two publications that meet are thus found by the later match, and a
 *   retraction and a match of the same clue follow one another.
 * - Classes only. Nothing here returns a party, another member's clue id or a token.
 * - Days, never instants: the precision of a time would tell one publisher from another.
 * - The same shape for absent, expired, retracted, unmatchable and suspended: no row is marked, a row is simply not held.
 */

/** Event feed: gapless, in order of commit for each party. */
export const MATCH_FEED = `
  create function match.lock_parties(parties uuid[]) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  begin
    insert into tally.event_head (party_id) select distinct p from unnest(parties) p order by p on conflict do nothing;
    perform 1 from tally.event_head h where h.party_id = any (parties) order by h.party_id for update;
  end $$;

  create function match.emit(parties uuid[], event_kind text, subject uuid) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  begin
    if event_kind ~ '^(OVERLAP|CLUE)_' then
      raise exception 'reserved kind of event' using errcode = '42501';
    end if;
    perform match.lock_parties(parties);
    with heads as (
      update tally.event_head h set last_seq = h.last_seq + 1 where h.party_id = any (parties) returning h.party_id, h.last_seq)
    insert into tally.event (party_id, seq, kind, subject_id) select party_id, last_seq, event_kind, subject from heads;
  end $$;
  comment on function match.emit(uuid[], text, uuid) is 'One event for each party: that something with this id changed, never what';
`;

/** Which forms count, and what each holder sees of the others. */
export const MATCH_RECOMPUTE = `
  create function match.held(tokens bytea[])
    returns table (bucket smallint, token bytea, member_id uuid, clue_id uuid, form smallint, kind text, strength text,
      category text, level smallint, role text, first_seen timestamptz, last_seen timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select ct.bucket, ct.token, ct.member_id, ct.clue_id, ct.form, ct.kind, ct.strength, c.category, c.level, c.role, c.first_seen, c.last_seen
      from (select distinct t, ((get_byte(t, 0) << 2) | (get_byte(t, 1) >> 6))::smallint as b from unnest(tokens) t) w
      join tally.clue_token ct on ct.bucket = w.b and ct.token = w.t and ct.live
      join tally.clue c on c.member_id = ct.member_id and c.clue_id = ct.clue_id
      join directory.party p on p.id = ct.member_id
      where c.state = 'LIVE' and c.expires_at > now() and c.role in ('AGENT', 'SUSPECT', 'IMPERSONATED')
        and p.status = 'ACTIVE' and p.role = 'member';
  end;

  create function match.seen_by_holders(tokens bytea[])
    returns table (bucket smallint, token bytea, member_id uuid, others smallint, exact boolean, categories text[], levels smallint[],
      impersonated boolean, first_seen timestamptz, last_seen timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    with held as materialized (select h.* from match.held(tokens) h),
    by_member as materialized (
      select h.bucket, h.token, h.member_id, bool_or(h.strength = 'EXACT') as exact, array_agg(distinct h.category) as categories,
          array_agg(distinct h.level) as levels, bool_or(h.role = 'IMPERSONATED') as impersonated, min(h.first_seen) as first_seen, max(h.last_seen) as last_seen
        from held h group by h.bucket, h.token, h.member_id)
    select m.bucket, m.token, m.member_id, least(count(distinct o.member_id), 2)::smallint, bool_or(o.exact),
        array_agg(distinct category order by category), array_agg(distinct level order by level),
        bool_or(o.impersonated), date_trunc('day', min(o.first_seen), 'UTC'), date_trunc('day', max(o.last_seen), 'UTC')
      from by_member m
      join by_member o on o.bucket = m.bucket and o.token = m.token and o.member_id <> m.member_id
      cross join lateral unnest(o.categories) category
      cross join lateral unnest(o.levels) level
      group by m.bucket, m.token, m.member_id;
  end;

  create function match.bands_allowed() returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select count(*) >= (select r.value from tally.network_rule r where r.name = 'bands-from-members')
      from directory.party p where p.role = 'member' and p.status = 'ACTIVE';
  end;
  comment on function match.bands_allowed() is 'In a group of two, a band or a category would name the other member: then only yes or no';

  create function match.parties_at(tokens bytea[]) returns uuid[]
    language sql volatile security definer set search_path = pg_catalog, pg_temp
  begin atomic
    with wanted as (select distinct t, ((get_byte(t, 0) << 2) | (get_byte(t, 1) >> 6))::smallint as b from unnest(tokens) t),
    parties as (
      select ct.member_id from wanted w join tally.clue_token ct on ct.bucket = w.b and ct.token = w.t and ct.live
      union select o.member_id from wanted w join tally.overlap o on o.bucket = w.b and o.token = w.t
      union select d.member_id from wanted w join tally.disclosure_hit d on d.bucket = w.b and d.token = w.t)
    select coalesce(array_agg(member_id order by member_id), '{}') from parties;
  end;

  create function match.lock_parties_at(tokens bytea[]) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    locked uuid[] := '{}';
    parties uuid[];
  begin
    loop
      parties := match.parties_at(tokens);
      exit when parties <@ locked;
      perform match.lock_parties(parties);
      locked := locked || parties;
    end loop;
  end $$;

  -- Brings every overlap row on these tokens up to date and tells each party of its own changes. Running it again changes nothing.
  create function match.recompute(tokens bytea[], for_member uuid) returns int
    language plpgsql security definer set search_path = pg_catalog, pg_temp
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
    gone as (
      select e.* from wanted w join tally.overlap e on e.bucket = w.b and e.token = w.t
        where e.state = 'OPEN' and not exists (select from views v where v.member_id = e.member_id and v.clue_id = e.clue_id and v.form = e.form)),
    todo as materialized (
      select member_id, clue_id, form, coalesce(overlap_id, gen_random_uuid()) as overlap_id, event_kind,
          row_number() over (partition by member_id order by clue_id, form) as place
        from (select member_id, clue_id, form, overlap_id, event_kind from fresh
          union all select member_id, clue_id, form, overlap_id, 'OVERLAP_WITHDRAWN' from gone) both_ways),
    heads as materialized (
      update tally.event_head h set last_seq = h.last_seq + n.changes
        from (select member_id, count(*) as changes from todo group by member_id) n where h.party_id = n.member_id
        returning h.party_id, h.last_seq - n.changes as base),
    numbered as materialized (select t.*, h.base + t.place as seq from todo t join heads h on h.party_id = t.member_id),
    told as (insert into tally.event (party_id, seq, kind, subject_id) select member_id, seq, event_kind, overlap_id from numbered),
    withdrawn as (
      update tally.overlap e set state = 'WITHDRAWN', seq = n.seq, changed_at = now()
        from numbered n where n.event_kind = 'OVERLAP_WITHDRAWN' and e.member_id = n.member_id and e.overlap_id = n.overlap_id),
    kept as (
      insert into tally.overlap as e (member_id, overlap_id, clue_id, form, bucket, token, seq, kind, strength, others, categories, levels, level,
          impersonated, first_seen, last_seen, state)
        select v.member_id, n.overlap_id, v.clue_id, v.form, v.bucket, v.token, n.seq, v.kind, v.strength, v.others, v.categories, v.levels, v.level,
            v.impersonated, v.first_seen, v.last_seen, 'OPEN'
          from numbered n join views v using (member_id, clue_id, form) where n.event_kind <> 'OVERLAP_WITHDRAWN'
        on conflict (member_id, clue_id, form) do update set seq = excluded.seq, strength = excluded.strength, others = excluded.others,
          categories = excluded.categories, levels = excluded.levels, level = excluded.level, impersonated = excluded.impersonated,
          first_seen = excluded.first_seen, last_seen = excluded.last_seen, state = 'OPEN', changed_at = now())
    select count(*) filter (where member_id = for_member and event_kind = 'OVERLAP_OPENED') into opened from numbered;
    return opened;
  end $$;

  -- One slice of a finished publication. The row of the publication is the cursor, so a repeated call goes on, never again.
  create function match.match_slice(member uuid, publication uuid, slice int, out examined int, out opened int, out done boolean)
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    pub tally.publication;
    last_clue uuid;
    shared bytea[];
  begin
    select * into pub from tally.publication p where p.member_id = member and p.publication_id = publication for update;
    examined := 0; opened := 0; done := true;
    if not found or pub.state <> 'FINISHED' or pub.match_state = 'DONE' then
      return;
    end if;
    with clues as materialized (
      select c.clue_id from tally.clue c
        where c.member_id = member and c.publication_id = publication and c.clue_id > coalesce(pub.matched_after, '00000000-0000-0000-0000-000000000000')
        order by c.clue_id limit slice)
    select count(*), (array_agg(clue_id order by clue_id desc))[1] into examined, last_clue from clues;
    if examined > 0 then
      select array_agg(distinct ct.token) into shared
        from tally.clue c join tally.clue_token ct on ct.member_id = c.member_id and ct.clue_id = c.clue_id
        where c.member_id = member and c.publication_id = publication and c.clue_id > coalesce(pub.matched_after, '00000000-0000-0000-0000-000000000000')
          and c.clue_id <= last_clue and ct.live
          and exists (select from tally.clue_token o where o.bucket = ct.bucket and o.token = ct.token and o.live and o.member_id <> member)
          -- A variant that thousands of clues share (a host that everybody uses) says nothing and would cost everybody's time.
          and (ct.strength = 'EXACT' or (select count(*) from (select from tally.clue_token o where o.bucket = ct.bucket and o.token = ct.token and o.live limit 5001) many) <= 5000);
      if shared is not null then
        opened := match.recompute(shared, member);
      end if;
    end if;
    done := examined < slice;
    update tally.publication p set matched_after = coalesce(last_clue, p.matched_after), overlap_count = p.overlap_count + opened,
        match_state = case when match_slice.done then 'DONE' else 'RUNNING' end, matched_at = case when match_slice.done then now() end
      where p.member_id = member and p.publication_id = publication;
  end $$;

  -- The standing of a member changed: what everybody sees on its tokens is seen anew, a slice of its clues a call.
  create function match.standing_slice(member uuid, after_clue uuid, slice int, out examined int, out last_clue uuid)
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    shared bytea[];
  begin
    with clues as materialized (
      select c.clue_id from tally.clue c where c.member_id = member and (after_clue is null or c.clue_id > after_clue) order by c.clue_id limit slice)
    select count(*), (array_agg(clue_id order by clue_id desc))[1] into examined, last_clue from clues;
    select array_agg(distinct ct.token) into shared from tally.clue_token ct
      where ct.member_id = member and ct.live and (after_clue is null or ct.clue_id > after_clue) and ct.clue_id <= last_clue
        and (exists (select from tally.overlap e where e.bucket = ct.bucket and e.token = ct.token)
          or (ct.strength = 'EXACT' and exists (select from tally.clue_token o where o.bucket = ct.bucket and o.token = ct.token and o.live and o.member_id <> member)));
    if shared is not null then
      perform match.recompute(shared, null);
    end if;
  end $$;

  -- The caller has marked own clues RETRACTED in this transaction. Their overlaps turn withdrawn, and everyone who was answered is told.
  create function match.withdraw(clues uuid[]) returns int
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    owner uuid := sec.party();
    tokens bytea[];
    withdrawn int;
  begin
    if owner is null then
      raise exception 'no member' using errcode = '28000';
    end if;
    select array_agg(distinct ct.token) into tokens
      from tally.clue c join tally.clue_token ct on ct.member_id = c.member_id and ct.clue_id = c.clue_id
      where c.member_id = owner and c.clue_id = any (clues) and c.state = 'RETRACTED' and not ct.live;
    if tokens is null then
      return 0;
    end if;
    perform match.lock_parties_at(tokens);
    select count(*) into withdrawn from tally.overlap o where o.member_id = owner and o.clue_id = any (clues) and o.state = 'OPEN';
    with wanted as (select distinct t, ((get_byte(t, 0) << 2) | (get_byte(t, 1) >> 6))::smallint as b from unnest(tokens) t),
    answered as (
      select o.member_id, o.overlap_id as subject from wanted w join tally.overlap o on o.bucket = w.b and o.token = w.t where o.member_id <> owner
      union select d.member_id, d.disclosure_id from wanted w join tally.disclosure_hit d on d.bucket = w.b and d.token = w.t where d.member_id <> owner),
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
  -- What has run out: one empty row for each clue that ends now. Runs in nobody's name.
  create function match.expire_clues(at_most int) returns setof boolean
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    tokens bytea[];
    ended int;
  begin
    with due as materialized (
      select c.member_id, c.clue_id from tally.clue c where c.state = 'LIVE' and c.expires_at <= now()
        order by c.expires_at limit at_most for update skip locked),
    marked as (update tally.clue c set state = 'EXPIRED' from due where c.member_id = due.member_id and c.clue_id = due.clue_id),
    silenced as (
      update tally.clue_token t set live = false from due where t.member_id = due.member_id and t.clue_id = due.clue_id returning t.token)
    select array_agg(distinct s.token), (select count(*) from due) into tokens, ended from silenced s;
    if tokens is not null then
      perform match.recompute(tokens, null);
    end if;
    return query select true from generate_series(1, ended);
  end $$;
  comment on function match.withdraw(uuid[]) is 'Number of own overlaps that were open and no longer are';
`;

/** The two questions a member may ask about tokens. */
export const MATCH_CHECK = `
  create function match.at_once(publication uuid) returns int
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    asker uuid := sec.party();
    own bytea[];
    n int;
  begin
    select array_agg(distinct ct.token) into own
      from tally.clue c join tally.clue_token ct on ct.member_id = c.member_id and ct.clue_id = c.clue_id
      where c.member_id = asker and c.publication_id = publication and ct.live;
    select least(count(distinct ct.clue_id), 2) into n
      from tally.clue c join tally.clue_token ct on ct.member_id = c.member_id and ct.clue_id = c.clue_id
      where c.member_id = asker and c.publication_id = publication and ct.live
        and ct.token in (select h.token from match.held(own) h where h.member_id <> asker);
    return n;
  end $$;
  comment on function match.at_once(uuid) is 'Band (0, 1, 2 = more) of own clues of a publication that others hold now';

  -- Debits the quota, answers, and leaves the record, in one go: no answer without its record. Tokens: 32 hex digits each, in one text.
  create function match.check_tokens(purpose text, basis_code text, basis_law text, basis_article text, tokens text)
    returns table (disclosure_id uuid, remaining int, place int, others smallint, exact boolean, categories text[], levels smallint[],
      impersonated boolean, first_seen timestamptz, last_seen timestamptz)
    language plpgsql security definer set search_path = pg_catalog, pg_temp
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
      select h.token, least(count(distinct h.member_id), 2)::smallint as others, bool_or(h.strength = 'EXACT') as exact,
          array_agg(distinct h.category order by h.category) as categories, array_agg(distinct h.level order by h.level) as levels,
          bool_or(h.role = 'IMPERSONATED') as impersonated,
          date_trunc('day', min(h.first_seen), 'UTC') as first_seen, date_trunc('day', max(h.last_seen), 'UTC') as last_seen
        from held h group by h.token),
    record as (
      insert into tally.disclosure (member_id, disclosure_id, kind, client_id, purpose, basis_code, basis_law, basis_article, asked, hits)
        values (asker, id, 'CHECK', coalesce(sec.client(), ''), check_tokens.purpose, check_tokens.basis_code, check_tokens.basis_law, check_tokens.basis_article,
          asked, (select count(*) from answers)) returning member_id),
    hits as (
      insert into tally.disclosure_hit (member_id, disclosure_id, bucket, token)
        select asker, id, ((get_byte(token, 0) << 2) | (get_byte(token, 1) >> 6))::smallint, token from answers)
    select id, allowance - spent, u.place::int, case when a.token is null then 0 when bands then a.others else 1 end::smallint,
        case when bands then a.exact end, case when bands then coalesce(a.categories, '{}') else '{}' end, case when bands then coalesce(a.levels, '{}') else '{}' end,
        coalesce(a.impersonated, false), case when bands then a.first_seen end, case when bands then a.last_seen end
      from unnest(list) with ordinality u (token, place) left join answers a using (token) order by u.place;
  end $$;
`;

export const MATCH_RIGHTS = `
  revoke execute on all functions in schema match from public;
  grant execute on function match.emit(uuid[], text, uuid) to tally_app, tally_worker;
  grant execute on function match.match_slice(uuid, uuid, int), match.standing_slice(uuid, uuid, int), match.expire_clues(int) to tally_worker;
  grant execute on function match.withdraw(uuid[]), match.at_once(uuid), match.bands_allowed(),
    match.check_tokens(text, text, text, text, text) to tally_app;
  grant create on schema match to tally_match;
  do $$
  declare
    f regprocedure;
  begin
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'match'::regnamespace loop
      execute format('alter function %s owner to tally_match', f);
    end loop;
  end $$;
  revoke create on schema match from tally_match;
`;
