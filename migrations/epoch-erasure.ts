/**
 * The end of tokens. Before a token goes, what hung on it is put on firmer ground: overlaps that stand on no open epoch turn withdrawn
 * (each member is told of its own), records of answers follow a moved form to its new token, and for a clue that was not moved it is
 * written down who was answered about it.
 */
export const ERASURE = `
  create function match.erase_slice(erasure uuid, slice int, out examined int, out erased int, out done boolean, out epoch bigint, out coordinator uuid, out tokens bigint)
    language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan
  as $$
  #variable_conflict use_column
  declare
    run tally.epoch_erasure;
    members uuid[];
    clues uuid[];
    gone bigint[];
    shared bytea[];
  begin
    select * into run from tally.epoch_erasure e where e.erasure_id = erasure for update;
    examined := 0; erased := 0; done := true;
    if not found or run.finished_at is not null then
      return;
    end if;
    epoch := run.epoch; coordinator := run.coordinator_id;
    if not (case run.reason
        when 'STOP' then exists (select from tally.epoch_stop s where s.epoch = run.epoch)
        -- Whoever began to write just before the end has been answered or cut off by then.
        else exists (select from tally.epoch e where e.epoch = run.epoch and e.overlap_until + interval '5 minutes' <= now()) end) then
      raise exception 'the epoch is not closed' using errcode = 'TL425';
    end if;
    select array_agg(n.member_id), array_agg(n.clue_id), count(*) into members, clues, examined from (
      select c.member_id, c.clue_id from tally.clue c where (c.member_id, c.clue_id) > (run.after_member, run.after_clue) order by c.member_id, c.clue_id limit slice) n;
    gone := array(select distinct ct.epoch from unnest(members, clues) u (m, c) join tally.clue_token ct on ct.member_id = u.m and ct.clue_id = u.c
      where case run.reason when 'STOP' then ct.epoch = run.epoch else ct.epoch < run.epoch end);
    if cardinality(gone) > 0 then
      shared := array(select distinct ct.token from unnest(members, clues) u (m, c) join tally.clue_token ct on ct.member_id = u.m and ct.clue_id = u.c
        where ct.epoch = any (gone) and ct.live
          and exists (select from tally.overlap o where o.member_id = ct.member_id and o.clue_id = ct.clue_id and o.form = ct.form));
      if cardinality(shared) > 0 then
        perform match.recompute(shared, null);
      end if;
      -- Each text sees to its own row; the bands of its epoch are closed, so nothing is near it any more.
      perform match.recompute_texts(array_agg(b.member_id), array_agg(b.clue_id), null)
        from unnest(members, clues) u (m, c) join tally.text_band b on b.member_id = u.m and b.clue_id = u.c and b.band = 1 and b.epoch = any (gone);
      delete from tally.text_band b using unnest(members, clues) u (m, c) where b.member_id = u.m and b.clue_id = u.c and b.epoch = any (gone);
      perform match.carry_answers(members, clues, gone);
      with doomed as (
        delete from tally.clue_token ct using unnest(members, clues) u (m, c) where ct.member_id = u.m and ct.clue_id = u.c and ct.epoch = any (gone) returning 1)
      select count(*) into erased from doomed;
      update tally.clue_move m set former_detail = null from unnest(members, clues) u (m, c)
        where m.member_id = u.m and m.clue_id = u.c and m.from_epoch = any (gone) and m.former_detail is not null;
      update tally.clue c set exact_token = null, detail = null from unnest(members, clues) u (m, c)
        where c.member_id = u.m and c.clue_id = u.c and c.epoch = any (gone);
    end if;
    tokens := run.tokens + erased;
    done := examined < slice;
    if done then
      delete from tally.disclosure_hit d where case run.reason when 'STOP' then coalesce(d.epoch, 1) = run.epoch else coalesce(d.epoch, 1) < run.epoch end;
    end if;
    update tally.epoch_erasure e set after_member = coalesce(members[examined], e.after_member), after_clue = coalesce(clues[examined], e.after_clue),
        tokens = erase_slice.tokens, finished_at = case when done then now() end
      where e.erasure_id = erasure;
  end $$;
  comment on function match.erase_slice(uuid, int) is 'Erases the tokens of a closed epoch from the next clues; running it again goes on, never again';

  create function match.carry_answers(members uuid[], clues uuid[], gone bigint[]) returns void
    language sql volatile security definer set search_path = pg_catalog, pg_temp
  begin atomic
    with doomed as materialized (
      select ct.member_id, ct.clue_id, ct.form, ct.bucket, ct.token, n.token as next_token, n.epoch as next_epoch,
          ((get_byte(n.token, 0) << 2) | (get_byte(n.token, 1) >> 6))::smallint as next_bucket
        from unnest(members, clues) u (m, c) join tally.clue_token ct on ct.member_id = u.m and ct.clue_id = u.c and ct.epoch = any (gone)
        left join lateral (select t.token, t.epoch from tally.clue_token t
          where t.member_id = ct.member_id and t.clue_id = ct.clue_id and t.form = ct.form and not t.epoch = any (gone) order by t.epoch desc limit 1) n on true),
    followed as (
      insert into tally.disclosure_hit (member_id, disclosure_id, bucket, token, epoch)
        select distinct h.member_id, h.disclosure_id, d.next_bucket, d.next_token, d.next_epoch
          from doomed d join tally.disclosure_hit h on h.bucket = d.bucket and h.token = d.token where d.next_token is not null
        on conflict do nothing),
    -- The indicator itself only: a variant may stand for thousands of clues, and its overlaps were told as they ended.
    told as (
      insert into tally.clue_told (member_id, clue_id, party_id, subject_id)
        select d.member_id, d.clue_id, h.member_id, h.disclosure_id
          from doomed d join tally.disclosure_hit h on h.bucket = d.bucket and h.token = d.token
          where d.form = 1 and d.next_token is null and h.member_id <> d.member_id
        union select d.member_id, d.clue_id, o.member_id, o.overlap_id
          from doomed d join tally.clue_token x on x.bucket = d.bucket and x.token = d.token and x.live and x.member_id <> d.member_id
          join tally.overlap o on o.member_id = x.member_id and o.clue_id = x.clue_id and o.form = x.form
          where d.form = 1 and d.next_token is null
        -- The other way round too: when the other's turn comes, this token is no longer there to be found.
        union select x.member_id, x.clue_id, o.member_id, o.overlap_id
          from doomed d join tally.clue_token x on x.bucket = d.bucket and x.token = d.token and x.live and x.member_id <> d.member_id and x.form = 1
          join tally.overlap o on o.member_id = d.member_id and o.clue_id = d.clue_id and o.form = d.form
          where not exists (select from tally.clue_token t where t.member_id = x.member_id and t.clue_id = x.clue_id and not t.epoch = any (gone))
        on conflict do nothing)
    update tally.overlap o set token = d.next_token, bucket = d.next_bucket
      from doomed d where o.member_id = d.member_id and o.clue_id = d.clue_id and o.form = d.form and o.token = d.token;
  end;
`;
