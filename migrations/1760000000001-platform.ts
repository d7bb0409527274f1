/** Signed context, replay, outbox, effects, idempotency, dead letters and the audit intake (docs/architecture.md). */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Platform1760000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const part of [SCHEMAS, CONTEXT, REPLAY, OUTBOX, EFFECTS, IDEMPOTENCY, INTAKE]) await runner.query(part);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}

const SCHEMAS = `
  create schema sec;
  create schema audit;
  grant usage on schema sec to tally_app, tally_worker, tally_auth, tally_match, tally_audit;
  grant usage on schema platform to tally_app, tally_worker;
  grant usage on schema audit to tally_app, tally_worker, tally_log, tally_match, tally_audit;
  alter default privileges for role tally_owner revoke execute on functions from public;
`;

// The key is chosen by the login, so that the worker cannot sign as the application. Payload: see context-signer.ts.
const CONTEXT = `
  create table sec.context_key (
    login_role name primary key,
    inner_pad bytea not null check (octet_length(inner_pad) = 64),
    outer_pad bytea not null check (octet_length(outer_pad) = 64)
  );
  comment on table sec.context_key is 'HMAC pads (RFC 2104) of the keys that sign the context; nobody but the owner reads them';

  create function sec.context() returns jsonb
    language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    signed text := nullif(current_setting('tally.context', true), '');
    payload text;
    key record;
    claims jsonb;
  begin
    if signed is null then
      return null;
    end if;
    select inner_pad, outer_pad into key from sec.context_key where login_role = session_user;
    payload := substr(signed, 66);
    if not found or substr(signed, 65, 1) <> '.' or substr(signed, 1, 64) <>
        encode(sha256(key.outer_pad || sha256(key.inner_pad || convert_to(payload, 'UTF8'))), 'hex') then
      raise exception 'context refused: signature' using errcode = '28000';
    end if;
    claims := payload::jsonb;
    if (claims ->> 'pid')::int <> pg_backend_pid() or claims ->> 'xid' is distinct from pg_current_xact_id_if_assigned()::text then
      raise exception 'context refused: another transaction' using errcode = '28000';
    end if;
    if (claims ->> 'exp')::numeric < extract(epoch from clock_timestamp()) * 1000 then
      raise exception 'context refused: expired' using errcode = '28000';
    end if;
    return claims;
  end $$;
  comment on function sec.context() is 'The verified context; null when absent; raises when forged, foreign or expired';

  create function sec.party() returns uuid
    language sql stable parallel restricted security definer set search_path = pg_catalog, pg_temp
    return (sec.context() ->> 'party')::uuid;
  create function sec.role() returns text
    language sql stable parallel restricted security definer set search_path = pg_catalog, pg_temp
    return sec.context() ->> 'role';
  create function sec.client() returns text
    language sql stable parallel restricted security definer set search_path = pg_catalog, pg_temp
    return sec.context() ->> 'client';
  create function sec.purpose() returns text
    language sql stable parallel restricted security definer set search_path = pg_catalog, pg_temp
    return sec.context() ->> 'purpose';
  revoke execute on all functions in schema sec from public;
  grant execute on function sec.party(), sec.role(), sec.client(), sec.purpose()
    to tally_app, tally_worker, tally_match, tally_audit;
`;

// A crash must not reopen replay: a logged table. Writers set synchronous_commit = off.
const REPLAY = `
  create table sec.replay (
    scope text not null check (scope in ('dpop', 'assertion')),
    key_id text not null check (octet_length(key_id) <= 128),
    jti text not null check (octet_length(jti) <= 128),
    expires_at timestamptz not null,
    primary key (scope, key_id, jti)
  );
  create index replay_expiry on sec.replay (expires_at);
  grant select, insert on sec.replay to tally_app, tally_auth;
  grant select, delete on sec.replay to tally_worker;
`;

const OUTBOX = `
  create table platform.outbox (
    id uuid primary key,
    xid xid8 not null default pg_current_xact_id(),
    seq bigint generated always as identity,
    party_id uuid,
    job text not null,
    ordering_key text,
    payload jsonb not null check (jsonb_typeof(payload) = 'object'),
    state text not null default 'READY' check (state in ('READY', 'QUEUED', 'DONE', 'DEAD')),
    attempts int not null default 0,
    available_at timestamptz not null default now(),
    queued_at timestamptz,
    done_at timestamptz,
    created_at timestamptz not null default now()
  );
  comment on table platform.outbox is 'The contract with the queue: a job exists because its row does. Payloads hold ids only';
  create index outbox_open on platform.outbox (available_at, seq) where state in ('READY', 'QUEUED');
  create index outbox_order on platform.outbox (ordering_key, seq) where state in ('READY', 'QUEUED') and ordering_key is not null;
  alter table platform.outbox enable row level security;
  alter table platform.outbox force row level security;
  create policy append on platform.outbox for insert to tally_app, tally_worker
    with check (party_id is not distinct from (select sec.party()) and state = 'READY' and attempts = 0);
  create policy relay_read on platform.outbox for select to tally_worker using (true);
  create policy relay_move on platform.outbox for update to tally_worker using (true) with check (true);
  create policy relay_clear on platform.outbox for delete to tally_worker using (state = 'DONE');
  grant insert on platform.outbox to tally_app, tally_worker;
  grant select, update, delete on platform.outbox to tally_worker;

  create table platform.dead_letter (
    outbox_id uuid primary key references platform.outbox (id),
    attempts int not null,
    error text not null check (octet_length(error) <= 200),
    died_at timestamptz not null default now(),
    redrive_asked_by text,
    redrive_asked_at timestamptz,
    redriven_by text,
    redriven_at timestamptz,
    check (redriven_by is null or (redrive_asked_by is not null and redriven_by <> redrive_asked_by))
  );
  comment on column platform.dead_letter.error is 'Class and code of the last error, never its message';
  grant select, insert, update on platform.dead_letter to tally_worker;

  create function platform.announce_outbox() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp
  as $$
  begin
    perform pg_notify('tally_outbox', '');
    return null;
  end $$;
  create trigger announce after insert on platform.outbox for each statement execute function platform.announce_outbox();
`;

