/**
 * Epochs of the group key (docs/protocol/epochs.md): a register bound to what the key-holders signed, clues that carry tokens of two
 * epochs while members move, and the end of an old one. An epoch is closed when it was stopped, or when the overlap announced with a
 * later one is over; from that moment its tokens match nothing, whether or not they are still in a table. Erasure follows in slices.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ERASURE } from './epoch-erasure.js';
import { EPOCH_RULES, MATCH_IN_EPOCHS, MATCH_QUESTIONS, RETRACTION_IN_EPOCHS } from './epoch-functions.js';
import { TEXTS_IN_EPOCHS } from './epoch-texts.js';

export class Epochs1760000000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const part of [REGISTER, CLUES_IN_EPOCHS, POLICIES, AS_MATCHER, EPOCH_RULES, MATCH_IN_EPOCHS, MATCH_QUESTIONS, RETRACTION_IN_EPOCHS, TEXTS_IN_EPOCHS, ERASURE, RIGHTS, AS_OWNER]) {
      await runner.query(part);
    }
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}

const REGISTER = `
  create table tally.epoch (
    epoch bigint primary key check (epoch between 0 and 4294967295),
    epoch_id uuid not null unique,
    manifest_hash bytea not null check (octet_length(manifest_hash) = 32),
    manifest jsonb not null check (octet_length(manifest::text) <= 65536),
    act text not null check (octet_length(act) <= 8192),
    officer_id uuid not null references directory.officer (id),
    announced_at timestamptz not null default now(),
    overlap_until timestamptz not null check (overlap_until >= announced_at)
  );
  comment on table tally.epoch is 'Epochs as a coordinator''s officer announced them, each with the manifest that the key-holders signed';
  comment on column tally.epoch.overlap_until is 'Until then epochs before this one go on beside it';
  create table tally.epoch_stop (
    epoch bigint primary key check (epoch between 0 and 4294967295),
    epoch_id uuid not null unique,
    stop jsonb not null check (octet_length(stop::text) <= 65536),
    act text not null check (octet_length(act) <= 8192),
    officer_id uuid not null references directory.officer (id),
    stopped_at timestamptz not null default now()
  );
  comment on table tally.epoch_stop is 'Epochs that ended at once, each with the stop that the key-holders signed. There is no way back';
  create table tally.epoch_erasure (
    erasure_id uuid primary key,
    epoch bigint not null,
    reason text not null check (reason in ('STOP', 'OVERLAP')),
    coordinator_id uuid not null references directory.party (id),
    after_member uuid not null default '00000000-0000-0000-0000-000000000000',
    after_clue uuid not null default '00000000-0000-0000-0000-000000000000',
    tokens bigint not null default 0,
    finished_at timestamptz,
    unique (epoch, reason)
  );
  comment on table tally.epoch_erasure is 'STOP: tokens of this epoch. OVERLAP: tokens of every epoch before this one, once its overlap is over. The row is the cursor';
`;

/** A clue has a row for each form and epoch; its own columns are those of its newest. */
const CLUES_IN_EPOCHS = `
  alter table tally.overlap drop constraint overlap_member_id_clue_id_form_fkey;
  alter table tally.overlap add foreign key (member_id, clue_id) references tally.clue;
  alter table tally.overlap alter column bucket drop not null, alter column token drop not null;
  comment on column tally.overlap.token is 'Of the newest epoch in which the form has one; null when its epoch was erased';
  alter table tally.clue_token drop constraint clue_token_pkey;
  alter table tally.clue_token add primary key (member_id, clue_id, form, epoch);
  alter table tally.clue alter column exact_token drop not null;
  comment on column tally.clue.exact_token is 'Null once its epoch was erased: the clue matches nothing until its member moves it to a later epoch';
  alter table tally.disclosure_hit add column epoch bigint;
  comment on column tally.disclosure_hit.epoch is 'Null in rows from before the register: of the first epoch';
  alter table tally.publication drop constraint publication_via_check;
  alter table tally.publication add constraint publication_via_check check (via in ('API', 'BULK', 'MOVE'));

  create table tally.clue_move (
    member_id uuid not null,
    clue_id uuid not null,
    epoch bigint not null,
    publication_id uuid not null,
    from_epoch bigint not null,
    former_detail bytea check (octet_length(former_detail) between 256 and 4160),
    moved_at timestamptz not null default now(),
    primary key (member_id, clue_id, epoch),
    foreign key (member_id, clue_id) references tally.clue,
    foreign key (member_id, publication_id) references tally.publication
  );
  comment on table tally.clue_move is 'A clue got tokens of a later epoch. The former detail stays for those who have not moved, until the epoch is erased';
  create index clue_move_of_publication on tally.clue_move (member_id, publication_id, clue_id);

  create table tally.clue_told (
    member_id uuid not null,
    clue_id uuid not null,
    party_id uuid not null references directory.party (id),
    subject_id uuid not null,
    primary key (member_id, clue_id, party_id, subject_id),
    foreign key (member_id, clue_id) references tally.clue
  );
  comment on table tally.clue_told is 'Who was answered about a clue whose old token is gone, so that its retraction still reaches them. For definer functions only';
`;

const POLICIES = `
  ${['epoch', 'epoch_stop', 'epoch_erasure', 'clue_move', 'clue_told'].map((table) => `
  alter table tally.${table} enable row level security;
  alter table tally.${table} force row level security;
  create policy match_select on tally.${table} for select to tally_match using (true);`).join('')}
  ${['epoch', 'epoch_stop', 'epoch_erasure'].map((table) => `
  create policy party_read on tally.${table} for select to tally_app using ((select sec.party()) is not null);
  create policy coordinator_insert on tally.${table} for insert to tally_app with check ((select sec.role()) = 'coordinator');
  grant select, insert on tally.${table} to tally_app;`).join('')}
  create policy match_update on tally.epoch_erasure for update to tally_match using (true) with check (true);
  create policy own_read on tally.clue_move for select to tally_app using (member_id = (select sec.party()));
  create policy own_insert on tally.clue_move for insert to tally_app with check (member_id = (select sec.party()));
  create policy match_update on tally.clue_move for update to tally_match using (true) with check (true);
  create policy match_insert on tally.clue_told for insert to tally_match with check (true);
  create policy match_delete on tally.clue_token for delete to tally_match using (true);
  create policy match_delete on tally.disclosure_hit for delete to tally_match using (true);

  grant select on tally.epoch, tally.epoch_stop to tally_match;
  grant select, update (after_member, after_clue, tokens, finished_at) on tally.epoch_erasure to tally_match;
  grant select, insert on tally.clue_move to tally_app;
  grant update (epoch, kind_version, exact_token, detail) on tally.clue to tally_app;
  grant select, update (former_detail) on tally.clue_move to tally_match;
  grant select, insert on tally.clue_told to tally_match;
  grant update (exact_token, detail) on tally.clue to tally_match;
  grant delete on tally.clue_token, tally.disclosure_hit to tally_match;
`;

/** Functions are made by their owner: so what they may read is never for a moment more than theirs. */
const AS_MATCHER = 'grant create on schema match, tally to tally_match; set local role tally_match';

const RIGHTS = `
  revoke execute on all functions in schema match from public;
  grant execute on function match.epoch_open(bigint), match.current_epoch(), match.hold_epochs(), match.change_epochs() to tally_app;
  grant execute on function match.erase_slice(uuid, int) to tally_worker;
`;
const AS_OWNER = 'set local role tally_owner; revoke create on schema match, tally from tally_match';
