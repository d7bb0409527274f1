/**
 * How texts meet (docs/complaint-texts.md): by bands, decided here and nowhere else. They keep what the other functions of tally_match keep
 * (match-functions.ts): locks in order of party, classes only, days only, the same shape for absent, ended and not for this member. An
 * overlap of texts is always WEAK: a shared letter corroborates nothing.
 */
export const TEXT_MATCH = `
  -- Pairs of texts of two members with enough equal bands. A band that very many hold is compared with some of them, the same for each band.
  create function match.text_neighbours(members uuid[], clues uuid[]) returns table (member_id uuid, clue_id uuid, other_member uuid, other_clue uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan
  begin atomic
    select b.member_id, b.clue_id, o.member_id, o.clue_id
      from (select distinct g.m, g.c from unnest(members, clues) g (m, c)) given
      join tally.text_band b on b.member_id = given.m and b.clue_id = given.c
      cross join lateral (
        select t.member_id, t.clue_id from tally.text_band t
          where t.bucket = b.bucket and t.token = b.token and t.live and t.epoch = b.epoch and t.member_id <> b.member_id
          order by right(t.clue_id::text, 12), t.member_id
          limit (select r.value from tally.network_rule r where r.name = 'text-band-holders')) o
      group by b.member_id, b.clue_id, o.member_id, o.clue_id
      having count(*) >= (select r.value from tally.network_rule r where r.name = 'text-bands-equal');
  end;

  create function match.text_views(members uuid[], clues uuid[])
    returns table (member_id uuid, clue_id uuid, bucket smallint, token bytea, others smallint, categories text[], levels smallint[], level smallint,
      impersonated boolean, first_seen timestamptz, last_seen timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan
  begin atomic
    with near as materialized (select n.* from match.text_neighbours(members, clues) n),
    standing as materialized (
      select c.member_id, c.clue_id, c.category, c.level, c.role, c.first_seen, c.last_seen
        from (select n.member_id, n.clue_id from near n union select n.other_member, n.other_clue from near n) t
        cross join lateral (select k.* from tally.clue k where k.member_id = t.member_id and k.clue_id = t.clue_id offset 0) c
        join directory.party p on p.id = c.member_id
        where c.state = 'LIVE' and c.expires_at > now() and c.role in ('AGENT', 'SUSPECT', 'IMPERSONATED') and p.status = 'ACTIVE' and p.role = 'member')
    select n.member_id, n.clue_id, ct.bucket, ct.token, least(count(distinct o.member_id), 2)::smallint,
        array_agg(distinct o.category order by o.category), array_agg(distinct o.level order by o.level), own.level,
        bool_or(o.role = 'IMPERSONATED') or own.role = 'IMPERSONATED', date_trunc('day', min(o.first_seen), 'UTC'), date_trunc('day', max(o.last_seen), 'UTC')
      from near n
      join standing own on own.member_id = n.member_id and own.clue_id = n.clue_id
      join standing o on o.member_id = n.other_member and o.clue_id = n.other_clue
      cross join lateral (
        select f.bucket, f.token from tally.clue_token f where f.member_id = n.member_id and f.clue_id = n.clue_id and f.form = 1 order by f.epoch desc limit 1) ct
      group by n.member_id, n.clue_id, ct.bucket, ct.token, own.level, own.role;
  end;

  -- Brings the overlap rows of these texts and of all that are near them up to date. Running it again changes nothing.
  create function match.recompute_texts(members uuid[], clues uuid[], for_member uuid) returns int
    language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan
  as $$
  declare
    locked uuid[] := '{}';
    parties uuid[];
    near_members uuid[];
    near_clues uuid[];
    opened int;
  begin
    loop
      select array_agg(a.m), array_agg(a.c), array_agg(distinct a.m) into near_members, near_clues, parties
        from (select g.m, g.c from unnest(members, clues) g (m, c) union select n.other_member, n.other_clue from match.text_neighbours(members, clues) n) a;
      exit when parties is null or parties <@ locked;
      perform match.lock_parties(parties);
      locked := locked || parties;
    end loop;
    with given as materialized (select g.m, g.c from unnest(near_members, near_clues) g (m, c)),
    views as materialized (select v.* from match.text_views(near_members, near_clues) v),
    fresh as (
      select v.member_id, v.clue_id, e.overlap_id,
          case when e.state is null or e.state = 'WITHDRAWN' then 'OVERLAP_OPENED' else 'OVERLAP_CHANGED' end as event_kind
        from views v left join tally.overlap e on e.member_id = v.member_id and e.clue_id = v.clue_id and e.form = 1
        where e.overlap_id is null or row (e.state, e.others, e.categories, e.levels, e.level, e.impersonated, e.first_seen, e.last_seen)
          is distinct from row ('OPEN', v.others, v.categories, v.levels, v.level, v.impersonated, v.first_seen, v.last_seen)),
    gone as (
      select e.member_id, e.clue_id, e.overlap_id from given g join tally.overlap e on e.member_id = g.m and e.clue_id = g.c and e.form = 1
        where e.state = 'OPEN' and e.kind = 'complaint_text'
          and not exists (select from views v where v.member_id = e.member_id and v.clue_id = e.clue_id)),
    todo as materialized (
      select t.member_id, t.clue_id, coalesce(t.overlap_id, gen_random_uuid()) as overlap_id, t.event_kind, row_number() over (partition by t.member_id order by t.clue_id) as place
        from (select f.* from fresh f union all select g.member_id, g.clue_id, g.overlap_id, 'OVERLAP_WITHDRAWN' from gone g) t),
    heads as materialized (
      update tally.event_head h set last_seq = h.last_seq + n.changes
        from (select t.member_id, count(*) as changes from todo t group by t.member_id) n where h.party_id = n.member_id
        returning h.party_id, h.last_seq - n.changes as base),
    numbered as materialized (select t.*, h.base + t.place as seq from todo t join heads h on h.party_id = t.member_id),
    told as (insert into tally.event (party_id, seq, kind, subject_id) select n.member_id, n.seq, n.event_kind, n.overlap_id from numbered n),
    withdrawn as (
      update tally.overlap e set state = 'WITHDRAWN', seq = n.seq, changed_at = now()
        from numbered n where n.event_kind = 'OVERLAP_WITHDRAWN' and e.member_id = n.member_id and e.overlap_id = n.overlap_id),
    kept as (
      insert into tally.overlap as e (member_id, overlap_id, clue_id, form, bucket, token, seq, kind, strength, others, categories, levels, level,
          impersonated, first_seen, last_seen, state)
        select v.member_id, n.overlap_id, v.clue_id, 1, v.bucket, v.token, n.seq, 'complaint_text', 'WEAK', v.others, v.categories, v.levels, v.level,
            v.impersonated, v.first_seen, v.last_seen, 'OPEN'
          from numbered n join views v using (member_id, clue_id) where n.event_kind <> 'OVERLAP_WITHDRAWN'
        on conflict (member_id, clue_id, form) do update set seq = excluded.seq, bucket = excluded.bucket, token = excluded.token, others = excluded.others,
          categories = excluded.categories, levels = excluded.levels, level = excluded.level, impersonated = excluded.impersonated,
          first_seen = excluded.first_seen, last_seen = excluded.last_seen, state = 'OPEN', changed_at = now())
    select count(*) filter (where n.member_id = for_member and n.event_kind = 'OVERLAP_OPENED') into opened from numbered n;
    return opened;
  end $$;
`;

