/**
 * Bands of complaint texts (docs/complaint-texts.md), apart from the tokens of clues: no question, snapshot or log reads this table. Rows go when
 * their clue is taken back, and at the latest after 90 days.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TEXT_MATCH, TEXT_SLICES } from './text-match-functions.js';

export class TextBands1760000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const part of [BANDS, POLICIES, AS_MATCHER, TEXT_MATCH, TEXT_SLICES, RIGHTS, AS_OWNER]) await runner.query(part);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}

const BANDS = `
  alter table tally.clue alter column detail drop not null;
  alter table tally.clue add constraint clue_text_without_detail check (kind <> 'complaint_text' or detail is null);

  create table tally.text_band (
    member_id uuid not null,
    clue_id uuid not null,
    band smallint not null check (band between 1 and 64),
    epoch bigint not null,
    bucket smallint not null generated always as ((get_byte(token, 0) << 2) | (get_byte(token, 1) >> 6)) stored,
    token bytea not null check (octet_length(token) = 16),
    live boolean not null,
    expires_at timestamptz not null check (expires_at <= now() + interval '90 days'),
    primary key (member_id, clue_id, band),
    foreign key (member_id, clue_id) references tally.clue
  );
  comment on table tally.text_band is 'Tokens of the bands of a text''s min-hashes. Equal ones say how near two texts are, hence their short life';
  create index text_band_live on tally.text_band (bucket, token) where live;
  create index text_band_end on tally.text_band (expires_at) where band = 1;

  -- The rules have no policy for their owner: nobody changes them at run time.
  alter table tally.network_rule no force row level security;
  insert into tally.network_rule values ('text-bands-equal', 4), ('text-band-holders', 300);
  alter table tally.network_rule force row level security;
`;

const POLICIES = `
  alter table tally.text_band enable row level security;
  alter table tally.text_band force row level security;
  create policy own_read on tally.text_band for select to tally_app using (member_id = (select sec.party()));
  create policy own_insert on tally.text_band for insert to tally_app with check (member_id = (select sec.party()));
  create policy own_update on tally.text_band for update to tally_app
    using (member_id = (select sec.party())) with check (member_id = (select sec.party()) and not live);
  create policy match_select on tally.text_band for select to tally_match using (true);
  create policy match_update on tally.text_band for update to tally_match using (true) with check (not live);
  create policy match_delete on tally.text_band for delete to tally_match using (true);
  grant select, insert, update (live) on tally.text_band to tally_app;
  grant select, update (live), delete on tally.text_band to tally_match;
`;

/** Functions are made by their owner: so what they may read is never for a moment more than theirs. */
const AS_MATCHER = 'grant create on schema match to tally_match; set local role tally_match';
const RIGHTS = `
  revoke execute on all functions in schema match from public;
  grant execute on function match.match_text_slice(uuid, uuid, uuid, int), match.standing_text_slice(uuid, uuid, int), match.expire_texts(int) to tally_worker;
  grant execute on function match.withdraw_texts(uuid[]) to tally_app;
`;
const AS_OWNER = 'set local role tally_owner; revoke create on schema match from tally_match';