const EFFECTS = `
  create table platform.effect (
    effect_key text primary key check (octet_length(effect_key) between 1 and 200),
    state text not null default 'DONE' check (state in ('STARTED', 'DONE')),
    created_at timestamptz not null default now(),
    done_at timestamptz
  );
  grant select, insert, update, delete on platform.effect to tally_worker;
`;

const IDEMPOTENCY = `
  create table platform.idempotency_key (
    party_id uuid not null,
    operation text not null check (octet_length(operation) <= 64),
    key text not null check (octet_length(key) between 16 and 64),
    request_hash bytea not null check (octet_length(request_hash) = 32),
    result jsonb,
    created_at timestamptz not null default now(),
    primary key (party_id, operation, key)
  );
  alter table platform.idempotency_key enable row level security;
  alter table platform.idempotency_key force row level security;
  create policy own_read on platform.idempotency_key for select to tally_app using (party_id = (select sec.party()));
  create policy own_insert on platform.idempotency_key for insert to tally_app with check (party_id = (select sec.party()));
  create policy own_update on platform.idempotency_key for update to tally_app
    using (party_id = (select sec.party())) with check (party_id = (select sec.party()));
  create policy expired_read on platform.idempotency_key for select to tally_worker using (created_at < now() - interval '24 hours');
  create policy expired_delete on platform.idempotency_key for delete to tally_worker using (created_at < now() - interval '24 hours');
  grant select, insert, update on platform.idempotency_key to tally_app;
  grant select (party_id, operation, key, created_at), delete on platform.idempotency_key to tally_worker;
`;

/**
 * One sequence a party, gapless: audit.head is locked until the flow commits, and audit.record refuses any entry but
 * the next one. A flow may record for an affected party too, but reads only its own history.
 */
const INTAKE = `
  create table audit.head (
    party_id uuid primary key,
    seq bigint not null check (seq >= 0),
    commitment bytea check (octet_length(commitment) = 33)
  );
  create table audit.intake (
    party_id uuid not null,
    seq bigint not null check (seq > 0),
    previous bytea check (octet_length(previous) = 33),
    event text,
    r bytea check (octet_length(r) = 32),
    commitment bytea not null check (octet_length(commitment) = 33 and get_byte(commitment, 0) = 1),
    recorded_at timestamptz not null default now(),
    primary key (party_id, seq)
  );
  comment on column audit.intake.event is 'RFC 8785 text of the event; with r it opens the commitment 0x01 | HMAC-SHA-256(r, event)';
  alter table audit.head enable row level security;
  alter table audit.head force row level security;
  alter table audit.intake enable row level security;
  alter table audit.intake force row level security;
  create policy writer_read on audit.head for select to tally_audit using (true);
  create policy writer_insert on audit.head for insert to tally_audit with check (true);
  create policy writer_update on audit.head for update to tally_audit using (true) with check (true);
  create policy own_read on audit.intake for select to tally_app, tally_worker using (party_id = (select sec.party()));
  create policy writer_insert on audit.intake for insert to tally_audit with check (true);
  create policy sequencer_read on audit.intake for select to tally_log using (true);
  grant select, insert, update on audit.head to tally_audit;
  grant insert on audit.intake to tally_audit;
  grant select on audit.intake to tally_app, tally_worker;
  grant select (party_id, seq, commitment, recorded_at) on audit.intake to tally_log;

  create function audit.refuse_change() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp
  as $$
  begin
    raise exception '% is append-only', tg_table_name using errcode = '42501';
  end $$;
  create trigger append_only before update or delete or truncate on audit.intake
    for each statement execute function audit.refuse_change();

  create function audit.lock_head(party uuid, out seq bigint, out commitment bytea)
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  begin
    insert into audit.head as h (party_id, seq) values (party, 0) on conflict (party_id) do nothing;
    select h.seq, h.commitment into strict lock_head.seq, lock_head.commitment from audit.head h where h.party_id = party for update;
  end $$;

  create function audit.record(party uuid, next_seq bigint, previous bytea, event text, r bytea, commitment bytea) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  begin
    update audit.head h set seq = next_seq, commitment = record.commitment
      where h.party_id = party and h.seq = next_seq - 1 and h.commitment is not distinct from record.previous;
    if not found then
      raise exception 'audit entry does not follow the head' using errcode = '40001';
    end if;
    insert into audit.intake (party_id, seq, previous, event, r, commitment)
      values (party, next_seq, record.previous, record.event, record.r, record.commitment);
  end $$;
  revoke execute on all functions in schema audit from public;
  grant execute on all functions in schema audit to tally_app, tally_worker, tally_match;
  grant create on schema audit to tally_audit;
  alter function audit.lock_head(uuid) owner to tally_audit;
  alter function audit.record(uuid, bigint, bytea, text, bytea, bytea) owner to tally_audit;
  revoke create on schema audit from tally_audit;
`;