export const TEXT_SLICES = `
  -- The next texts of a finished publication. A repeated call finds the same and changes nothing; the caller goes on after last_clue.
  create function match.match_text_slice(member uuid, publication uuid, after_clue uuid, slice int, out examined int, out opened int, out last_clue uuid)
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    texts uuid[];
  begin
    examined := 0; opened := 0;
    perform from tally.publication p where p.member_id = member and p.publication_id = publication and p.state = 'FINISHED' for update;
    if not found then
      return;
    end if;
    select array_agg(t.clue_id order by t.clue_id) into texts from (
      select c.clue_id from tally.clue c where c.member_id = member and c.publication_id = publication and c.kind = 'complaint_text'
        and (after_clue is null or c.clue_id > after_clue) order by c.clue_id limit slice) t;
    if texts is null then
      return;
    end if;
    examined := cardinality(texts);
    last_clue := texts[examined];
    opened := match.recompute_texts(array_fill(member, array[examined]), texts, member);
    update tally.publication p set overlap_count = p.overlap_count + opened where p.member_id = member and p.publication_id = publication;
  end $$;

  -- The standing of a member changed: the next of its texts, and what is near them.
  create function match.standing_text_slice(member uuid, after_clue uuid, slice int, out examined int, out last_clue uuid)
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    texts uuid[];
  begin
    examined := 0;
    select array_agg(t.clue_id order by t.clue_id) into texts from (
      select b.clue_id from tally.text_band b where b.member_id = member and b.band = 1 and (after_clue is null or b.clue_id > after_clue) order by b.clue_id limit slice) t;
    if texts is null then
      return;
    end if;
    examined := cardinality(texts);
    last_clue := texts[examined];
    perform match.recompute_texts(array_fill(member, array[examined]), texts, null);
  end $$;

  -- The caller has marked own clues RETRACTED in this transaction: whoever saw their texts is told, and their bands are gone.
  create function match.withdraw_texts(clues uuid[]) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    owner uuid := sec.party();
    texts uuid[];
    owners uuid[];
  begin
    if owner is null then
      raise exception 'no member' using errcode = '28000';
    end if;
    select array_agg(distinct b.clue_id) into texts from tally.text_band b join tally.clue c on c.member_id = b.member_id and c.clue_id = b.clue_id
      where b.member_id = owner and b.clue_id = any (clues) and c.state = 'RETRACTED';
    if texts is null then
      return;
    end if;
    owners := array_fill(owner, array[cardinality(texts)]);
    perform match.lock_parties(array(select n.other_member from match.text_neighbours(owners, texts) n union select owner));
    with answered as (
      select distinct o.member_id, o.overlap_id as subject from match.text_neighbours(owners, texts) n
        join tally.overlap o on o.member_id = n.other_member and o.clue_id = n.other_clue and o.form = 1),
    heads as materialized (
      update tally.event_head h set last_seq = h.last_seq + n.changes
        from (select a.member_id, count(*) as changes from answered a group by a.member_id) n where h.party_id = n.member_id
        returning h.party_id, h.last_seq - n.changes as base)
    insert into tally.event (party_id, seq, kind, subject_id)
      select a.member_id, h.base + row_number() over (partition by a.member_id order by a.subject), 'CLUE_RETRACTED', a.subject
        from answered a join heads h on h.party_id = a.member_id;
    perform match.recompute_texts(owners, texts, null);
    delete from tally.text_band b where b.member_id = owner and b.clue_id = any (texts);
  end $$;

  -- One empty row for each text whose bands are at their end and are deleted. Runs in nobody's name.
  create function match.expire_texts(at_most int) returns setof boolean
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    owners uuid[];
    texts uuid[];
  begin
    select array_agg(d.member_id), array_agg(d.clue_id) into owners, texts from (
      select b.member_id, b.clue_id from tally.text_band b where b.band = 1 and b.expires_at <= now()
        order by b.expires_at limit at_most for update skip locked) d;
    if texts is null then
      return;
    end if;
    update tally.text_band b set live = false from unnest(owners, texts) g (m, c) where b.member_id = g.m and b.clue_id = g.c and b.live;
    perform match.recompute_texts(owners, texts, null);
    delete from tally.text_band b using unnest(owners, texts) g (m, c) where b.member_id = g.m and b.clue_id = g.c;
    return query select true from generate_series(1, cardinality(texts));
  end $$;
`;
