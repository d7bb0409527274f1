/**
 * Joint cases, sealed contributions, packages and what liaisons answer. Who takes part is in case_party, one row a party, and a
 * party reads its own row only: the case row itself names nobody but the liaison, so that an invited member learns the case
 * before it learns who asks. Names come from definer functions (tally.case_participants) once both sides have joined.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { NOTICES, TIME } from './1760000000004-cases-in-time.js';

export class Cases1760000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const part of [CASES, CASE_POLICIES, PACKAGES, PACKAGE_POLICIES, PARTICIPANTS, COUNTERPARTS, DELIVERY, NOTICES, TIME, OWNERS]) await runner.query(part);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}

const CASES = `
  create table tally.joint_case (
    case_id uuid primary key,
    state text not null check (state in ('PROPOSED', 'OPEN', 'APPROVED', 'CLOSED', 'WITHDRAWN')),
    category text not null check (octet_length(category) <= 64),
    purpose text not null check (octet_length(purpose) <= 64),
    legal_basis jsonb not null check (jsonb_typeof(legal_basis) = 'object'),
    liaison_id uuid not null,
    recipients jsonb not null check (jsonb_typeof(recipients) = 'array'),
    package_id uuid not null unique,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now()
  );
  comment on table tally.joint_case is 'What every party of a case may read. Names no member: see tally.case_party';

  create table tally.case_party (
    party_id uuid not null,
    case_id uuid not null references tally.joint_case (case_id),
    part text not null check (part in ('LEAD', 'INVITED')),
    invitation text not null check (invitation in ('ASKED', 'JOINED', 'DECLINED', 'LAPSED')),
    asked_at timestamptz not null default now(),
    answered_at timestamptz,
    primary key (party_id, case_id),
    check (part <> 'LEAD' or invitation = 'JOINED')
  );
  create unique index case_lead on tally.case_party (case_id) where part = 'LEAD';
  create index case_party_case on tally.case_party (case_id);

  create table tally.case_proposal (
    party_id uuid not null,
    case_id uuid not null,
    officer_kid text not null check (octet_length(officer_kid) = 43),
    jws text not null check (octet_length(jws) <= 8192),
    primary key (party_id, case_id),
    foreign key (party_id, case_id) references tally.case_party (party_id, case_id)
  );

  create table tally.case_overlap (
    party_id uuid not null,
    case_id uuid not null,
    overlap_id uuid not null,
    primary key (party_id, case_id, overlap_id),
    foreign key (party_id, case_id) references tally.case_party (party_id, case_id)
  );
  comment on table tally.case_overlap is 'The overlaps of a case, each party''s own';

  create table tally.contribution (
    party_id uuid not null,
    case_id uuid not null,
    contribution_id uuid not null,
    handling_floor text not null check (handling_floor in ('CLEAR', 'GREEN', 'AMBER', 'AMBER_STRICT', 'RED')),
    facets jsonb not null check (jsonb_typeof(facets) = 'object'),
    size int not null check (size > 0),
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    ciphertext text not null,
    created_at timestamptz not null default now(),
    primary key (party_id, case_id, contribution_id),
    unique (case_id, contribution_id),
    foreign key (party_id, case_id) references tally.case_party (party_id, case_id)
  );
  alter table tally.contribution alter column ciphertext set storage external;
  comment on column tally.contribution.ciphertext is 'RFC 8785 text of a JWE sealed to the liaison; size and sha256 are of these bytes';

  create table tally.approval (
    party_id uuid not null,
    case_id uuid not null references tally.joint_case (case_id),
    officer_kid text not null check (octet_length(officer_kid) = 43),
    side text not null check (side in ('LEAD', 'COORDINATOR')),
    digest text not null check (digest ~ '^[0-9a-f]{64}$'),
    jws text not null check (octet_length(jws) <= 8192),
    created_at timestamptz not null default now(),
    primary key (case_id, digest, officer_kid),
    unique (case_id, digest, side)
  );
  comment on table tally.approval is 'Approvals of another digest than the present one do not count';
`;

const CASE_POLICIES = `
  ${['joint_case', 'case_party', 'case_proposal', 'case_overlap', 'contribution', 'approval'].map((table) => `
  alter table tally.${table} enable row level security;
  alter table tally.${table} force row level security;
  create policy definer_read on tally.${table} for select to tally_match using (true);
  grant select on tally.${table} to tally_match;
  `).join('')}
  create policy party_read on tally.joint_case for select to tally_app using (
    (select sec.role()) = 'coordinator'
    or exists (select from tally.case_party p where p.case_id = joint_case.case_id and p.party_id = (select sec.party())));
  create policy member_insert on tally.joint_case for insert to tally_app with check ((select sec.role()) = 'member' and state = 'PROPOSED');
  create policy party_update on tally.joint_case for update to tally_app
    using ((select sec.role()) = 'coordinator'
      or exists (select from tally.case_party p where p.case_id = joint_case.case_id and p.party_id = (select sec.party()) and p.invitation = 'JOINED'))
    with check (true);
  create policy own_read on tally.case_party for select to tally_app using (party_id = (select sec.party()) or (select sec.role()) = 'coordinator');
  create policy lead_insert on tally.case_party for insert to tally_app with check (party_id = (select sec.party()) and part = 'LEAD');
  create policy own_update on tally.case_party for update to tally_app
    using (party_id = (select sec.party()) and part = 'INVITED') with check (party_id = (select sec.party()) and part = 'INVITED');
  create policy own_read on tally.case_proposal for select to tally_app using (party_id = (select sec.party()) or (select sec.role()) = 'coordinator');
  create policy own_insert on tally.case_proposal for insert to tally_app with check (party_id = (select sec.party()));
  create policy own_read on tally.case_overlap for select to tally_app using (party_id = (select sec.party()));
  create policy own_insert on tally.case_overlap for insert to tally_app with check (party_id = (select sec.party()));
  create policy own_read on tally.contribution for select to tally_app using (party_id = (select sec.party()));
  create policy own_insert on tally.contribution for insert to tally_app with check (party_id = (select sec.party())
    and exists (select from tally.case_party p where p.case_id = contribution.case_id and p.party_id = (select sec.party()) and p.invitation = 'JOINED'));
  create policy side_read on tally.approval for select to tally_app using ((select sec.role()) = 'coordinator'
    or exists (select from tally.case_party p where p.case_id = approval.case_id and p.party_id = (select sec.party()) and p.part = 'LEAD'));
  create policy side_insert on tally.approval for insert to tally_app with check (party_id = (select sec.party()) and (
    (side = 'COORDINATOR' and (select sec.role()) = 'coordinator')
    or (side = 'LEAD' and exists (select from tally.case_party p where p.case_id = approval.case_id and p.party_id = (select sec.party()) and p.part = 'LEAD'))));
  create policy definer_insert on tally.case_party for insert to tally_match with check (part = 'INVITED' and invitation = 'ASKED');
  create policy definer_insert on tally.case_overlap for insert to tally_match with check (true);
  grant select, insert on tally.joint_case, tally.case_party, tally.case_proposal, tally.case_overlap, tally.contribution, tally.approval to tally_app;
  grant update (state, changed_at) on tally.joint_case to tally_app;
  grant update (invitation, answered_at) on tally.case_party to tally_app;
  grant insert on tally.case_party, tally.case_overlap to tally_match;
`;

const PACKAGES = `
  create table tally.package (
    package_id uuid primary key,
    kind text not null check (kind in ('CASE', 'TEST')),
    case_id uuid unique references tally.joint_case (case_id),
    sender_id uuid not null,
    liaison_id uuid not null,
    state text not null check (state in ('BUILDING', 'SEALED', 'OFFERED', 'FETCHED', 'RECEIVED', 'ACCEPTED', 'REJECTED', 'CLOSED', 'WITHDRAWN', 'EXPIRED', 'DEAD_LETTER')),
    payload text not null,
    digest text check (digest ~ '^[0-9a-f]{64}$'),
    content bytea,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    check ((kind = 'CASE') = (case_id is not null)),
    check ((state in ('BUILDING', 'DEAD_LETTER', 'WITHDRAWN')) or (digest is not null and content is not null))
  );
  alter table tally.package alter column content set storage external;
  comment on column tally.package.payload is 'RFC 8785 text of the envelope payload as approved, with the approvals';
  comment on column tally.package.sender_id is 'The party whose act made the package: the one that approved last, or the coordinator of a test';

  create table tally.feed_generation (
    generation int primary key check (generation > 0),
    started_at timestamptz not null default now()
  );
  insert into tally.feed_generation (generation) values (1);
  comment on table tally.feed_generation is 'A restored cluster starts a new one: cursors of an older generation start over';

  create table tally.inbox_entry (
    liaison_id uuid not null,
    seq bigint generated always as identity,
    xid xid8 not null default pg_current_xact_id(),
    package_id uuid not null references tally.package (package_id),
    kind text not null check (kind in ('OFFERED', 'SUPERSEDING_NOTICE')),
    created_at timestamptz not null default now(),
    primary key (liaison_id, seq)
  );
  create index inbox_order on tally.inbox_entry (liaison_id, xid, seq);
  create unique index inbox_offered_once on tally.inbox_entry (package_id) where kind = 'OFFERED';

  create table tally.receipt (
    liaison_id uuid not null,
    receipt_id uuid not null,
    package_id uuid not null references tally.package (package_id),
    seq bigint generated always as identity,
    kind text not null check (kind in ('RECEIVED', 'OPENED', 'ACCEPTED', 'REJECTED', 'FORWARDED', 'DESTROYED')),
    jws text not null check (octet_length(jws) <= 65536),
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    received_at timestamptz not null default now(),
    primary key (liaison_id, receipt_id)
  );
  create index receipt_package on tally.receipt (package_id, seq);

  create table tally.outcome (
    liaison_id uuid not null,
    outcome_id uuid not null,
    package_id uuid not null references tally.package (package_id),
    kind text not null check (octet_length(kind) <= 64),
    persons int check (persons >= 0),
    amount_cny bigint check (amount_cny >= 0),
    reference text not null check (char_length(reference) <= 500),
    jws text not null check (octet_length(jws) <= 65536),
    received_at timestamptz not null default now(),
    primary key (liaison_id, outcome_id)
  );
  create index outcome_package on tally.outcome (package_id);
`;

// Contributors follow their package: its state, receipts and outcomes. Its content is ciphertext to the liaison's keys, and given to the liaison only.
const CONTRIBUTES = `exists (select from tally.package k join tally.case_party p on p.case_id = k.case_id
      where k.package_id = %.package_id and p.party_id = (select sec.party()) and p.invitation = 'JOINED')`;

const PACKAGE_POLICIES = `
  ${['package', 'inbox_entry', 'receipt', 'outcome'].map((table) => `
  alter table tally.${table} enable row level security;
  alter table tally.${table} force row level security;
  create policy definer_read on tally.${table} for select to tally_match using (true);
  grant select on tally.${table} to tally_match;
  `).join('')}
  create policy own_read on tally.package for select to tally_app using (
    (liaison_id = (select sec.party()) and state not in ('BUILDING', 'SEALED', 'WITHDRAWN', 'DEAD_LETTER'))
    or (select sec.role()) = 'coordinator'
    or exists (select from tally.case_party p where p.case_id = package.case_id and p.party_id = (select sec.party()) and p.invitation = 'JOINED'));
  create policy sender_insert on tally.package for insert to tally_app with check (sender_id = (select sec.party()) and state = 'BUILDING' and (
    (select sec.role()) = 'coordinator'
    or exists (select from tally.case_party p where p.case_id = package.case_id and p.party_id = (select sec.party()) and p.part = 'LEAD')));
  create policy liaison_update on tally.package for update to tally_app
    using (liaison_id = (select sec.party()) and state in ('OFFERED', 'FETCHED', 'RECEIVED', 'ACCEPTED', 'REJECTED', 'CLOSED'))
    with check (liaison_id = (select sec.party()));
  create policy lead_update on tally.package for update to tally_app
    using (state in ('BUILDING', 'SEALED', 'OFFERED')
      and exists (select from tally.case_party p where p.case_id = package.case_id and p.party_id = (select sec.party()) and p.part = 'LEAD'))
    with check (state = 'WITHDRAWN');
  create policy deliver_read on tally.package for select to tally_worker using (true);
  create policy deliver_update on tally.package for update to tally_worker using (true) with check (true);
  create policy deliver_insert on tally.inbox_entry for insert to tally_worker with check (true);
  create policy own_read on tally.inbox_entry for select to tally_app using (liaison_id = (select sec.party()));
  create policy own_read on tally.receipt for select to tally_app using (
    liaison_id = (select sec.party()) or (select sec.role()) = 'coordinator' or ${CONTRIBUTES.replace('%', 'receipt')});
  create policy own_insert on tally.receipt for insert to tally_app with check (liaison_id = (select sec.party()));
  create policy own_read on tally.outcome for select to tally_app using (
    liaison_id = (select sec.party()) or (select sec.role()) = 'coordinator' or ${CONTRIBUTES.replace('%', 'outcome')});
  create policy own_insert on tally.outcome for insert to tally_app with check (liaison_id = (select sec.party()));
  grant select, insert on tally.package, tally.receipt, tally.outcome to tally_app;
  grant update (state, changed_at) on tally.package to tally_app;
  grant select on tally.inbox_entry, tally.feed_generation to tally_app;
  grant select (package_id, kind, case_id, sender_id, liaison_id, state, payload, digest, created_at, changed_at) on tally.package to tally_worker;
  grant update (state, digest, content, changed_at) on tally.package to tally_worker;
  grant insert on tally.inbox_entry to tally_worker;
`;

// Every function asks sec.party() itself: whoever has no business with the case gets nothing.
const PARTICIPANTS = `
  create function tally.case_participants(which uuid) returns table (party_id uuid, part text, invitation text)
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select p.party_id, p.part, p.invitation from tally.case_party p
      where p.case_id = which and p.invitation = 'JOINED'
        and exists (select from tally.case_party own where own.case_id = which and own.party_id = sec.party() and own.invitation = 'JOINED')
      order by p.part desc, p.party_id;
  end;
  comment on function tally.case_participants(uuid) is 'Who has joined, for those who have joined';

  create function tally.case_invitations(which uuid) returns table (asked int, joined int)
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select count(*)::int, (count(*) filter (where p.invitation = 'JOINED'))::int from tally.case_party p
      where p.case_id = which and p.part = 'INVITED'
        and exists (select from tally.case_party own where own.case_id = which and own.party_id = sec.party() and own.invitation = 'JOINED');
  end;
  comment on function tally.case_invitations(uuid) is 'Told in bands by the application';

  create function tally.case_lines(which uuid)
    returns table (contribution_id uuid, size int, sha256 text, handling_floor text, facets jsonb, created_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select c.contribution_id, c.size, c.sha256, c.handling_floor, c.facets, c.created_at from tally.contribution c
      where c.case_id = which and (sec.role() = 'coordinator'
        or exists (select from tally.case_party own where own.case_id = which and own.party_id = sec.party() and own.part = 'LEAD'))
      order by c.created_at, c.contribution_id;
  end;
  comment on function tally.case_lines(uuid) is 'What the approving sides may know of contributions: ciphertext digests and declared facets, not whose';

  create function tally.liaison_ready(liaison uuid) returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select exists (select from tally.package k where k.liaison_id = liaison and k.kind = 'TEST' and k.state in ('ACCEPTED', 'CLOSED'));
  end;
  comment on function tally.liaison_ready(uuid) is 'A liaison is ready for a first real package when it has accepted a test package';
`;

/**
 * From the caller's own overlaps to invitations, in one call that returns nothing: neither who nor how many. Asked are the
 * members that hold the same tokens now, by the same rule as every match; each finds its own overlaps in the case.
 */
