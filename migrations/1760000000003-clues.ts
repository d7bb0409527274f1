/**
 * Clues, overlaps, disclosures and the event feed. A member reads and writes its own rows; everything that looks across members is a
 * definer function of tally_match (schema `match`), which gives out classes only. Overlap rows, check records and events are written by
 * those functions alone.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { MATCH_CHECK, MATCH_FEED, MATCH_RECOMPUTE, MATCH_RIGHTS } from './match-functions.js';

export class Clues1760000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const part of [PUBLICATIONS, CLUES, OVERLAPS, DISCLOSURES, EVENTS, POLICIES, MATCH_FEED, MATCH_RECOMPUTE, MATCH_CHECK, MATCH_RIGHTS]) await runner.query(part);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}

const PUBLICATIONS = `
  create schema tally;
  create schema match;
  grant usage on schema tally to tally_app, tally_worker, tally_match;
  grant usage on schema match to tally_app, tally_worker, tally_match;

  create table tally.publication (
    member_id uuid not null references directory.party (id),
    publication_id uuid not null,
    via text not null check (via in ('API', 'BULK')),
    state text not null default 'OPEN' check (state in ('OPEN', 'FINISHED')),
    match_state text not null default 'PENDING' check (match_state in ('PENDING', 'RUNNING', 'DONE')),
    matched_after uuid,
    overlap_count int not null default 0,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    matched_at timestamptz,
    primary key (member_id, publication_id)
  );
  comment on column tally.publication.matched_after is 'The matching worker goes on after this clue';

  create table tally.publication_chunk (
    member_id uuid not null,
    publication_id uuid not null,
    seq int not null check (seq between 0 and 999999),
    sha256 bytea not null check (octet_length(sha256) = 32),
    received int not null default 0,
    accepted int not null default 0,
    already_known int not null default 0,
    refused int not null default 0,
    summary jsonb,
    received_at timestamptz not null default now(),
    primary key (member_id, publication_id, seq),
    foreign key (member_id, publication_id) references tally.publication
  );
  comment on column tally.publication_chunk.summary is 'The answer, given again to whoever repeats the chunk: clue ids and codes only';
`;

const CLUES = `
  create table tally.clue (
    member_id uuid not null,
    clue_id uuid not null,
    publication_id uuid not null,
    epoch bigint not null check (epoch between 0 and 4294967295),
    kind text not null check (octet_length(kind) <= 32),
    kind_version int not null check (kind_version > 0),
    category text not null check (octet_length(category) <= 64),
    means text[] not null check (cardinality(means) <= 32),
    role text not null check (role in ('AGENT', 'SUSPECT', 'IMPERSONATED', 'VICTIM', 'COMPLAINANT')),
    level smallint not null check (level between 1 and 4),
    purpose text not null check (octet_length(purpose) <= 64),
    basis_code text not null check (octet_length(basis_code) <= 64),
    basis_law text check (char_length(basis_law) <= 200),
    basis_article text check (char_length(basis_article) <= 40),
    tlp text not null check (tlp in ('GREEN', 'AMBER', 'AMBER_STRICT', 'RED')),
    first_seen timestamptz not null,
    last_seen timestamptz not null check (last_seen >= first_seen),
    approver text check (char_length(approver) <= 200),
    authority_reference text check (char_length(authority_reference) <= 200),
    evidence text[] not null check (cardinality(evidence) <= 32),
    detail bytea not null check (octet_length(detail) between 256 and 4160),
    revision int not null check (revision > 0),
    exact_token bytea not null check (octet_length(exact_token) = 16),
    state text not null default 'LIVE' check (state in ('LIVE', 'RETRACTED', 'EXPIRED')),
    published_at timestamptz not null default now(),
    expires_at timestamptz not null,
    retracted_at timestamptz,
    retraction_reason text check (octet_length(retraction_reason) <= 64),
    check ((state = 'RETRACTED') = (retracted_at is not null and retraction_reason is not null)),
    check (category <> 'INDIVIDUAL_NOT_GREY_INDUSTRY'),
    check (category <> 'MALICIOUS_COMPLAINT' or (role = 'AGENT' and cardinality(means) > 0)),
    primary key (member_id, clue_id),
    foreign key (member_id, publication_id) references tally.publication
  );
  comment on table tally.clue is 'A token with its words and a sealed detail. No column can hold a value in clear';
  -- One live clue a member, epoch and token. Begins with the member: an index over all members would tell that another holds the token.
  create unique index clue_live_token on tally.clue (member_id, epoch, exact_token) where state = 'LIVE';
  create index clue_end on tally.clue (expires_at) where state = 'LIVE';
  create index clue_of_publication on tally.clue (member_id, publication_id, clue_id);

  create table tally.clue_token (
    member_id uuid not null,
    clue_id uuid not null,
    form smallint not null check (form between 1 and 8),
    epoch bigint not null,
    bucket smallint not null generated always as ((get_byte(token, 0) << 2) | (get_byte(token, 1) >> 6)) stored,
    token bytea not null check (octet_length(token) = 16),
    kind text not null check (octet_length(kind) <= 32),
    strength text not null check (strength in ('EXACT', 'WEAK')),
    live boolean not null,
    primary key (member_id, clue_id, form),
    check ((form = 1) = (strength = 'EXACT')),
    foreign key (member_id, clue_id) references tally.clue
  );
  comment on column tally.clue_token.live is 'Takes part in matches: its clue is live and its role can match';
  create index clue_token_live on tally.clue_token (bucket, token) where live;
`;

const OVERLAPS = `
  create table tally.overlap (
    member_id uuid not null,
    overlap_id uuid not null,
    clue_id uuid not null,
    form smallint not null,
    bucket smallint not null,
    token bytea not null check (octet_length(token) = 16),
    seq bigint not null,
    kind text not null,
    strength text not null check (strength in ('EXACT', 'WEAK')),
    others smallint not null check (others in (1, 2)),
    categories text[] not null,
    levels smallint[] not null,
    level smallint not null,
    impersonated boolean not null,
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    state text not null check (state in ('OPEN', 'WITHDRAWN')),
    opened_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    primary key (member_id, overlap_id),
    unique (member_id, clue_id, form),
    foreign key (member_id, clue_id, form) references tally.clue_token
  );
  comment on table tally.overlap is 'One row for each own form that others hold too, as its member may see it: bands and classes, never who';
  comment on column tally.overlap.seq is 'Sequence number of the member''s event that last changed the row: the order of lists';
  create unique index overlap_order on tally.overlap (member_id, seq);
  create index overlap_token on tally.overlap (bucket, token);
`;

const DISCLOSURES = `
  create table tally.disclosure (
    member_id uuid not null references directory.party (id),
    disclosure_id uuid not null,
    kind text not null check (kind in ('CHECK', 'OVERLAPS', 'OVERLAP')),
    client_id text not null check (octet_length(client_id) <= 64),
    purpose text not null check (octet_length(purpose) <= 64),
    basis_code text not null check (octet_length(basis_code) <= 64),
    basis_law text check (char_length(basis_law) <= 200),
    basis_article text check (char_length(basis_article) <= 40),
    asked int not null check (asked > 0),
    hits int not null check (hits between 0 and asked),
    at timestamptz not null default now(),
    primary key (member_id, disclosure_id)
  );
  create index disclosure_time on tally.disclosure (member_id, at);
  create table tally.disclosure_hit (
    member_id uuid not null,
    disclosure_id uuid not null,
    bucket smallint not null,
    token bytea not null check (octet_length(token) = 16),
    primary key (member_id, disclosure_id, token),
    foreign key (member_id, disclosure_id) references tally.disclosure
  );
  comment on table tally.disclosure_hit is 'Tokens that were answered with a hit, so that a retraction finds who was told. Misses leave no token anywhere';
  create index disclosure_hit_token on tally.disclosure_hit (bucket, token);

  create table tally.check_quota (
    member_id uuid not null references directory.party (id),
    day date not null,
    used int not null check (used > 0),
    primary key (member_id, day)
  );
  create table tally.network_rule (
    name text primary key,
    value int not null check (value >= 0)
  );
  insert into tally.network_rule values ('checks-per-day', 10000), ('bands-from-members', 3);
`;

const EVENTS = `
  create table tally.event_head (
    party_id uuid primary key references directory.party (id),
    last_seq bigint not null default 0 check (last_seq >= 0)
  );
  comment on table tally.event_head is 'Locked, in order of party id, by everything that changes what a party sees; makes the feed gapless';
  create table tally.event (
    party_id uuid not null,
    seq bigint not null check (seq > 0),
    kind text not null check (kind ~ '^[A-Z][A-Z_]{2,63}$'),
    subject_id uuid not null,
    at timestamptz not null default now(),
    primary key (party_id, seq),
    foreign key (party_id) references tally.event_head
  );
`;

const own = (table: string, column = 'member_id'): string => `
  alter table tally.${table} enable row level security;
  alter table tally.${table} force row level security;
  create policy own_read on tally.${table} for select to tally_app using (${column} = (select sec.party()));
`;
const insertable = (table: string, more = ''): string => `
  create policy own_insert on tally.${table} for insert to tally_app with check (member_id = (select sec.party())${more});
`;
const updatable = (table: string): string => `
  create policy own_update on tally.${table} for update to tally_app
    using (member_id = (select sec.party())) with check (member_id = (select sec.party()));
`;
const matcher = (table: string, ...commands: ('select' | 'insert' | 'update')[]): string => commands.map((command) => `
  create policy match_${command} on tally.${table} for ${command} to tally_match
    ${command === 'insert' ? '' : 'using (true)'} ${command === 'select' ? '' : 'with check (true)'};
`).join('');

const POLICIES = `
  ${own('publication')}${insertable('publication', " and state = 'OPEN'")}${updatable('publication')}${matcher('publication', 'select', 'update')}
  ${own('publication_chunk')}${insertable('publication_chunk')}${updatable('publication_chunk')}
  ${own('clue')}${insertable('clue', " and state = 'LIVE'")}${updatable('clue')}${matcher('clue', 'select', 'update')}
  ${own('clue_token')}${insertable('clue_token')}${updatable('clue_token')}${matcher('clue_token', 'select', 'update')}
  ${own('overlap')}${matcher('overlap', 'select', 'insert', 'update')}
  ${own('disclosure')}${insertable('disclosure', " and kind <> 'CHECK'")}${matcher('disclosure', 'select', 'insert')}
  ${own('disclosure_hit')}${matcher('disclosure_hit', 'select', 'insert')}
  ${own('check_quota')}${matcher('check_quota', 'select', 'insert', 'update')}
  ${own('event_head', 'party_id')}${matcher('event_head', 'select', 'insert', 'update')}
  ${own('event', 'party_id')}${matcher('event', 'insert')}
  alter table tally.network_rule enable row level security;
  alter table tally.network_rule force row level security;
  ${matcher('network_rule', 'select')}

  grant select, insert on tally.publication, tally.publication_chunk, tally.clue, tally.clue_token, tally.disclosure to tally_app;
  grant update (state, finished_at) on tally.publication to tally_app;
  grant update (received, accepted, already_known, refused, summary) on tally.publication_chunk to tally_app;
  grant update (state, retracted_at, retraction_reason) on tally.clue to tally_app;
  grant update (live) on tally.clue_token to tally_app;
  grant select on tally.overlap, tally.event, tally.check_quota to tally_app;

  grant select, update (match_state, matched_after, matched_at, overlap_count) on tally.publication to tally_match;
  grant select, update (live) on tally.clue_token to tally_match;
  grant select, update (state) on tally.clue to tally_match;
  grant select on tally.network_rule to tally_match;
  grant select, insert, update on tally.overlap, tally.check_quota, tally.event_head to tally_match;
  grant select, insert on tally.disclosure, tally.disclosure_hit to tally_match;
  grant insert on tally.event to tally_match;
  create policy match_read on directory.party for select to tally_match using (true);
  grant select (id, role, status) on directory.party to tally_match;
`;
