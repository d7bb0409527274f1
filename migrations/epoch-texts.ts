/** Texts meet in open epochs only (text-match-functions.ts). They are not moved: bands live 90 days at most, and end with their epoch. */
export const TEXTS_IN_EPOCHS = `
  create or replace function match.text_neighbours(members uuid[], clues uuid[]) returns table (member_id uuid, clue_id uuid, other_member uuid, other_clue uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan
  begin atomic
    select b.member_id, b.clue_id, o.member_id, o.clue_id
      from (select distinct g.m, g.c from unnest(members, clues) g (m, c)) given
      join tally.text_band b on b.member_id = given.m and b.clue_id = given.c
        and b.epoch >= (select match.first_open_epoch()) and not b.epoch = any ((select match.stopped_epochs())::bigint[])
      cross join lateral (
        select t.member_id, t.clue_id from tally.text_band t
          where t.bucket = b.bucket and t.token = b.token and t.live and t.epoch = b.epoch and t.member_id <> b.member_id
          order by right(t.clue_id::text, 12), t.member_id
          limit (select r.value from tally.network_rule r where r.name = 'text-band-holders')) o
      group by b.member_id, b.clue_id, o.member_id, o.clue_id
      having count(*) >= (select r.value from tally.network_rule r where r.name = 'text-bands-equal');
  end;
`;