const COUNTERPARTS = `
  create function tally.invite_counterparts(which uuid) returns void
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
    select array_agg(distinct o.token) into own from tally.case_overlap c join tally.overlap o on o.member_id = c.party_id and o.overlap_id = c.overlap_id
      where c.case_id = which and c.party_id = lead;
    select array_agg(distinct h.member_id) into asked from match.held(own) h where h.member_id <> lead;
    if asked is null then
      raise exception 'no counterpart' using errcode = 'TL404';
    end if;
    insert into tally.case_party (party_id, case_id, part, invitation) select m, which, 'INVITED', 'ASKED' from unnest(asked) m;
    insert into tally.case_overlap (party_id, case_id, overlap_id)
      select o.member_id, which, o.overlap_id from tally.overlap o
        where o.member_id = any (asked) and o.state = 'OPEN'
          and (o.bucket, o.token) in (select ((get_byte(t, 0) << 2) | (get_byte(t, 1) >> 6))::smallint, t from unnest(own) t);
    perform match.emit(asked, 'CASE_INVITED', which);
  end $$;
  comment on function tally.invite_counterparts(uuid) is 'Asks every counterpart of the overlaps of a case; tells nobody who';

  create function tally.tell_case(which uuid, what text) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    told uuid[];
  begin
    select array_agg(p.party_id) into told from tally.case_party p where p.case_id = which and p.invitation = 'JOINED' and p.party_id is distinct from sec.party();
    if told is not null and (session_user = 'tally_worker' or sec.role() = 'coordinator'
        or exists (select from tally.case_party p where p.case_id = which and p.party_id = sec.party())
        or exists (select from tally.package k where k.case_id = which and k.liaison_id = sec.party())) then
      perform match.emit(told, what, which);
    end if;
  end $$;
  comment on function tally.tell_case(uuid, text) is 'One event for every party that joined, but the caller';
`;

