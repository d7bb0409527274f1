/**
 * Directory: parties, their keys, officers and clients, and the signed acts that admit and suspend. Written by
 * coordinators; a party reads its own rows; what others may know of a party (name, status, public keys) is given out by
 * definer functions for one id at a time, so that nobody can list who takes part.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Directory1760000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const part of [TABLES, POLICIES, FUNCTIONS, CLIENTS]) await runner.query(part);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}

const TABLES = `
  create schema directory;
  grant usage on schema directory to tally_app, tally_worker, tally_auth, tally_match;

  create table directory.party (
    id uuid primary key,
    role text not null check (role in ('member', 'coordinator', 'liaison', 'auditor')),
    name text not null check (char_length(name) between 1 and 200),
    name_zh text not null check (char_length(name_zh) between 1 and 200),
    status text not null default 'PENDING' check (status in ('PENDING', 'ACTIVE', 'SUSPENDED', 'EXPELLED')),
    policy_version int not null default 1 check (policy_version > 0),
    jurisdiction text not null check (char_length(jurisdiction) <= 64),
    contact_desk jsonb not null check (jsonb_typeof(contact_desk) in ('object', 'string')),
    webhook_url text check (char_length(webhook_url) <= 500),
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now()
  );
  comment on column directory.party.policy_version is 'Rises with every change of status: older tokens and older signatures end with it';

  create table directory.party_key (
    party_id uuid not null references directory.party (id),
    kid text not null check (octet_length(kid) = 43),
    use text not null check (use in ('auth', 'evidence', 'seal')),
    jwk jsonb not null check (jwk ->> 'kty' = 'EC' and jwk ->> 'crv' = 'P-256' and not jwk ? 'd'),
    valid_from timestamptz not null default now(),
    revoked_at timestamptz,
    primary key (party_id, kid),
    unique (kid)
  );
  comment on table directory.party_key is 'Public keys, to compare with pinned ones: never trusted because they stand here';

  create table directory.officer (
    id uuid not null,
    party_id uuid not null references directory.party (id),
    name text not null check (char_length(name) between 1 and 200),
    kid text not null unique check (octet_length(kid) = 43),
    jwk jsonb not null check (jwk ->> 'kty' = 'EC' and jwk ->> 'crv' = 'P-256' and not jwk ? 'd'),
    active boolean not null default true,
    primary key (party_id, id),
    unique (id)
  );

  create table directory.client (
    client_id text primary key check (octet_length(client_id) between 8 and 64),
    party_id uuid not null references directory.party (id),
    active boolean not null default true
  );
  create index client_party on directory.client (party_id);

  create table directory.act (
    id uuid primary key,
    kind text not null check (kind in ('ADMIT', 'SUSPEND', 'LIFT')),
    party_id uuid not null references directory.party (id),
    digest text not null check (octet_length(digest) = 43),
    policy_version int not null,
    state text not null check (state in ('PROPOSED', 'DONE')),
    created_at timestamptz not null default now(),
    done_at timestamptz
  );
  create unique index act_open on directory.act (party_id, kind) where state = 'PROPOSED';
  create table directory.act_signature (
    act_id uuid not null references directory.act (id),
    officer_id uuid not null references directory.officer (id),
    jws text not null check (octet_length(jws) <= 8192),
    signed_at timestamptz not null default now(),
    primary key (act_id, officer_id)
  );
  comment on table directory.act_signature is 'The key makes the same officer twice impossible';
`;

const POLICIES = `
  ${['party', 'party_key', 'officer', 'client', 'act', 'act_signature'].map((table) => `
  alter table directory.${table} enable row level security;
  alter table directory.${table} force row level security;
  create policy definer_read on directory.${table} for select to tally_owner using (true);
  create policy coordinator_read on directory.${table} for select to tally_app using ((select sec.role()) = 'coordinator');
  create policy coordinator_insert on directory.${table} for insert to tally_app with check ((select sec.role()) = 'coordinator');
  `).join('')}
  create policy bootstrap_insert on directory.party for insert to tally_owner with check (role = 'coordinator');
  create policy bootstrap_insert on directory.party_key for insert to tally_owner with check (true);
  create policy bootstrap_insert on directory.officer for insert to tally_owner with check (true);
  create policy bootstrap_insert on directory.client for insert to tally_owner with check (true);
  create policy own_read on directory.party for select to tally_app using (id = (select sec.party()));
  create policy own_read on directory.party_key for select to tally_app using (party_id = (select sec.party()));
  create policy own_read on directory.officer for select to tally_app using (party_id = (select sec.party()));
  create policy own_read on directory.client for select to tally_app using (party_id = (select sec.party()));
  create policy coordinator_update on directory.party for update to tally_app
    using ((select sec.role()) = 'coordinator' and id <> (select sec.party())) with check ((select sec.role()) = 'coordinator');
  create policy coordinator_update on directory.act for update to tally_app
    using ((select sec.role()) = 'coordinator' and state = 'PROPOSED') with check ((select sec.role()) = 'coordinator' and state = 'DONE');
  grant select, insert on directory.party, directory.party_key, directory.officer, directory.client, directory.act, directory.act_signature to tally_app;
  grant update (status, policy_version, changed_at) on directory.party to tally_app;
  grant update (state, done_at) on directory.act to tally_app;
`;

// For one id or key at a time: no function lists parties except the status list, which is public by design.
const FUNCTIONS = `
  create function directory.caller(client text)
    returns table (party_id uuid, role text, name text, status text, policy_version int)
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select p.id, p.role, p.name, p.status, p.policy_version
      from directory.client c join directory.party p on p.id = c.party_id where c.client_id = client and c.active;
  end;
  comment on function directory.caller(text) is 'Who stands behind a client now; read on every call';

  create function directory.card(party uuid)
    returns table (party_id uuid, role text, name text, name_zh text, status text, policy_version int, jurisdiction text, contact_desk jsonb, webhook_url text)
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select p.id, p.role, p.name, p.name_zh, p.status, p.policy_version, p.jurisdiction, p.contact_desk, p.webhook_url
      from directory.party p where p.id = party and p.status <> 'PENDING';
  end;
  comment on function directory.card(uuid) is 'Name, status and desk of one party whose id the caller knows';

  create function directory.keys(party uuid)
    returns table (kid text, use text, jwk jsonb, valid_from timestamptz, revoked_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select k.kid, k.use, k.jwk, k.valid_from, k.revoked_at
      from directory.party_key k join directory.party p on p.id = k.party_id
      where k.party_id = party and p.status <> 'PENDING' order by k.use, k.valid_from, k.kid;
  end;

  create function directory.officer_by_key(key_id text)
    returns table (officer_id uuid, party_id uuid, role text, name text, kid text, jwk jsonb)
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select o.id, o.party_id, p.role, o.name, o.kid, o.jwk
      from directory.officer o join directory.party p on p.id = o.party_id
      where o.kid = key_id and o.active and p.status = 'ACTIVE';
  end;
  comment on function directory.officer_by_key(text) is 'An active officer of an active party, by the thumbprint of its key';

  create function directory.suspended() returns setof uuid
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select p.id from directory.party p where p.status in ('SUSPENDED', 'EXPELLED') order by p.id;
  end;
  revoke execute on all functions in schema directory from public;
  grant execute on function directory.caller(text) to tally_app;
  grant execute on function directory.card(uuid), directory.keys(uuid), directory.officer_by_key(text), directory.suspended() to tally_app, tally_worker;
`;

// security_invoker: a view of the owner's would show tally_auth every row of every table under it.
const CLIENTS = `
  create view directory.clients with (security_invoker = true) as
    select c.client_id, p.id as party_id, p.role, p.policy_version,
      (select jsonb_agg(k.jwk || jsonb_build_object('kid', k.kid) order by k.valid_from, k.kid) from directory.party_key k
        where k.party_id = p.id and k.use = 'auth' and k.revoked_at is null and k.valid_from <= now()) as keys
    from directory.client c join directory.party p on p.id = c.party_id
    where c.active and p.status = 'ACTIVE';
  create policy auth_read on directory.client for select to tally_auth using (true);
  create policy auth_read on directory.party for select to tally_auth using (status = 'ACTIVE');
  create policy auth_read on directory.party_key for select to tally_auth using (use = 'auth');
  grant select (client_id, party_id, active) on directory.client to tally_auth;
  grant select (id, role, status, policy_version) on directory.party to tally_auth;
  grant select (party_id, kid, use, jwk, valid_from, revoked_at) on directory.party_key to tally_auth;
  grant select on directory.clients to tally_auth;
`;
