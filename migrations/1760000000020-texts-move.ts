/**
 * Texts move to a new epoch like every other clue (docs/protocol/epochs.md): their bands stand in both while both go on, with the end they
 * had. Two texts meet by the bands that are equal in either epoch, each band counted once; so nothing changes for anybody when one side moves.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TextsMove1760000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const part of [BANDS_IN_EPOCHS, AS_MATCHER, TEXTS_OVER_EPOCHS, AS_OWNER]) await runner.query(part);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}

const BANDS_IN_EPOCHS = `
  alter table tally.text_band drop constraint text_band_pkey;
  alter table tally.text_band add primary key (member_id, clue_id, band, epoch);
`;

const AS_MATCHER = 'grant create on schema match, tally to tally_match; set local role tally_match';

const TEXTS_OVER_EPOCHS = `
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
      having count(distinct b.band) >= (select r.value from tally.network_rule r where r.name = 'text-bands-equal');
  end;

  create or replace function match.match_text_slice(member uuid, publication uuid, after_clue uuid, slice int, out examined int, out opened int, out last_clue uuid)
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
    -- A publication of moves has no clues of its own, only new bands of texts from others.
    select array_agg(t.clue_id order by t.clue_id) into texts from (
      (select c.clue_id from tally.clue c where c.member_id = member and c.publication_id = publication and c.kind = 'complaint_text'
        and (after_clue is null or c.clue_id > after_clue) order by c.clue_id limit slice)
      union all
      (select m.clue_id from tally.clue_move m
        cross join lateral (select k.kind from tally.clue k where k.member_id = m.member_id and k.clue_id = m.clue_id offset 0) k
        where m.member_id = member and m.publication_id = publication and k.kind = 'complaint_text'
          and (after_clue is null or m.clue_id > after_clue) order by m.clue_id limit slice)) t;
    if texts is null then
      return;
    end if;
    examined := cardinality(texts);
    last_clue := texts[examined];
    opened := match.recompute_texts(array_fill(member, array[examined]), texts, member);
    update tally.publication p set overlap_count = p.overlap_count + opened where p.member_id = member and p.publication_id = publication;
  end $$;
`;
const AS_OWNER = 'set local role tally_owner; revoke create on schema match, tally from tally_match';