const DELIVERY = `
  create function tally.package_parts(which uuid) returns table (contribution_id uuid, ciphertext text)
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select c.contribution_id, c.ciphertext from tally.package k join tally.contribution c on c.case_id = k.case_id
      where k.package_id = which and k.state = 'BUILDING' order by c.created_at, c.contribution_id;
  end;
  comment on function tally.package_parts(uuid) is 'The sealed contributions of a package that is being built; the worker''s only way to them';
`;

/** A clue that was taken back, in a package: the liaison gets a notice in its inbox. Packages on their way get it when they are offered. */
const OWNERS = `
  grant execute on function tally.case_participants(uuid), tally.case_invitations(uuid), tally.case_lines(uuid), tally.liaison_ready(uuid), tally.invite_counterparts(uuid),
    tally.tell_case(uuid, text), tally.notice_retraction(uuid[]) to tally_app;
  grant execute on function tally.package_parts(uuid), tally.tell_case(uuid, text), tally.notice_at_offer(uuid),
    tally.sweep_cases() to tally_worker;
  grant create on schema tally to tally_match;
  ${['case_participants(uuid)', 'case_invitations(uuid)', 'case_lines(uuid)', 'liaison_ready(uuid)', 'invite_counterparts(uuid)', 'tell_case(uuid, text)', 'package_parts(uuid)',
    'notice_retraction(uuid[])', 'notice_at_offer(uuid)', 'rule_interval(text)', 'sweep_cases()']
    .map((name) => `alter function tally.${name} owner to tally_match;`).join('\n  ')}
  revoke create on schema tally from tally_match;
`;
