-- Written by `npm run schema:sql` from a migrated database; checked by `npm run schema:sql:check`. Do not edit.

create schema audit authorization tally_owner;
grant usage on schema audit to tally_app;
grant usage on schema audit to tally_audit;
grant usage on schema audit to tally_log;
grant usage on schema audit to tally_match;
grant usage on schema audit to tally_worker;

create schema directory authorization tally_owner;
grant usage on schema directory to tally_app;
grant usage on schema directory to tally_auth;
grant usage on schema directory to tally_match;
grant usage on schema directory to tally_worker;

create schema match authorization tally_owner;
grant usage on schema match to tally_app;
grant usage on schema match to tally_match;
grant usage on schema match to tally_worker;

create schema oidc authorization tally_owner;
grant usage on schema oidc to tally_auth;

create schema platform authorization tally_owner;
grant usage on schema platform to tally_app;
grant usage on schema platform to tally_worker;

create schema sec authorization tally_owner;
grant usage on schema sec to tally_app;
grant usage on schema sec to tally_audit;
grant usage on schema sec to tally_auth;
grant usage on schema sec to tally_match;
grant usage on schema sec to tally_worker;

create schema tally authorization tally_owner;
grant usage on schema tally to tally_app;
grant usage on schema tally to tally_match;
grant usage on schema tally to tally_worker;

create table audit.head (
  party_id uuid not null,
  seq bigint not null,
  commitment bytea,
  constraint head_commitment_check CHECK ((octet_length(commitment) = 33)),
  constraint head_seq_check CHECK ((seq >= 0)),
  constraint head_pkey PRIMARY KEY (party_id)
);
alter table audit.head owner to tally_owner;
alter table audit.head enable row level security;
alter table audit.head force row level security;
create policy writer_insert on audit.head for insert to tally_audit
  with check (true);
create policy writer_read on audit.head for select to tally_audit
  using (true);
create policy writer_update on audit.head for update to tally_audit
  using (true)
  with check (true);
grant insert, select, update on audit.head to tally_audit;

create table audit.intake (
  party_id uuid not null,
  seq bigint not null,
  previous bytea,
  event text,
  r bytea,
  commitment bytea not null,
  recorded_at timestamp with time zone not null default now(),
  constraint intake_commitment_check CHECK (((octet_length(commitment) = 33) AND (get_byte(commitment, 0) = 1))),
  constraint intake_previous_check CHECK ((octet_length(previous) = 33)),
  constraint intake_r_check CHECK ((octet_length(r) = 32)),
  constraint intake_seq_check CHECK ((seq > 0)),
  constraint intake_pkey PRIMARY KEY (party_id, seq)
);
alter table audit.intake owner to tally_owner;
alter table audit.intake enable row level security;
alter table audit.intake force row level security;
create policy own_read on audit.intake for select to tally_app, tally_worker
  using ((party_id = ( SELECT sec.party() AS party)));
create policy sequencer_read on audit.intake for select to tally_log
  using (true);
create policy writer_insert on audit.intake for insert to tally_audit
  with check (true);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit.intake FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
grant select (party_id, seq, commitment, recorded_at) on audit.intake to tally_log;
grant select on audit.intake to tally_app;
grant insert on audit.intake to tally_audit;
grant select on audit.intake to tally_worker;

create table directory.act (
  id uuid not null,
  kind text not null,
  party_id uuid not null,
  digest text not null,
  policy_version integer not null,
  state text not null,
  created_at timestamp with time zone not null default now(),
  done_at timestamp with time zone,
  constraint act_digest_check CHECK ((octet_length(digest) = 43)),
  constraint act_kind_check CHECK ((kind = ANY (ARRAY['ADMIT'::text, 'SUSPEND'::text, 'LIFT'::text]))),
  constraint act_state_check CHECK ((state = ANY (ARRAY['PROPOSED'::text, 'DONE'::text]))),
  constraint act_party_id_fkey FOREIGN KEY (party_id) REFERENCES directory.party(id),
  constraint act_pkey PRIMARY KEY (id)
);
alter table directory.act owner to tally_owner;
alter table directory.act enable row level security;
alter table directory.act force row level security;
CREATE UNIQUE INDEX act_open ON directory.act USING btree (party_id, kind) WHERE (state = 'PROPOSED'::text);
create policy coordinator_insert on directory.act for insert to tally_app
  with check ((( SELECT sec.role() AS role) = 'coordinator'::text));
create policy coordinator_read on directory.act for select to tally_app
  using ((( SELECT sec.role() AS role) = 'coordinator'::text));
create policy coordinator_update on directory.act for update to tally_app
  using (((( SELECT sec.role() AS role) = 'coordinator'::text) AND (state = 'PROPOSED'::text)))
  with check (((( SELECT sec.role() AS role) = 'coordinator'::text) AND (state = 'DONE'::text)));
create policy definer_read on directory.act for select to tally_owner
  using (true);
grant update (state, done_at) on directory.act to tally_app;
grant insert, select on directory.act to tally_app;

create table directory.act_signature (
  act_id uuid not null,
  officer_id uuid not null,
  jws text not null,
  signed_at timestamp with time zone not null default now(),
  constraint act_signature_jws_check CHECK ((octet_length(jws) <= 8192)),
  constraint act_signature_act_id_fkey FOREIGN KEY (act_id) REFERENCES directory.act(id),
  constraint act_signature_officer_id_fkey FOREIGN KEY (officer_id) REFERENCES directory.officer(id),
  constraint act_signature_pkey PRIMARY KEY (act_id, officer_id)
);
alter table directory.act_signature owner to tally_owner;
alter table directory.act_signature enable row level security;
alter table directory.act_signature force row level security;
create policy coordinator_insert on directory.act_signature for insert to tally_app
  with check ((( SELECT sec.role() AS role) = 'coordinator'::text));
create policy coordinator_read on directory.act_signature for select to tally_app
  using ((( SELECT sec.role() AS role) = 'coordinator'::text));
create policy definer_read on directory.act_signature for select to tally_owner
  using (true);
comment on table directory.act_signature is 'The key makes the same officer twice impossible';
grant insert, select on directory.act_signature to tally_app;

create table directory.client (
  client_id text not null,
  party_id uuid not null,
  active boolean not null default true,
  constraint client_client_id_check CHECK (((octet_length(client_id) >= 8) AND (octet_length(client_id) <= 64))),
  constraint client_party_id_fkey FOREIGN KEY (party_id) REFERENCES directory.party(id),
  constraint client_pkey PRIMARY KEY (client_id)
);
alter table directory.client owner to tally_owner;
alter table directory.client enable row level security;
alter table directory.client force row level security;
CREATE INDEX client_party ON directory.client USING btree (party_id);
create policy auth_read on directory.client for select to tally_auth
  using (true);
create policy bootstrap_insert on directory.client for insert to tally_owner
  with check (true);
create policy coordinator_insert on directory.client for insert to tally_app
  with check ((( SELECT sec.role() AS role) = 'coordinator'::text));
create policy coordinator_read on directory.client for select to tally_app
  using ((( SELECT sec.role() AS role) = 'coordinator'::text));
create policy definer_read on directory.client for select to tally_owner
  using (true);
create policy own_read on directory.client for select to tally_app
  using ((party_id = ( SELECT sec.party() AS party)));
grant select (client_id, party_id, active) on directory.client to tally_auth;
grant insert, select on directory.client to tally_app;

create table directory.officer (
  id uuid not null,
  party_id uuid not null,
  name text not null,
  kid text not null,
  jwk jsonb not null,
  active boolean not null default true,
  constraint officer_jwk_check CHECK ((((jwk ->> 'kty'::text) = 'EC'::text) AND ((jwk ->> 'crv'::text) = 'P-256'::text) AND (NOT (jwk ? 'd'::text)))),
  constraint officer_kid_check CHECK ((octet_length(kid) = 43)),
  constraint officer_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
  constraint officer_party_id_fkey FOREIGN KEY (party_id) REFERENCES directory.party(id),
  constraint officer_pkey PRIMARY KEY (party_id, id),
  constraint officer_id_key UNIQUE (id),
  constraint officer_kid_key UNIQUE (kid)
);
alter table directory.officer owner to tally_owner;
alter table directory.officer enable row level security;
alter table directory.officer force row level security;
create policy bootstrap_insert on directory.officer for insert to tally_owner
  with check (true);
create policy coordinator_insert on directory.officer for insert to tally_app
  with check ((( SELECT sec.role() AS role) = 'coordinator'::text));
create policy coordinator_read on directory.officer for select to tally_app
  using ((( SELECT sec.role() AS role) = 'coordinator'::text));
create policy definer_read on directory.officer for select to tally_owner
  using (true);
create policy own_read on directory.officer for select to tally_app
  using ((party_id = ( SELECT sec.party() AS party)));
grant insert, select on directory.officer to tally_app;

create table directory.party (
  id uuid not null,
  role text not null,
  name text not null,
  name_zh text not null,
  status text not null default 'PENDING'::text,
  policy_version integer not null default 1,
  jurisdiction text not null,
  contact_desk jsonb not null,
  webhook_url text,
  created_at timestamp with time zone not null default now(),
  changed_at timestamp with time zone not null default now(),
  constraint party_contact_desk_check CHECK ((jsonb_typeof(contact_desk) = ANY (ARRAY['object'::text, 'string'::text]))),
  constraint party_jurisdiction_check CHECK ((char_length(jurisdiction) <= 64)),
  constraint party_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
  constraint party_name_zh_check CHECK (((char_length(name_zh) >= 1) AND (char_length(name_zh) <= 200))),
  constraint party_policy_version_check CHECK ((policy_version > 0)),
  constraint party_role_check CHECK ((role = ANY (ARRAY['member'::text, 'coordinator'::text, 'liaison'::text, 'auditor'::text]))),
  constraint party_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'ACTIVE'::text, 'SUSPENDED'::text, 'EXPELLED'::text]))),
  constraint party_webhook_url_check CHECK ((char_length(webhook_url) <= 500)),
  constraint party_pkey PRIMARY KEY (id)
);
alter table directory.party owner to tally_owner;
alter table directory.party enable row level security;
alter table directory.party force row level security;
create policy auth_read on directory.party for select to tally_auth
  using ((status = 'ACTIVE'::text));
create policy bootstrap_insert on directory.party for insert to tally_owner
  with check ((role = 'coordinator'::text));
create policy coordinator_insert on directory.party for insert to tally_app
  with check ((( SELECT sec.role() AS role) = 'coordinator'::text));
create policy coordinator_read on directory.party for select to tally_app
  using ((( SELECT sec.role() AS role) = 'coordinator'::text));
create policy coordinator_update on directory.party for update to tally_app
  using (((( SELECT sec.role() AS role) = 'coordinator'::text) AND (id <> ( SELECT sec.party() AS party))))
  with check ((( SELECT sec.role() AS role) = 'coordinator'::text));
create policy definer_read on directory.party for select to tally_owner
  using (true);
create policy match_read on directory.party for select to tally_match
  using (true);
create policy own_read on directory.party for select to tally_app
  using ((id = ( SELECT sec.party() AS party)));
grant select (id, role, status) on directory.party to tally_match;
grant select (id, role, status, policy_version) on directory.party to tally_auth;
grant update (status, policy_version, changed_at) on directory.party to tally_app;
grant insert, select on directory.party to tally_app;

create table directory.party_key (
  party_id uuid not null,
  kid text not null,
  use text not null,
  jwk jsonb not null,
  valid_from timestamp with time zone not null default now(),
  revoked_at timestamp with time zone,
  constraint party_key_jwk_check CHECK ((((jwk ->> 'kty'::text) = 'EC'::text) AND ((jwk ->> 'crv'::text) = 'P-256'::text) AND (NOT (jwk ? 'd'::text)))),
  constraint party_key_kid_check CHECK ((octet_length(kid) = 43)),
  constraint party_key_use_check CHECK ((use = ANY (ARRAY['auth'::text, 'evidence'::text, 'seal'::text]))),
  constraint party_key_party_id_fkey FOREIGN KEY (party_id) REFERENCES directory.party(id),
  constraint party_key_pkey PRIMARY KEY (party_id, kid),
  constraint party_key_kid_key UNIQUE (kid)
);
alter table directory.party_key owner to tally_owner;
alter table directory.party_key enable row level security;
alter table directory.party_key force row level security;
create policy auth_read on directory.party_key for select to tally_auth
  using ((use = 'auth'::text));
create policy bootstrap_insert on directory.party_key for insert to tally_owner
  with check (true);
create policy coordinator_insert on directory.party_key for insert to tally_app
  with check ((( SELECT sec.role() AS role) = 'coordinator'::text));
create policy coordinator_read on directory.party_key for select to tally_app
  using ((( SELECT sec.role() AS role) = 'coordinator'::text));
create policy definer_read on directory.party_key for select to tally_owner
  using (true);
create policy own_read on directory.party_key for select to tally_app
  using ((party_id = ( SELECT sec.party() AS party)));
grant select (party_id, kid, use, jwk, valid_from, revoked_at) on directory.party_key to tally_auth;
comment on table directory.party_key is 'Public keys, to compare with pinned ones: never trusted because they stand here';
grant insert, select on directory.party_key to tally_app;

create table oidc.record (
  model text not null,
  id text not null,
  payload jsonb not null,
  grant_id text,
  consumed_at timestamp with time zone,
  expires_at timestamp with time zone,
  constraint record_id_check CHECK ((octet_length(id) <= 256)),
  constraint record_model_check CHECK ((octet_length(model) <= 64)),
  constraint record_pkey PRIMARY KEY (model, id)
);
alter table oidc.record owner to tally_owner;
CREATE INDEX record_expiry ON oidc.record USING btree (expires_at) WHERE (expires_at IS NOT NULL);
CREATE INDEX record_grant ON oidc.record USING btree (grant_id) WHERE (grant_id IS NOT NULL);
grant delete, insert, select, update on oidc.record to tally_auth;

create table platform.dead_letter (
  outbox_id uuid not null,
  attempts integer not null,
  error text not null,
  died_at timestamp with time zone not null default now(),
  redrive_asked_by text,
  redrive_asked_at timestamp with time zone,
  redriven_by text,
  redriven_at timestamp with time zone,
  constraint dead_letter_check CHECK (((redriven_by IS NULL) OR ((redrive_asked_by IS NOT NULL) AND (redriven_by <> redrive_asked_by)))),
  constraint dead_letter_error_check CHECK ((octet_length(error) <= 200)),
  constraint dead_letter_outbox_id_fkey FOREIGN KEY (outbox_id) REFERENCES platform.outbox(id),
  constraint dead_letter_pkey PRIMARY KEY (outbox_id)
);
alter table platform.dead_letter owner to tally_owner;
grant insert, select, update on platform.dead_letter to tally_worker;

create table platform.effect (
  effect_key text not null,
  state text not null default 'DONE'::text,
  created_at timestamp with time zone not null default now(),
  done_at timestamp with time zone,
  constraint effect_effect_key_check CHECK (((octet_length(effect_key) >= 1) AND (octet_length(effect_key) <= 200))),
  constraint effect_state_check CHECK ((state = ANY (ARRAY['STARTED'::text, 'DONE'::text]))),
  constraint effect_pkey PRIMARY KEY (effect_key)
);
alter table platform.effect owner to tally_owner;
grant delete, insert, select, update on platform.effect to tally_worker;

create table platform.idempotency_key (
  party_id uuid not null,
  operation text not null,
  key text not null,
  request_hash bytea not null,
  result jsonb,
  created_at timestamp with time zone not null default now(),
  constraint idempotency_key_key_check CHECK (((octet_length(key) >= 16) AND (octet_length(key) <= 64))),
  constraint idempotency_key_operation_check CHECK ((octet_length(operation) <= 64)),
  constraint idempotency_key_request_hash_check CHECK ((octet_length(request_hash) = 32)),
  constraint idempotency_key_pkey PRIMARY KEY (party_id, operation, key)
);
alter table platform.idempotency_key owner to tally_owner;
alter table platform.idempotency_key enable row level security;
alter table platform.idempotency_key force row level security;
create policy expired_delete on platform.idempotency_key for delete to tally_worker
  using ((created_at < (now() - '24:00:00'::interval)));
create policy expired_read on platform.idempotency_key for select to tally_worker
  using ((created_at < (now() - '24:00:00'::interval)));
create policy own_insert on platform.idempotency_key for insert to tally_app
  with check ((party_id = ( SELECT sec.party() AS party)));
create policy own_read on platform.idempotency_key for select to tally_app
  using ((party_id = ( SELECT sec.party() AS party)));
create policy own_update on platform.idempotency_key for update to tally_app
  using ((party_id = ( SELECT sec.party() AS party)))
  with check ((party_id = ( SELECT sec.party() AS party)));
grant select (party_id, operation, key, created_at) on platform.idempotency_key to tally_worker;
grant insert, select, update on platform.idempotency_key to tally_app;
grant delete on platform.idempotency_key to tally_worker;

create table platform.migration (
  id integer not null default nextval('platform.migration_id_seq'::regclass),
  "timestamp" bigint not null,
  name character varying not null,
  constraint "PK_3043fc6b8af7c99b8b98830094f" PRIMARY KEY (id)
);
alter table platform.migration owner to tally_owner;

create table platform.outbox (
  id uuid not null,
  xid xid8 not null default pg_current_xact_id(),
  seq bigint not null generated always as identity,
  party_id uuid,
  job text not null,
  ordering_key text,
  payload jsonb not null,
  state text not null default 'READY'::text,
  attempts integer not null default 0,
  available_at timestamp with time zone not null default now(),
  queued_at timestamp with time zone,
  done_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint outbox_payload_check CHECK ((jsonb_typeof(payload) = 'object'::text)),
  constraint outbox_state_check CHECK ((state = ANY (ARRAY['READY'::text, 'QUEUED'::text, 'DONE'::text, 'DEAD'::text]))),
  constraint outbox_pkey PRIMARY KEY (id)
);
alter table platform.outbox owner to tally_owner;
alter table platform.outbox enable row level security;
alter table platform.outbox force row level security;
CREATE INDEX outbox_open ON platform.outbox USING btree (available_at, seq) WHERE (state = ANY (ARRAY['READY'::text, 'QUEUED'::text]));
CREATE INDEX outbox_order ON platform.outbox USING btree (ordering_key, seq) WHERE ((state = ANY (ARRAY['READY'::text, 'QUEUED'::text])) AND (ordering_key IS NOT NULL));
create policy append on platform.outbox for insert to tally_app, tally_worker
  with check (((NOT (party_id IS DISTINCT FROM ( SELECT sec.party() AS party))) AND (state = 'READY'::text) AND (attempts = 0)));
create policy relay_clear on platform.outbox for delete to tally_worker
  using ((state = 'DONE'::text));
create policy relay_move on platform.outbox for update to tally_worker
  using (true)
  with check (true);
create policy relay_read on platform.outbox for select to tally_worker
  using (true);
CREATE TRIGGER announce AFTER INSERT ON platform.outbox FOR EACH STATEMENT EXECUTE FUNCTION platform.announce_outbox();
comment on table platform.outbox is 'The contract with the queue: a job exists because its row does. Payloads hold ids only';
grant insert on platform.outbox to tally_app;
grant delete, insert, select, update on platform.outbox to tally_worker;

create table sec.context_key (
  login_role name not null,
  inner_pad bytea not null,
  outer_pad bytea not null,
  constraint context_key_inner_pad_check CHECK ((octet_length(inner_pad) = 64)),
  constraint context_key_outer_pad_check CHECK ((octet_length(outer_pad) = 64)),
  constraint context_key_pkey PRIMARY KEY (login_role)
);
alter table sec.context_key owner to tally_owner;
comment on table sec.context_key is 'HMAC pads (RFC 2104) of the keys that sign the context; nobody but the owner reads them';

create table sec.replay (
  scope text not null,
  key_id text not null,
  jti text not null,
  expires_at timestamp with time zone not null,
  constraint replay_jti_check CHECK ((octet_length(jti) <= 128)),
  constraint replay_key_id_check CHECK ((octet_length(key_id) <= 128)),
  constraint replay_scope_check CHECK ((scope = ANY (ARRAY['dpop'::text, 'assertion'::text]))),
  constraint replay_pkey PRIMARY KEY (scope, key_id, jti)
);
alter table sec.replay owner to tally_owner;
CREATE INDEX replay_expiry ON sec.replay USING btree (expires_at);
grant insert, select on sec.replay to tally_app;
grant insert, select on sec.replay to tally_auth;
grant delete, select on sec.replay to tally_worker;

create table tally.approval (
  party_id uuid not null,
  case_id uuid not null,
  officer_kid text not null,
  side text not null,
  digest text not null,
  jws text not null,
  created_at timestamp with time zone not null default now(),
  constraint approval_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
  constraint approval_jws_check CHECK ((octet_length(jws) <= 8192)),
  constraint approval_officer_kid_check CHECK ((octet_length(officer_kid) = 43)),
  constraint approval_side_check CHECK ((side = ANY (ARRAY['LEAD'::text, 'COORDINATOR'::text]))),
  constraint approval_case_id_fkey FOREIGN KEY (case_id) REFERENCES tally.joint_case(case_id),
  constraint approval_pkey PRIMARY KEY (case_id, digest, officer_kid),
  constraint approval_case_id_digest_side_key UNIQUE (case_id, digest, side)
);
alter table tally.approval owner to tally_owner;
alter table tally.approval enable row level security;
alter table tally.approval force row level security;
create policy definer_read on tally.approval for select to tally_match
  using (true);
create policy side_insert on tally.approval for insert to tally_app
  with check (((party_id = ( SELECT sec.party() AS party)) AND (((side = 'COORDINATOR'::text) AND (( SELECT sec.role() AS role) = 'coordinator'::text)) OR ((side = 'LEAD'::text) AND (EXISTS ( SELECT
   FROM tally.case_party p
  WHERE ((p.case_id = approval.case_id) AND (p.party_id = ( SELECT sec.party() AS party)) AND (p.part = 'LEAD'::text))))))));
create policy side_read on tally.approval for select to tally_app
  using (((( SELECT sec.role() AS role) = 'coordinator'::text) OR (EXISTS ( SELECT
   FROM tally.case_party p
  WHERE ((p.case_id = approval.case_id) AND (p.party_id = ( SELECT sec.party() AS party)) AND (p.part = 'LEAD'::text))))));
comment on table tally.approval is 'Approvals of another digest than the present one do not count';
grant insert, select on tally.approval to tally_app;
grant select on tally.approval to tally_match;

create table tally.brand (
  member_id uuid not null,
  brand_id uuid not null,
  revision integer not null,
  withdrawn boolean not null,
  statement text not null,
  changed_at timestamp with time zone not null default now(),
  constraint brand_revision_check CHECK ((revision > 0)),
  constraint brand_statement_check CHECK ((octet_length(statement) <= 131072)),
  constraint brand_member_id_fkey FOREIGN KEY (member_id) REFERENCES directory.party(id),
  constraint brand_pkey PRIMARY KEY (member_id, brand_id)
);
alter table tally.brand owner to tally_owner;
alter table tally.brand enable row level security;
alter table tally.brand force row level security;
create policy match_select on tally.brand for select to tally_match
  using (true);
create policy own_insert on tally.brand for insert to tally_app
  with check ((member_id = ( SELECT sec.party() AS party)));
create policy own_read on tally.brand for select to tally_app
  using ((member_id = ( SELECT sec.party() AS party)));
create policy own_update on tally.brand for update to tally_app
  using ((member_id = ( SELECT sec.party() AS party)))
  with check ((member_id = ( SELECT sec.party() AS party)));
grant update (revision, withdrawn, statement, changed_at) on tally.brand to tally_app;
grant insert, select on tally.brand to tally_app;
grant select on tally.brand to tally_match;

create table tally.brand_alert (
  member_id uuid not null,
  alert_id uuid not null,
  brand_id uuid not null,
  reporter_id uuid not null,
  sealed text not null,
  sent_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null default (now() + '90 days'::interval),
  constraint brand_alert_sealed_check CHECK ((octet_length(sealed) <= 131072)),
  constraint brand_alert_member_id_brand_id_fkey FOREIGN KEY (member_id, brand_id) REFERENCES tally.brand(member_id, brand_id),
  constraint brand_alert_reporter_id_fkey FOREIGN KEY (reporter_id) REFERENCES directory.party(id),
  constraint brand_alert_pkey PRIMARY KEY (member_id, alert_id)
);
alter table tally.brand_alert owner to tally_owner;
alter table tally.brand_alert enable row level security;
alter table tally.brand_alert force row level security;
CREATE INDEX brand_alert_end ON tally.brand_alert USING btree (expires_at);
CREATE INDEX brand_alert_reporter ON tally.brand_alert USING btree (reporter_id, sent_at);
create policy match_delete on tally.brand_alert for delete to tally_match
  using (true);
create policy match_insert on tally.brand_alert for insert to tally_match
  with check (true);
create policy match_select on tally.brand_alert for select to tally_match
  using (true);
create policy own_read on tally.brand_alert for select to tally_app
  using ((member_id = ( SELECT sec.party() AS party)));
grant select (member_id, alert_id, brand_id, sealed, sent_at, expires_at) on tally.brand_alert to tally_app;
comment on table tally.brand_alert is 'member_id is the brand''s owner';
grant delete, insert, select on tally.brand_alert to tally_match;

create table tally.case_overlap (
  party_id uuid not null,
  case_id uuid not null,
  overlap_id uuid not null,
  constraint case_overlap_party_id_case_id_fkey FOREIGN KEY (party_id, case_id) REFERENCES tally.case_party(party_id, case_id),
  constraint case_overlap_pkey PRIMARY KEY (party_id, case_id, overlap_id)
);
alter table tally.case_overlap owner to tally_owner;
alter table tally.case_overlap enable row level security;
alter table tally.case_overlap force row level security;
create policy definer_insert on tally.case_overlap for insert to tally_match
  with check (true);
create policy definer_read on tally.case_overlap for select to tally_match
  using (true);
create policy own_insert on tally.case_overlap for insert to tally_app
  with check ((party_id = ( SELECT sec.party() AS party)));
create policy own_read on tally.case_overlap for select to tally_app
  using ((party_id = ( SELECT sec.party() AS party)));
comment on table tally.case_overlap is 'The overlaps of a case, each party''s own';
grant insert, select on tally.case_overlap to tally_app;
grant insert, select on tally.case_overlap to tally_match;

create table tally.case_party (
  party_id uuid not null,
  case_id uuid not null,
  part text not null,
  invitation text not null,
  asked_at timestamp with time zone not null default now(),
  answered_at timestamp with time zone,
  constraint case_party_check CHECK (((part <> 'LEAD'::text) OR (invitation = 'JOINED'::text))),
  constraint case_party_invitation_check CHECK ((invitation = ANY (ARRAY['ASKED'::text, 'JOINED'::text, 'DECLINED'::text, 'LAPSED'::text]))),
  constraint case_party_part_check CHECK ((part = ANY (ARRAY['LEAD'::text, 'INVITED'::text]))),
  constraint case_party_case_id_fkey FOREIGN KEY (case_id) REFERENCES tally.joint_case(case_id),
  constraint case_party_pkey PRIMARY KEY (party_id, case_id)
);
alter table tally.case_party owner to tally_owner;
alter table tally.case_party enable row level security;
alter table tally.case_party force row level security;
CREATE INDEX case_party_case ON tally.case_party USING btree (case_id);
CREATE UNIQUE INDEX case_lead ON tally.case_party USING btree (case_id) WHERE (part = 'LEAD'::text);
create policy definer_insert on tally.case_party for insert to tally_match
  with check (((part = 'INVITED'::text) AND (invitation = 'ASKED'::text)));
create policy definer_read on tally.case_party for select to tally_match
  using (true);
create policy definer_update on tally.case_party for update to tally_match
  using ((invitation = 'ASKED'::text))
  with check ((invitation = 'LAPSED'::text));
create policy lead_insert on tally.case_party for insert to tally_app
  with check (((party_id = ( SELECT sec.party() AS party)) AND (part = 'LEAD'::text)));
create policy own_read on tally.case_party for select to tally_app
  using (((party_id = ( SELECT sec.party() AS party)) OR (( SELECT sec.role() AS role) = 'coordinator'::text)));
create policy own_update on tally.case_party for update to tally_app
  using (((party_id = ( SELECT sec.party() AS party)) AND (part = 'INVITED'::text)))
  with check (((party_id = ( SELECT sec.party() AS party)) AND (part = 'INVITED'::text)));
grant update (invitation, answered_at) on tally.case_party to tally_app;
grant update (invitation, answered_at) on tally.case_party to tally_match;
grant insert, select on tally.case_party to tally_app;
grant insert, select on tally.case_party to tally_match;

create table tally.case_proposal (
  party_id uuid not null,
  case_id uuid not null,
  officer_kid text not null,
  jws text not null,
  constraint case_proposal_jws_check CHECK ((octet_length(jws) <= 8192)),
  constraint case_proposal_officer_kid_check CHECK ((octet_length(officer_kid) = 43)),
  constraint case_proposal_party_id_case_id_fkey FOREIGN KEY (party_id, case_id) REFERENCES tally.case_party(party_id, case_id),
  constraint case_proposal_pkey PRIMARY KEY (party_id, case_id)
);
alter table tally.case_proposal owner to tally_owner;
alter table tally.case_proposal enable row level security;
alter table tally.case_proposal force row level security;
create policy definer_read on tally.case_proposal for select to tally_match
  using (true);
create policy own_insert on tally.case_proposal for insert to tally_app
  with check ((party_id = ( SELECT sec.party() AS party)));
create policy own_read on tally.case_proposal for select to tally_app
  using (((party_id = ( SELECT sec.party() AS party)) OR (( SELECT sec.role() AS role) = 'coordinator'::text)));
grant insert, select on tally.case_proposal to tally_app;
grant select on tally.case_proposal to tally_match;

create table tally.check_quota (
  member_id uuid not null,
  day date not null,
  used integer not null,
  constraint check_quota_used_check CHECK ((used > 0)),
  constraint check_quota_member_id_fkey FOREIGN KEY (member_id) REFERENCES directory.party(id),
  constraint check_quota_pkey PRIMARY KEY (member_id, day)
);
alter table tally.check_quota owner to tally_owner;
alter table tally.check_quota enable row level security;
alter table tally.check_quota force row level security;
create policy match_insert on tally.check_quota for insert to tally_match
  with check (true);
create policy match_select on tally.check_quota for select to tally_match
  using (true);
create policy match_update on tally.check_quota for update to tally_match
  using (true)
  with check (true);
create policy own_read on tally.check_quota for select to tally_app
  using ((member_id = ( SELECT sec.party() AS party)));
grant select on tally.check_quota to tally_app;
grant insert, select, update on tally.check_quota to tally_match;

create table tally.clue (
  member_id uuid not null,
  clue_id uuid not null,
  publication_id uuid not null,
  epoch bigint not null,
  kind text not null,
  kind_version integer not null,
  category text not null,
  means text[] not null,
  role text not null,
  level smallint not null,
  purpose text not null,
  basis_code text not null,
  basis_law text,
  basis_article text,
  tlp text not null,
  first_seen timestamp with time zone not null,
  last_seen timestamp with time zone not null,
  approver text,
  authority_reference text,
  evidence text[] not null,
  detail bytea,
  revision integer not null,
  exact_token bytea,
  state text not null default 'LIVE'::text,
  published_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  retracted_at timestamp with time zone,
  retraction_reason text,
  constraint clue_approver_check CHECK ((char_length(approver) <= 200)),
  constraint clue_authority_reference_check CHECK ((char_length(authority_reference) <= 200)),
  constraint clue_basis_article_check CHECK ((char_length(basis_article) <= 40)),
  constraint clue_basis_code_check CHECK ((octet_length(basis_code) <= 64)),
  constraint clue_basis_law_check CHECK ((char_length(basis_law) <= 200)),
  constraint clue_category_check CHECK ((octet_length(category) <= 64)),
  constraint clue_category_check1 CHECK ((category <> 'INDIVIDUAL_NOT_GREY_INDUSTRY'::text)),
  constraint clue_check CHECK ((last_seen >= first_seen)),
  constraint clue_check1 CHECK (((state = 'RETRACTED'::text) = ((retracted_at IS NOT NULL) AND (retraction_reason IS NOT NULL)))),
  constraint clue_check2 CHECK (((category <> 'MALICIOUS_COMPLAINT'::text) OR ((role = 'AGENT'::text) AND (cardinality(means) > 0)))),
  constraint clue_detail_check CHECK (((octet_length(detail) >= 256) AND (octet_length(detail) <= 4160))),
  constraint clue_epoch_check CHECK (((epoch >= 0) AND (epoch <= '4294967295'::bigint))),
  constraint clue_evidence_check CHECK ((cardinality(evidence) <= 32)),
  constraint clue_exact_token_check CHECK ((octet_length(exact_token) = 16)),
  constraint clue_kind_check CHECK ((octet_length(kind) <= 32)),
  constraint clue_kind_version_check CHECK ((kind_version > 0)),
  constraint clue_level_check CHECK (((level >= 1) AND (level <= 4))),
  constraint clue_means_check CHECK ((cardinality(means) <= 32)),
  constraint clue_purpose_check CHECK ((octet_length(purpose) <= 64)),
  constraint clue_retraction_reason_check CHECK ((octet_length(retraction_reason) <= 64)),
  constraint clue_revision_check CHECK ((revision > 0)),
  constraint clue_role_check CHECK ((role = ANY (ARRAY['AGENT'::text, 'SUSPECT'::text, 'IMPERSONATED'::text, 'VICTIM'::text, 'COMPLAINANT'::text]))),
  constraint clue_state_check CHECK ((state = ANY (ARRAY['LIVE'::text, 'RETRACTED'::text, 'EXPIRED'::text]))),
  constraint clue_text_without_detail CHECK (((kind <> 'complaint_text'::text) OR (detail IS NULL))),
  constraint clue_tlp_check CHECK ((tlp = ANY (ARRAY['GREEN'::text, 'AMBER'::text, 'AMBER_STRICT'::text, 'RED'::text]))),
  constraint clue_member_id_publication_id_fkey FOREIGN KEY (member_id, publication_id) REFERENCES tally.publication(member_id, publication_id),
  constraint clue_pkey PRIMARY KEY (member_id, clue_id)
);
alter table tally.clue owner to tally_owner;
alter table tally.clue enable row level security;
alter table tally.clue force row level security;
CREATE INDEX clue_end ON tally.clue USING btree (expires_at) WHERE (state = 'LIVE'::text);
CREATE INDEX clue_of_publication ON tally.clue USING btree (member_id, publication_id, clue_id);
CREATE UNIQUE INDEX clue_live_token ON tally.clue USING btree (member_id, epoch, exact_token) WHERE (state = 'LIVE'::text);
create policy match_select on tally.clue for select to tally_match
  using (true);
create policy match_update on tally.clue for update to tally_match
  using (true)
  with check (true);
create policy own_insert on tally.clue for insert to tally_app
  with check (((member_id = ( SELECT sec.party() AS party)) AND (state = 'LIVE'::text)));
create policy own_read on tally.clue for select to tally_app
  using ((member_id = ( SELECT sec.party() AS party)));
create policy own_update on tally.clue for update to tally_app
  using ((member_id = ( SELECT sec.party() AS party)))
  with check ((member_id = ( SELECT sec.party() AS party)));
grant update (detail, exact_token, state) on tally.clue to tally_match;
grant update (epoch, kind_version, detail, exact_token, state, retracted_at, retraction_reason) on tally.clue to tally_app;
comment on table tally.clue is 'A token with its words and a sealed detail. No column can hold a value in clear';
grant insert, select on tally.clue to tally_app;
grant select on tally.clue to tally_match;

create table tally.clue_move (
  member_id uuid not null,
  clue_id uuid not null,
  epoch bigint not null,
  publication_id uuid not null,
  from_epoch bigint not null,
  former_detail bytea,
  moved_at timestamp with time zone not null default now(),
  constraint clue_move_former_detail_check CHECK (((octet_length(former_detail) >= 256) AND (octet_length(former_detail) <= 4160))),
  constraint clue_move_member_id_clue_id_fkey FOREIGN KEY (member_id, clue_id) REFERENCES tally.clue(member_id, clue_id),
  constraint clue_move_member_id_publication_id_fkey FOREIGN KEY (member_id, publication_id) REFERENCES tally.publication(member_id, publication_id),
  constraint clue_move_pkey PRIMARY KEY (member_id, clue_id, epoch)
);
alter table tally.clue_move owner to tally_owner;
alter table tally.clue_move enable row level security;
alter table tally.clue_move force row level security;
CREATE INDEX clue_move_of_publication ON tally.clue_move USING btree (member_id, publication_id, clue_id);
create policy match_select on tally.clue_move for select to tally_match
  using (true);
create policy match_update on tally.clue_move for update to tally_match
  using (true)
  with check (true);
create policy own_insert on tally.clue_move for insert to tally_app
  with check ((member_id = ( SELECT sec.party() AS party)));
create policy own_read on tally.clue_move for select to tally_app
  using ((member_id = ( SELECT sec.party() AS party)));
grant update (former_detail) on tally.clue_move to tally_match;
comment on table tally.clue_move is 'A clue got tokens of a later epoch. The former detail stays for those who have not moved, until the epoch is erased';
grant insert, select on tally.clue_move to tally_app;
grant select on tally.clue_move to tally_match;

create table tally.clue_token (
  member_id uuid not null,
  clue_id uuid not null,
  form smallint not null,
  epoch bigint not null,
  bucket smallint not null generated always as (((get_byte(token, 0) << 2) | (get_byte(token, 1) >> 6))) stored,
  token bytea not null,
  kind text not null,
  strength text not null,
  live boolean not null,
  constraint clue_token_check CHECK (((form = 1) = (strength = 'EXACT'::text))),
  constraint clue_token_form_check CHECK (((form >= 1) AND (form <= 8))),
  constraint clue_token_kind_check CHECK ((octet_length(kind) <= 32)),
  constraint clue_token_strength_check CHECK ((strength = ANY (ARRAY['EXACT'::text, 'WEAK'::text]))),
  constraint clue_token_token_check CHECK ((octet_length(token) = 16)),
  constraint clue_token_member_id_clue_id_fkey FOREIGN KEY (member_id, clue_id) REFERENCES tally.clue(member_id, clue_id),
  constraint clue_token_pkey PRIMARY KEY (member_id, clue_id, form, epoch)
);
alter table tally.clue_token owner to tally_owner;
alter table tally.clue_token enable row level security;
alter table tally.clue_token force row level security;
CREATE INDEX clue_token_live ON tally.clue_token USING btree (bucket, token) WHERE live;
create policy match_delete on tally.clue_token for delete to tally_match
  using (true);
create policy match_select on tally.clue_token for select to tally_match
  using (true);
create policy match_update on tally.clue_token for update to tally_match
  using (true)
  with check (true);
create policy own_insert on tally.clue_token for insert to tally_app
  with check ((member_id = ( SELECT sec.party() AS party)));
create policy own_read on tally.clue_token for select to tally_app
  using ((member_id = ( SELECT sec.party() AS party)));
create policy own_update on tally.clue_token for update to tally_app
  using ((member_id = ( SELECT sec.party() AS party)))
  with check ((member_id = ( SELECT sec.party() AS party)));
grant update (live) on tally.clue_token to tally_app;
grant update (live) on tally.clue_token to tally_match;
grant insert, select on tally.clue_token to tally_app;
grant delete, select on tally.clue_token to tally_match;

create table tally.clue_told (
  member_id uuid not null,
  clue_id uuid not null,
  party_id uuid not null,
  subject_id uuid not null,
  constraint clue_told_member_id_clue_id_fkey FOREIGN KEY (member_id, clue_id) REFERENCES tally.clue(member_id, clue_id),
  constraint clue_told_party_id_fkey FOREIGN KEY (party_id) REFERENCES directory.party(id),
  constraint clue_told_pkey PRIMARY KEY (member_id, clue_id, party_id, subject_id)
);
alter table tally.clue_told owner to tally_owner;
alter table tally.clue_told enable row level security;
alter table tally.clue_told force row level security;
create policy match_insert on tally.clue_told for insert to tally_match
  with check (true);
create policy match_select on tally.clue_told for select to tally_match
  using (true);
comment on table tally.clue_told is 'Who was answered about a clue whose old token is gone, so that its retraction still reaches them. For definer functions only';
grant insert, select on tally.clue_told to tally_match;

create table tally.contribution (
  party_id uuid not null,
  case_id uuid not null,
  contribution_id uuid not null,
  handling_floor text not null,
  facets jsonb not null,
  size integer not null,
  sha256 text not null,
  ciphertext text not null,
  created_at timestamp with time zone not null default now(),
  constraint contribution_facets_check CHECK ((jsonb_typeof(facets) = 'object'::text)),
  constraint contribution_handling_floor_check CHECK ((handling_floor = ANY (ARRAY['CLEAR'::text, 'GREEN'::text, 'AMBER'::text, 'AMBER_STRICT'::text, 'RED'::text]))),
  constraint contribution_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
  constraint contribution_size_check CHECK ((size > 0)),
  constraint contribution_party_id_case_id_fkey FOREIGN KEY (party_id, case_id) REFERENCES tally.case_party(party_id, case_id),
  constraint contribution_pkey PRIMARY KEY (party_id, case_id, contribution_id),
  constraint contribution_case_id_contribution_id_key UNIQUE (case_id, contribution_id)
);
alter table tally.contribution owner to tally_owner;
alter table tally.contribution enable row level security;
alter table tally.contribution force row level security;
create policy definer_read on tally.contribution for select to tally_match
  using (true);
create policy own_insert on tally.contribution for insert to tally_app
  with check (((party_id = ( SELECT sec.party() AS party)) AND (EXISTS ( SELECT
   FROM tally.case_party p
  WHERE ((p.case_id = contribution.case_id) AND (p.party_id = ( SELECT sec.party() AS party)) AND (p.invitation = 'JOINED'::text))))));
create policy own_read on tally.contribution for select to tally_app
  using ((party_id = ( SELECT sec.party() AS party)));
grant insert, select on tally.contribution to tally_app;
grant select on tally.contribution to tally_match;

create table tally.disclosure (
  member_id uuid not null,
  disclosure_id uuid not null,
  kind text not null,
  client_id text not null,
  purpose text not null,
  basis_code text not null,
  basis_law text,
  basis_article text,
  asked integer not null,
  hits integer not null,
  at timestamp with time zone not null default now(),
  constraint disclosure_asked_check CHECK ((asked > 0)),
  constraint disclosure_basis_article_check CHECK ((char_length(basis_article) <= 40)),
  constraint disclosure_basis_code_check CHECK ((octet_length(basis_code) <= 64)),
  constraint disclosure_basis_law_check CHECK ((char_length(basis_law) <= 200)),
  constraint disclosure_check CHECK (((hits >= 0) AND (hits <= asked))),
  constraint disclosure_client_id_check CHECK ((octet_length(client_id) <= 64)),
  constraint disclosure_kind_check CHECK ((kind = ANY (ARRAY['CHECK'::text, 'OVERLAPS'::text, 'OVERLAP'::text]))),
  constraint disclosure_purpose_check CHECK ((octet_length(purpose) <= 64)),
  constraint disclosure_member_id_fkey FOREIGN KEY (member_id) REFERENCES directory.party(id),
  constraint disclosure_pkey PRIMARY KEY (member_id, disclosure_id)
);
alter table tally.disclosure owner to tally_owner;
alter table tally.disclosure enable row level security;
alter table tally.disclosure force row level security;
CREATE INDEX disclosure_time ON tally.disclosure USING btree (member_id, at);
create policy match_insert on tally.disclosure for insert to tally_match
  with check (true);
create policy match_select on tally.disclosure for select to tally_match
  using (true);
create policy own_insert on tally.disclosure for insert to tally_app
  with check (((member_id = ( SELECT sec.party() AS party)) AND (kind <> 'CHECK'::text)));
create policy own_read on tally.disclosure for select to tally_app
  using ((member_id = ( SELECT sec.party() AS party)));
grant insert, select on tally.disclosure to tally_app;
grant insert, select on tally.disclosure to tally_match;

create table tally.disclosure_hit (
  member_id uuid not null,
  disclosure_id uuid not null,
  bucket smallint not null,
  token bytea not null,
  epoch bigint,
  constraint disclosure_hit_token_check CHECK ((octet_length(token) = 16)),
  constraint disclosure_hit_member_id_disclosure_id_fkey FOREIGN KEY (member_id, disclosure_id) REFERENCES tally.disclosure(member_id, disclosure_id),
  constraint disclosure_hit_pkey PRIMARY KEY (member_id, disclosure_id, token)
);
alter table tally.disclosure_hit owner to tally_owner;
alter table tally.disclosure_hit enable row level security;
alter table tally.disclosure_hit force row level security;
CREATE INDEX disclosure_hit_token ON tally.disclosure_hit USING btree (bucket, token);
create policy match_delete on tally.disclosure_hit for delete to tally_match
  using (true);
create policy match_insert on tally.disclosure_hit for insert to tally_match
  with check (true);
create policy match_select on tally.disclosure_hit for select to tally_match
  using (true);
create policy own_read on tally.disclosure_hit for select to tally_app
  using ((member_id = ( SELECT sec.party() AS party)));
comment on table tally.disclosure_hit is 'Tokens that were answered with a hit, so that a retraction finds who was told. Misses leave no token anywhere';
grant delete, insert, select on tally.disclosure_hit to tally_match;

create table tally.epoch (
  epoch bigint not null,
  epoch_id uuid not null,
  manifest_hash bytea not null,
  manifest jsonb not null,
  act text not null,
  officer_id uuid not null,
  announced_at timestamp with time zone not null default now(),
  overlap_until timestamp with time zone not null,
  constraint epoch_act_check CHECK ((octet_length(act) <= 8192)),
  constraint epoch_check CHECK ((overlap_until >= announced_at)),
  constraint epoch_epoch_check CHECK (((epoch >= 0) AND (epoch <= '4294967295'::bigint))),
  constraint epoch_manifest_check CHECK ((octet_length((manifest)::text) <= 65536)),
  constraint epoch_manifest_hash_check CHECK ((octet_length(manifest_hash) = 32)),
  constraint epoch_officer_id_fkey FOREIGN KEY (officer_id) REFERENCES directory.officer(id),
  constraint epoch_pkey PRIMARY KEY (epoch),
  constraint epoch_epoch_id_key UNIQUE (epoch_id)
);
alter table tally.epoch owner to tally_owner;
alter table tally.epoch enable row level security;
alter table tally.epoch force row level security;
create policy coordinator_insert on tally.epoch for insert to tally_app
  with check ((( SELECT sec.role() AS role) = 'coordinator'::text));
create policy match_select on tally.epoch for select to tally_match
  using (true);
create policy party_read on tally.epoch for select to tally_app
  using ((( SELECT sec.party() AS party) IS NOT NULL));
comment on table tally.epoch is 'Epochs as a coordinator''s officer announced them, each with the manifest that the key-holders signed';
grant insert, select on tally.epoch to tally_app;
grant select on tally.epoch to tally_match;

create table tally.epoch_erasure (
  erasure_id uuid not null,
  epoch bigint not null,
  reason text not null,
  coordinator_id uuid not null,
  after_member uuid not null default '00000000-0000-0000-0000-000000000000'::uuid,
  after_clue uuid not null default '00000000-0000-0000-0000-000000000000'::uuid,
  tokens bigint not null default 0,
  finished_at timestamp with time zone,
  constraint epoch_erasure_reason_check CHECK ((reason = ANY (ARRAY['STOP'::text, 'OVERLAP'::text]))),
  constraint epoch_erasure_coordinator_id_fkey FOREIGN KEY (coordinator_id) REFERENCES directory.party(id),
  constraint epoch_erasure_pkey PRIMARY KEY (erasure_id),
  constraint epoch_erasure_epoch_reason_key UNIQUE (epoch, reason)
);
alter table tally.epoch_erasure owner to tally_owner;
alter table tally.epoch_erasure enable row level security;
alter table tally.epoch_erasure force row level security;
create policy coordinator_insert on tally.epoch_erasure for insert to tally_app
  with check ((( SELECT sec.role() AS role) = 'coordinator'::text));
create policy match_select on tally.epoch_erasure for select to tally_match
  using (true);
create policy match_update on tally.epoch_erasure for update to tally_match
  using (true)
  with check (true);
create policy party_read on tally.epoch_erasure for select to tally_app
  using ((( SELECT sec.party() AS party) IS NOT NULL));
grant update (after_member, after_clue, tokens, finished_at) on tally.epoch_erasure to tally_match;
comment on table tally.epoch_erasure is 'STOP: tokens of this epoch. OVERLAP: tokens of every epoch before this one, once its overlap is over. The row is the cursor';
grant insert, select on tally.epoch_erasure to tally_app;
grant select on tally.epoch_erasure to tally_match;

create table tally.epoch_stop (
  epoch bigint not null,
  epoch_id uuid not null,
  stop jsonb not null,
  act text not null,
  officer_id uuid not null,
  stopped_at timestamp with time zone not null default now(),
  constraint epoch_stop_act_check CHECK ((octet_length(act) <= 8192)),
  constraint epoch_stop_epoch_check CHECK (((epoch >= 0) AND (epoch <= '4294967295'::bigint))),
  constraint epoch_stop_stop_check CHECK ((octet_length((stop)::text) <= 65536)),
  constraint epoch_stop_officer_id_fkey FOREIGN KEY (officer_id) REFERENCES directory.officer(id),
  constraint epoch_stop_pkey PRIMARY KEY (epoch),
  constraint epoch_stop_epoch_id_key UNIQUE (epoch_id)
);
alter table tally.epoch_stop owner to tally_owner;
alter table tally.epoch_stop enable row level security;
alter table tally.epoch_stop force row level security;
create policy coordinator_insert on tally.epoch_stop for insert to tally_app
  with check ((( SELECT sec.role() AS role) = 'coordinator'::text));
create policy match_select on tally.epoch_stop for select to tally_match
  using (true);
create policy party_read on tally.epoch_stop for select to tally_app
  using ((( SELECT sec.party() AS party) IS NOT NULL));
comment on table tally.epoch_stop is 'Epochs that ended at once, each with the stop that the key-holders signed. There is no way back';
grant insert, select on tally.epoch_stop to tally_app;
grant select on tally.epoch_stop to tally_match;

create table tally.event (
  party_id uuid not null,
  seq bigint not null,
  kind text not null,
  subject_id uuid not null,
  at timestamp with time zone not null default now(),
  constraint event_kind_check CHECK ((kind ~ '^[A-Z][A-Z_]{2,63}$'::text)),
  constraint event_seq_check CHECK ((seq > 0)),
  constraint event_party_id_fkey FOREIGN KEY (party_id) REFERENCES tally.event_head(party_id),
  constraint event_pkey PRIMARY KEY (party_id, seq)
);
alter table tally.event owner to tally_owner;
alter table tally.event enable row level security;
alter table tally.event force row level security;
create policy match_insert on tally.event for insert to tally_match
  with check (true);
create policy own_read on tally.event for select to tally_app
  using ((party_id = ( SELECT sec.party() AS party)));
grant select on tally.event to tally_app;
grant insert on tally.event to tally_match;

create table tally.event_head (
  party_id uuid not null,
  last_seq bigint not null default 0,
  constraint event_head_last_seq_check CHECK ((last_seq >= 0)),
  constraint event_head_party_id_fkey FOREIGN KEY (party_id) REFERENCES directory.party(id),
  constraint event_head_pkey PRIMARY KEY (party_id)
);
alter table tally.event_head owner to tally_owner;
alter table tally.event_head enable row level security;
alter table tally.event_head force row level security;
create policy match_insert on tally.event_head for insert to tally_match
  with check (true);
create policy match_select on tally.event_head for select to tally_match
  using (true);
create policy match_update on tally.event_head for update to tally_match
  using (true)
  with check (true);
create policy own_read on tally.event_head for select to tally_app
  using ((party_id = ( SELECT sec.party() AS party)));
comment on table tally.event_head is 'Locked, in order of party id, by everything that changes what a party sees; makes the feed gapless';
grant insert, select, update on tally.event_head to tally_match;

create table tally.feed_generation (
  generation integer not null,
  started_at timestamp with time zone not null default now(),
  constraint feed_generation_generation_check CHECK ((generation > 0)),
  constraint feed_generation_pkey PRIMARY KEY (generation)
);
alter table tally.feed_generation owner to tally_owner;
comment on table tally.feed_generation is 'A restored cluster starts a new one: cursors of an older generation start over';
grant select on tally.feed_generation to tally_app;

create table tally.inbox_entry (
  liaison_id uuid not null,
  seq bigint not null generated always as identity,
  xid xid8 not null default pg_current_xact_id(),
  package_id uuid not null,
  kind text not null,
  created_at timestamp with time zone not null default now(),
  constraint inbox_entry_kind_check CHECK ((kind = ANY (ARRAY['OFFERED'::text, 'SUPERSEDING_NOTICE'::text]))),
  constraint inbox_entry_package_id_fkey FOREIGN KEY (package_id) REFERENCES tally.package(package_id),
  constraint inbox_entry_pkey PRIMARY KEY (liaison_id, seq)
);
alter table tally.inbox_entry owner to tally_owner;
alter table tally.inbox_entry enable row level security;
alter table tally.inbox_entry force row level security;
CREATE INDEX inbox_order ON tally.inbox_entry USING btree (liaison_id, xid, seq);
CREATE UNIQUE INDEX inbox_offered_once ON tally.inbox_entry USING btree (package_id) WHERE (kind = 'OFFERED'::text);
create policy definer_insert on tally.inbox_entry for insert to tally_match
  with check ((kind = 'SUPERSEDING_NOTICE'::text));
create policy definer_read on tally.inbox_entry for select to tally_match
  using (true);
create policy deliver_insert on tally.inbox_entry for insert to tally_worker
  with check (true);
create policy own_read on tally.inbox_entry for select to tally_app
  using ((liaison_id = ( SELECT sec.party() AS party)));
grant select on tally.inbox_entry to tally_app;
grant insert, select on tally.inbox_entry to tally_match;
grant insert on tally.inbox_entry to tally_worker;

create table tally.joint_case (
  case_id uuid not null,
  state text not null,
  category text not null,
  purpose text not null,
  legal_basis jsonb not null,
  liaison_id uuid not null,
  recipients jsonb not null,
  package_id uuid not null,
  created_at timestamp with time zone not null default now(),
  changed_at timestamp with time zone not null default now(),
  constraint joint_case_category_check CHECK ((octet_length(category) <= 64)),
  constraint joint_case_legal_basis_check CHECK ((jsonb_typeof(legal_basis) = 'object'::text)),
  constraint joint_case_purpose_check CHECK ((octet_length(purpose) <= 64)),
  constraint joint_case_recipients_check CHECK ((jsonb_typeof(recipients) = 'array'::text)),
  constraint joint_case_state_check CHECK ((state = ANY (ARRAY['PROPOSED'::text, 'OPEN'::text, 'APPROVED'::text, 'CLOSED'::text, 'WITHDRAWN'::text]))),
  constraint joint_case_pkey PRIMARY KEY (case_id),
  constraint joint_case_package_id_key UNIQUE (package_id)
);
alter table tally.joint_case owner to tally_owner;
alter table tally.joint_case enable row level security;
alter table tally.joint_case force row level security;
create policy definer_read on tally.joint_case for select to tally_match
  using (true);
create policy definer_update on tally.joint_case for update to tally_match
  using ((state = 'APPROVED'::text))
  with check ((state = 'CLOSED'::text));
create policy member_insert on tally.joint_case for insert to tally_app
  with check (((( SELECT sec.role() AS role) = 'member'::text) AND (state = 'PROPOSED'::text)));
create policy party_read on tally.joint_case for select to tally_app
  using (((( SELECT sec.role() AS role) = 'coordinator'::text) OR (EXISTS ( SELECT
   FROM tally.case_party p
  WHERE ((p.case_id = joint_case.case_id) AND (p.party_id = ( SELECT sec.party() AS party)))))));
create policy party_update on tally.joint_case for update to tally_app
  using (((( SELECT sec.role() AS role) = 'coordinator'::text) OR (EXISTS ( SELECT
   FROM tally.case_party p
  WHERE ((p.case_id = joint_case.case_id) AND (p.party_id = ( SELECT sec.party() AS party)) AND (p.invitation = 'JOINED'::text))))))
  with check (true);
grant update (state, changed_at) on tally.joint_case to tally_app;
grant update (state, changed_at) on tally.joint_case to tally_match;
comment on table tally.joint_case is 'What every party of a case may read. Names no member: see tally.case_party';
grant insert, select on tally.joint_case to tally_app;
grant select on tally.joint_case to tally_match;

create table tally.network_rule (
  name text not null,
  value integer not null,
  constraint network_rule_value_check CHECK ((value >= 0)),
  constraint network_rule_pkey PRIMARY KEY (name)
);
alter table tally.network_rule owner to tally_owner;
alter table tally.network_rule enable row level security;
alter table tally.network_rule force row level security;
create policy match_select on tally.network_rule for select to tally_match
  using (true);
grant select on tally.network_rule to tally_match;

create table tally.outcome (
  liaison_id uuid not null,
  outcome_id uuid not null,
  package_id uuid not null,
  kind text not null,
  persons integer,
  amount_cny bigint,
  reference text not null,
  jws text not null,
  received_at timestamp with time zone not null default now(),
  constraint outcome_amount_cny_check CHECK ((amount_cny >= 0)),
  constraint outcome_jws_check CHECK ((octet_length(jws) <= 65536)),
  constraint outcome_kind_check CHECK ((octet_length(kind) <= 64)),
  constraint outcome_persons_check CHECK ((persons >= 0)),
  constraint outcome_reference_check CHECK ((char_length(reference) <= 500)),
  constraint outcome_package_id_fkey FOREIGN KEY (package_id) REFERENCES tally.package(package_id),
  constraint outcome_pkey PRIMARY KEY (liaison_id, outcome_id)
);
alter table tally.outcome owner to tally_owner;
alter table tally.outcome enable row level security;
alter table tally.outcome force row level security;
CREATE INDEX outcome_package ON tally.outcome USING btree (package_id);
create policy definer_read on tally.outcome for select to tally_match
  using (true);
create policy own_insert on tally.outcome for insert to tally_app
  with check ((liaison_id = ( SELECT sec.party() AS party)));
create policy own_read on tally.outcome for select to tally_app
  using (((liaison_id = ( SELECT sec.party() AS party)) OR (( SELECT sec.role() AS role) = 'coordinator'::text) OR (EXISTS ( SELECT
   FROM (tally.package k
     JOIN tally.case_party p ON ((p.case_id = k.case_id)))
  WHERE ((k.package_id = outcome.package_id) AND (p.party_id = ( SELECT sec.party() AS party)) AND (p.invitation = 'JOINED'::text))))));
grant insert, select on tally.outcome to tally_app;
grant select on tally.outcome to tally_match;

create table tally.overlap (
  member_id uuid not null,
  overlap_id uuid not null,
  clue_id uuid not null,
  form smallint not null,
  bucket smallint,
  token bytea,
  seq bigint not null,
  kind text not null,
  strength text not null,
  others smallint not null,
  categories text[] not null,
  levels smallint[] not null,
  level smallint not null,
  impersonated boolean not null,
  first_seen timestamp with time zone not null,
  last_seen timestamp with time zone not null,
  state text not null,
  opened_at timestamp with time zone not null default now(),
  changed_at timestamp with time zone not null default now(),
  constraint overlap_others_check CHECK ((others = ANY (ARRAY[1, 2]))),
  constraint overlap_state_check CHECK ((state = ANY (ARRAY['OPEN'::text, 'WITHDRAWN'::text]))),
  constraint overlap_strength_check CHECK ((strength = ANY (ARRAY['EXACT'::text, 'WEAK'::text]))),
  constraint overlap_token_check CHECK ((octet_length(token) = 16)),
  constraint overlap_member_id_clue_id_fkey FOREIGN KEY (member_id, clue_id) REFERENCES tally.clue(member_id, clue_id),
  constraint overlap_pkey PRIMARY KEY (member_id, overlap_id),
  constraint overlap_member_id_clue_id_form_key UNIQUE (member_id, clue_id, form)
);
alter table tally.overlap owner to tally_owner;
alter table tally.overlap enable row level security;
alter table tally.overlap force row level security;
CREATE INDEX overlap_token ON tally.overlap USING btree (bucket, token);
CREATE UNIQUE INDEX overlap_order ON tally.overlap USING btree (member_id, seq);
create policy match_insert on tally.overlap for insert to tally_match
  with check (true);
create policy match_select on tally.overlap for select to tally_match
  using (true);
create policy match_update on tally.overlap for update to tally_match
  using (true)
  with check (true);
create policy own_read on tally.overlap for select to tally_app
  using ((member_id = ( SELECT sec.party() AS party)));
comment on table tally.overlap is 'One row for each own form that others hold too, as its member may see it: bands and classes, never who';
grant select on tally.overlap to tally_app;
grant insert, select, update on tally.overlap to tally_match;

create table tally.package (
  package_id uuid not null,
  kind text not null,
  case_id uuid,
  sender_id uuid not null,
  liaison_id uuid not null,
  state text not null,
  payload text not null,
  digest text,
  content bytea,
  created_at timestamp with time zone not null default now(),
  changed_at timestamp with time zone not null default now(),
  constraint package_check CHECK (((kind = 'CASE'::text) = (case_id IS NOT NULL))),
  constraint package_check1 CHECK (((state = ANY (ARRAY['BUILDING'::text, 'DEAD_LETTER'::text, 'WITHDRAWN'::text])) OR ((digest IS NOT NULL) AND (content IS NOT NULL)))),
  constraint package_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
  constraint package_kind_check CHECK ((kind = ANY (ARRAY['CASE'::text, 'TEST'::text]))),
  constraint package_state_check CHECK ((state = ANY (ARRAY['BUILDING'::text, 'SEALED'::text, 'OFFERED'::text, 'FETCHED'::text, 'RECEIVED'::text, 'ACCEPTED'::text, 'REJECTED'::text, 'CLOSED'::text, 'WITHDRAWN'::text, 'EXPIRED'::text, 'DEAD_LETTER'::text]))),
  constraint package_case_id_fkey FOREIGN KEY (case_id) REFERENCES tally.joint_case(case_id),
  constraint package_pkey PRIMARY KEY (package_id),
  constraint package_case_id_key UNIQUE (case_id)
);
alter table tally.package owner to tally_owner;
alter table tally.package enable row level security;
alter table tally.package force row level security;
create policy definer_read on tally.package for select to tally_match
  using (true);
create policy definer_update on tally.package for update to tally_match
  using (true)
  with check ((state = ANY (ARRAY['EXPIRED'::text, 'CLOSED'::text])));
create policy deliver_read on tally.package for select to tally_worker
  using (true);
create policy deliver_update on tally.package for update to tally_worker
  using (true)
  with check (true);
create policy lead_update on tally.package for update to tally_app
  using (((state = ANY (ARRAY['BUILDING'::text, 'SEALED'::text, 'OFFERED'::text])) AND (EXISTS ( SELECT
   FROM tally.case_party p
  WHERE ((p.case_id = package.case_id) AND (p.party_id = ( SELECT sec.party() AS party)) AND (p.part = 'LEAD'::text))))))
  with check ((state = 'WITHDRAWN'::text));
create policy liaison_update on tally.package for update to tally_app
  using (((liaison_id = ( SELECT sec.party() AS party)) AND (state = ANY (ARRAY['OFFERED'::text, 'FETCHED'::text, 'RECEIVED'::text, 'ACCEPTED'::text, 'REJECTED'::text, 'CLOSED'::text]))))
  with check ((liaison_id = ( SELECT sec.party() AS party)));
create policy own_read on tally.package for select to tally_app
  using ((((liaison_id = ( SELECT sec.party() AS party)) AND (state <> ALL (ARRAY['BUILDING'::text, 'SEALED'::text, 'WITHDRAWN'::text, 'DEAD_LETTER'::text]))) OR (( SELECT sec.role() AS role) = 'coordinator'::text) OR (EXISTS ( SELECT
   FROM tally.case_party p
  WHERE ((p.case_id = package.case_id) AND (p.party_id = ( SELECT sec.party() AS party)) AND (p.invitation = 'JOINED'::text))))));
create policy sender_insert on tally.package for insert to tally_app
  with check (((sender_id = ( SELECT sec.party() AS party)) AND (state = 'BUILDING'::text) AND ((( SELECT sec.role() AS role) = 'coordinator'::text) OR (EXISTS ( SELECT
   FROM tally.case_party p
  WHERE ((p.case_id = package.case_id) AND (p.party_id = ( SELECT sec.party() AS party)) AND (p.part = 'LEAD'::text)))))));
grant select (package_id, kind, case_id, sender_id, liaison_id, state, payload, digest, created_at, changed_at) on tally.package to tally_worker;
grant update (state, changed_at) on tally.package to tally_app;
grant update (state, changed_at) on tally.package to tally_match;
grant update (state, digest, content, changed_at) on tally.package to tally_worker;
grant insert, select on tally.package to tally_app;
grant select on tally.package to tally_match;

create table tally.publication (
  member_id uuid not null,
  publication_id uuid not null,
  via text not null,
  state text not null default 'OPEN'::text,
  match_state text not null default 'PENDING'::text,
  matched_after uuid,
  overlap_count integer not null default 0,
  started_at timestamp with time zone not null default now(),
  finished_at timestamp with time zone,
  matched_at timestamp with time zone,
  constraint publication_match_state_check CHECK ((match_state = ANY (ARRAY['PENDING'::text, 'RUNNING'::text, 'DONE'::text]))),
  constraint publication_state_check CHECK ((state = ANY (ARRAY['OPEN'::text, 'FINISHED'::text]))),
  constraint publication_via_check CHECK ((via = ANY (ARRAY['API'::text, 'BULK'::text, 'MOVE'::text]))),
  constraint publication_member_id_fkey FOREIGN KEY (member_id) REFERENCES directory.party(id),
  constraint publication_pkey PRIMARY KEY (member_id, publication_id)
);
alter table tally.publication owner to tally_owner;
alter table tally.publication enable row level security;
alter table tally.publication force row level security;
create policy match_select on tally.publication for select to tally_match
  using (true);
create policy match_update on tally.publication for update to tally_match
  using (true)
  with check (true);
create policy own_insert on tally.publication for insert to tally_app
  with check (((member_id = ( SELECT sec.party() AS party)) AND (state = 'OPEN'::text)));
create policy own_read on tally.publication for select to tally_app
  using ((member_id = ( SELECT sec.party() AS party)));
create policy own_update on tally.publication for update to tally_app
  using ((member_id = ( SELECT sec.party() AS party)))
  with check ((member_id = ( SELECT sec.party() AS party)));
grant update (match_state, matched_after, overlap_count, matched_at) on tally.publication to tally_match;
grant update (state, finished_at) on tally.publication to tally_app;
grant insert, select on tally.publication to tally_app;
grant select on tally.publication to tally_match;

create table tally.publication_chunk (
  member_id uuid not null,
  publication_id uuid not null,
  seq integer not null,
  sha256 bytea not null,
  received integer not null default 0,
  accepted integer not null default 0,
  already_known integer not null default 0,
  refused integer not null default 0,
  summary jsonb,
  received_at timestamp with time zone not null default now(),
  constraint publication_chunk_seq_check CHECK (((seq >= 0) AND (seq <= 999999))),
  constraint publication_chunk_sha256_check CHECK ((octet_length(sha256) = 32)),
  constraint publication_chunk_member_id_publication_id_fkey FOREIGN KEY (member_id, publication_id) REFERENCES tally.publication(member_id, publication_id),
  constraint publication_chunk_pkey PRIMARY KEY (member_id, publication_id, seq)
);
alter table tally.publication_chunk owner to tally_owner;
alter table tally.publication_chunk enable row level security;
alter table tally.publication_chunk force row level security;
create policy own_insert on tally.publication_chunk for insert to tally_app
  with check ((member_id = ( SELECT sec.party() AS party)));
create policy own_read on tally.publication_chunk for select to tally_app
  using ((member_id = ( SELECT sec.party() AS party)));
create policy own_update on tally.publication_chunk for update to tally_app
  using ((member_id = ( SELECT sec.party() AS party)))
  with check ((member_id = ( SELECT sec.party() AS party)));
grant update (received, accepted, already_known, refused, summary) on tally.publication_chunk to tally_app;
grant insert, select on tally.publication_chunk to tally_app;

create table tally.receipt (
  liaison_id uuid not null,
  receipt_id uuid not null,
  package_id uuid not null,
  seq bigint not null generated always as identity,
  kind text not null,
  jws text not null,
  sha256 text not null,
  received_at timestamp with time zone not null default now(),
  constraint receipt_jws_check CHECK ((octet_length(jws) <= 65536)),
  constraint receipt_kind_check CHECK ((kind = ANY (ARRAY['RECEIVED'::text, 'OPENED'::text, 'ACCEPTED'::text, 'REJECTED'::text, 'FORWARDED'::text, 'DESTROYED'::text]))),
  constraint receipt_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
  constraint receipt_package_id_fkey FOREIGN KEY (package_id) REFERENCES tally.package(package_id),
  constraint receipt_pkey PRIMARY KEY (liaison_id, receipt_id)
);
alter table tally.receipt owner to tally_owner;
alter table tally.receipt enable row level security;
alter table tally.receipt force row level security;
CREATE INDEX receipt_package ON tally.receipt USING btree (package_id, seq);
create policy definer_read on tally.receipt for select to tally_match
  using (true);
create policy own_insert on tally.receipt for insert to tally_app
  with check ((liaison_id = ( SELECT sec.party() AS party)));
create policy own_read on tally.receipt for select to tally_app
  using (((liaison_id = ( SELECT sec.party() AS party)) OR (( SELECT sec.role() AS role) = 'coordinator'::text) OR (EXISTS ( SELECT
   FROM (tally.package k
     JOIN tally.case_party p ON ((p.case_id = k.case_id)))
  WHERE ((k.package_id = receipt.package_id) AND (p.party_id = ( SELECT sec.party() AS party)) AND (p.invitation = 'JOINED'::text))))));
grant insert, select on tally.receipt to tally_app;
grant select on tally.receipt to tally_match;

create table tally.text_band (
  member_id uuid not null,
  clue_id uuid not null,
  band smallint not null,
  epoch bigint not null,
  bucket smallint not null generated always as (((get_byte(token, 0) << 2) | (get_byte(token, 1) >> 6))) stored,
  token bytea not null,
  live boolean not null,
  expires_at timestamp with time zone not null,
  constraint text_band_band_check CHECK (((band >= 1) AND (band <= 64))),
  constraint text_band_expires_at_check CHECK ((expires_at <= (now() + '90 days'::interval))),
  constraint text_band_token_check CHECK ((octet_length(token) = 16)),
  constraint text_band_member_id_clue_id_fkey FOREIGN KEY (member_id, clue_id) REFERENCES tally.clue(member_id, clue_id),
  constraint text_band_pkey PRIMARY KEY (member_id, clue_id, band, epoch)
);
alter table tally.text_band owner to tally_owner;
alter table tally.text_band enable row level security;
alter table tally.text_band force row level security;
CREATE INDEX text_band_end ON tally.text_band USING btree (expires_at) WHERE (band = 1);
CREATE INDEX text_band_live ON tally.text_band USING btree (bucket, token) WHERE live;
create policy match_delete on tally.text_band for delete to tally_match
  using (true);
create policy match_select on tally.text_band for select to tally_match
  using (true);
create policy match_update on tally.text_band for update to tally_match
  using (true)
  with check ((NOT live));
create policy own_insert on tally.text_band for insert to tally_app
  with check ((member_id = ( SELECT sec.party() AS party)));
create policy own_read on tally.text_band for select to tally_app
  using ((member_id = ( SELECT sec.party() AS party)));
create policy own_update on tally.text_band for update to tally_app
  using ((member_id = ( SELECT sec.party() AS party)))
  with check (((member_id = ( SELECT sec.party() AS party)) AND (NOT live)));
grant update (live) on tally.text_band to tally_app;
grant update (live) on tally.text_band to tally_match;
comment on table tally.text_band is 'Tokens of the bands of a text''s min-hashes. Equal ones say how near two texts are, hence their short life';
grant insert, select on tally.text_band to tally_app;
grant delete, select on tally.text_band to tally_match;

create table tally.warned_token (
  member_id uuid not null,
  epoch bigint not null,
  bucket smallint not null generated always as (((get_byte(token, 0) << 2) | (get_byte(token, 1) >> 6))) stored,
  token bytea not null,
  list text not null,
  given_at timestamp with time zone not null default now(),
  constraint warned_token_epoch_check CHECK (((epoch >= 0) AND (epoch <= '4294967295'::bigint))),
  constraint warned_token_list_check CHECK ((list = ANY (ARRAY['AUTHORITY'::text, 'BENIGN'::text, 'OWN'::text]))),
  constraint warned_token_token_check CHECK ((octet_length(token) = 16)),
  constraint warned_token_member_id_fkey FOREIGN KEY (member_id) REFERENCES directory.party(id),
  constraint warned_token_pkey PRIMARY KEY (member_id, epoch, token)
);
alter table tally.warned_token owner to tally_owner;
alter table tally.warned_token enable row level security;
alter table tally.warned_token force row level security;
CREATE INDEX warned_token_at ON tally.warned_token USING btree (bucket, token);
create policy match_delete on tally.warned_token for delete to tally_match
  using (true);
create policy match_select on tally.warned_token for select to tally_match
  using (true);
create policy own_delete on tally.warned_token for delete to tally_app
  using ((member_id = ( SELECT sec.party() AS party)));
create policy own_insert on tally.warned_token for insert to tally_app
  with check ((member_id = ( SELECT sec.party() AS party)));
create policy own_read on tally.warned_token for select to tally_app
  using ((member_id = ( SELECT sec.party() AS party)));
comment on table tally.warned_token is 'Tokens of warning lists as members computed them. In force when enough members gave the same one, so that nobody alone shields a number';
grant delete, insert, select on tally.warned_token to tally_app;
grant delete, select on tally.warned_token to tally_match;

create view directory.clients with (security_invoker=true) as
 SELECT c.client_id,
    p.id AS party_id,
    p.role,
    p.policy_version,
    ( SELECT jsonb_agg(k.jwk || jsonb_build_object('kid', k.kid) ORDER BY k.valid_from, k.kid) AS jsonb_agg
           FROM directory.party_key k
          WHERE k.party_id = p.id AND k.use = 'auth'::text AND k.revoked_at IS NULL AND k.valid_from <= now()) AS keys
   FROM directory.client c
     JOIN directory.party p ON p.id = c.party_id
  WHERE c.active AND p.status = 'ACTIVE'::text;
alter view directory.clients owner to tally_owner;
grant select on directory.clients to tally_auth;

CREATE OR REPLACE FUNCTION audit.lock_head(party uuid, OUT seq bigint, OUT commitment bytea)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    insert into audit.head as h (party_id, seq) values (party, 0) on conflict (party_id) do nothing;
    select h.seq, h.commitment into strict lock_head.seq, lock_head.commitment from audit.head h where h.party_id = party for update;
  end $function$
;
alter function audit.lock_head(uuid) owner to tally_audit;
grant execute on function audit.lock_head(uuid) to tally_app;
grant execute on function audit.lock_head(uuid) to tally_match;
grant execute on function audit.lock_head(uuid) to tally_worker;

CREATE OR REPLACE FUNCTION audit.record(party uuid, next_seq bigint, previous bytea, event text, r bytea, commitment bytea)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    update audit.head h set seq = next_seq, commitment = record.commitment
      where h.party_id = party and h.seq = next_seq - 1 and h.commitment is not distinct from record.previous;
    if not found then
      raise exception 'audit entry does not follow the head' using errcode = '40001';
    end if;
    insert into audit.intake (party_id, seq, previous, event, r, commitment)
      values (party, next_seq, record.previous, record.event, record.r, record.commitment);
  end $function$
;
alter function audit.record(uuid,bigint,bytea,text,bytea,bytea) owner to tally_audit;
grant execute on function audit.record(uuid,bigint,bytea,text,bytea,bytea) to tally_app;
grant execute on function audit.record(uuid,bigint,bytea,text,bytea,bytea) to tally_match;
grant execute on function audit.record(uuid,bigint,bytea,text,bytea,bytea) to tally_worker;

CREATE OR REPLACE FUNCTION audit.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    raise exception '% is append-only', tg_table_name using errcode = '42501';
  end $function$
;
alter function audit.refuse_change() owner to tally_owner;
grant execute on function audit.refuse_change() to tally_app;
grant execute on function audit.refuse_change() to tally_match;
grant execute on function audit.refuse_change() to tally_worker;

CREATE OR REPLACE FUNCTION directory.caller(client text)
 RETURNS TABLE(party_id uuid, role text, name text, status text, policy_version integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT p.id,
     p.role,
     p.name,
     p.status,
     p.policy_version
    FROM (directory.client c
      JOIN directory.party p ON ((p.id = c.party_id)))
   WHERE ((c.client_id = caller.client) AND c.active);
END
;
alter function directory.caller(text) owner to tally_owner;
grant execute on function directory.caller(text) to tally_app;

CREATE OR REPLACE FUNCTION directory.card(party uuid)
 RETURNS TABLE(party_id uuid, role text, name text, name_zh text, status text, policy_version integer, jurisdiction text, contact_desk jsonb, webhook_url text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT p.id,
     p.role,
     p.name,
     p.name_zh,
     p.status,
     p.policy_version,
     p.jurisdiction,
     p.contact_desk,
     p.webhook_url
    FROM directory.party p
   WHERE ((p.id = card.party) AND (p.status <> 'PENDING'::text));
END
;
alter function directory.card(uuid) owner to tally_owner;
grant execute on function directory.card(uuid) to tally_app;
grant execute on function directory.card(uuid) to tally_worker;

CREATE OR REPLACE FUNCTION directory.keys(party uuid)
 RETURNS TABLE(kid text, use text, jwk jsonb, valid_from timestamp with time zone, revoked_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT k.kid,
     k.use,
     k.jwk,
     k.valid_from,
     k.revoked_at
    FROM (directory.party_key k
      JOIN directory.party p ON ((p.id = k.party_id)))
   WHERE ((k.party_id = keys.party) AND (p.status <> 'PENDING'::text))
   ORDER BY k.use, k.valid_from, k.kid;
END
;
alter function directory.keys(uuid) owner to tally_owner;
grant execute on function directory.keys(uuid) to tally_app;
grant execute on function directory.keys(uuid) to tally_worker;

CREATE OR REPLACE FUNCTION directory.officer_by_key(key_id text)
 RETURNS TABLE(officer_id uuid, party_id uuid, role text, name text, kid text, jwk jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT o.id,
     o.party_id,
     p.role,
     o.name,
     o.kid,
     o.jwk
    FROM (directory.officer o
      JOIN directory.party p ON ((p.id = o.party_id)))
   WHERE ((o.kid = officer_by_key.key_id) AND o.active AND (p.status = 'ACTIVE'::text));
END
;
alter function directory.officer_by_key(text) owner to tally_owner;
grant execute on function directory.officer_by_key(text) to tally_app;
grant execute on function directory.officer_by_key(text) to tally_worker;

CREATE OR REPLACE FUNCTION directory.suspended()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT p.id
    FROM directory.party p
   WHERE (p.status = ANY (ARRAY['SUSPENDED'::text, 'EXPELLED'::text]))
   ORDER BY p.id;
END
;
alter function directory.suspended() owner to tally_owner;
grant execute on function directory.suspended() to tally_app;
grant execute on function directory.suspended() to tally_worker;

CREATE OR REPLACE FUNCTION match.alert_brand(owner uuid, brand uuid, alert uuid, sealed_text text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    reporter uuid := sec.party();
  begin
    if reporter is null or not exists (select from directory.party p where p.id = reporter and p.role = 'member' and p.status = 'ACTIVE') then
      raise exception 'no member' using errcode = '28000';
    end if;
    if not exists (select from tally.brand b join directory.party p on p.id = b.member_id
        where b.member_id = owner and b.brand_id = brand and not b.withdrawn and p.status = 'ACTIVE') then
      raise exception 'no such brand' using errcode = 'TL404';
    end if;
    perform match.lock_parties(array[reporter, owner]);
    if (select count(*) from tally.brand_alert a where a.reporter_id = reporter and a.sent_at > now() - interval '1 day')
        >= (select r.value from tally.network_rule r where r.name = 'brand-alerts-per-day') then
      raise exception 'quota' using errcode = 'TL429';
    end if;
    insert into tally.brand_alert (member_id, alert_id, brand_id, reporter_id, sealed) values (owner, alert, brand, reporter, sealed_text);
    perform match.emit(array[owner], 'BRAND_ALERT', alert);
  end $function$
;
alter function match.alert_brand(uuid,uuid,uuid,text) owner to tally_match;
grant execute on function match.alert_brand(uuid,uuid,uuid,text) to tally_app;

CREATE OR REPLACE FUNCTION match.at_once(publication uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    asker uuid := sec.party();
    own bytea[];
    n int;
  begin
    select array_agg(distinct ct.token) into own
      from tally.clue c join tally.clue_token ct on ct.member_id = c.member_id and ct.clue_id = c.clue_id
      where c.member_id = asker and c.publication_id = publication and ct.live;
    select least(count(distinct ct.clue_id), 2) into n
      from tally.clue c join tally.clue_token ct on ct.member_id = c.member_id and ct.clue_id = c.clue_id
      where c.member_id = asker and c.publication_id = publication and ct.live
        and ct.token in (select h.token from match.held(own) h where h.member_id <> asker);
    return n;
  end $function$
;
alter function match.at_once(uuid) owner to tally_match;
grant execute on function match.at_once(uuid) to tally_app;

CREATE OR REPLACE FUNCTION match.bands_allowed()
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT (count(*) >= ( SELECT r.value
            FROM tally.network_rule r
           WHERE (r.name = 'bands-from-members'::text)))
    FROM directory.party p
   WHERE ((p.role = 'member'::text) AND (p.status = 'ACTIVE'::text));
END
;
alter function match.bands_allowed() owner to tally_match;
grant execute on function match.bands_allowed() to tally_app;

CREATE OR REPLACE FUNCTION match.brands(after_member uuid, after_brand uuid, at_most integer)
 RETURNS TABLE(member_id uuid, brand_id uuid, revision integer, withdrawn boolean, statement text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT b.member_id,
     b.brand_id,
     b.revision,
     b.withdrawn,
     b.statement
    FROM (tally.brand b
      JOIN directory.party p ON ((p.id = b.member_id)))
   WHERE ((p.status = 'ACTIVE'::text) AND (p.role = 'member'::text) AND ((brands.after_member IS NULL) OR (ROW(b.member_id, b.brand_id) > ROW(brands.after_member, brands.after_brand))) AND (EXISTS ( SELECT
            FROM directory.party me
           WHERE ((me.id = ( SELECT sec.party() AS party)) AND (me.status = 'ACTIVE'::text) AND (me.role = 'member'::text)))))
   ORDER BY b.member_id, b.brand_id
  LIMIT brands.at_most;
END
;
alter function match.brands(uuid,uuid,integer) owner to tally_match;
grant execute on function match.brands(uuid,uuid,integer) to tally_app;

CREATE OR REPLACE FUNCTION match.carry_answers(members uuid[], clues uuid[], gone bigint[])
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 WITH doomed AS MATERIALIZED (
          SELECT ct.member_id,
             ct.clue_id,
             ct.form,
             ct.bucket,
             ct.token,
             n.token AS next_token,
             n.epoch AS next_epoch,
             (((get_byte(n.token, 0) << 2) | (get_byte(n.token, 1) >> 6)))::smallint AS next_bucket
            FROM ((UNNEST(carry_answers.members, carry_answers.clues) u(m, c)
              JOIN tally.clue_token ct ON (((ct.member_id = u.m) AND (ct.clue_id = u.c) AND (ct.epoch = ANY (carry_answers.gone)))))
              LEFT JOIN LATERAL ( SELECT t.token,
                     t.epoch
                    FROM tally.clue_token t
                   WHERE ((t.member_id = ct.member_id) AND (t.clue_id = ct.clue_id) AND (t.form = ct.form) AND (NOT (t.epoch = ANY (carry_answers.gone))))
                   ORDER BY t.epoch DESC
                  LIMIT 1) n ON (true))
         ), followed AS (
          INSERT INTO tally.disclosure_hit (member_id, disclosure_id, bucket, token, epoch)  SELECT DISTINCT h.member_id,
                     h.disclosure_id,
                     d_1.next_bucket,
                     d_1.next_token,
                     d_1.next_epoch
                    FROM (doomed d_1
                      JOIN tally.disclosure_hit h ON (((h.bucket = d_1.bucket) AND (h.token = d_1.token))))
                   WHERE (d_1.next_token IS NOT NULL) ON CONFLICT DO NOTHING
         ), told AS (
          INSERT INTO tally.clue_told (member_id, clue_id, party_id, subject_id)  SELECT d_1.member_id,
                     d_1.clue_id,
                     h.member_id,
                     h.disclosure_id
                    FROM (doomed d_1
                      JOIN tally.disclosure_hit h ON (((h.bucket = d_1.bucket) AND (h.token = d_1.token))))
                   WHERE ((d_1.form = 1) AND (d_1.next_token IS NULL) AND (h.member_id <> d_1.member_id))
                 UNION
                  SELECT d_1.member_id,
                     d_1.clue_id,
                     o_1.member_id,
                     o_1.overlap_id
                    FROM ((doomed d_1
                      JOIN tally.clue_token x ON (((x.bucket = d_1.bucket) AND (x.token = d_1.token) AND x.live AND (x.member_id <> d_1.member_id))))
                      JOIN tally.overlap o_1 ON (((o_1.member_id = x.member_id) AND (o_1.clue_id = x.clue_id) AND (o_1.form = x.form))))
                   WHERE ((d_1.form = 1) AND (d_1.next_token IS NULL))
                 UNION
                  SELECT x.member_id,
                     x.clue_id,
                     o_1.member_id,
                     o_1.overlap_id
                    FROM ((doomed d_1
                      JOIN tally.clue_token x ON (((x.bucket = d_1.bucket) AND (x.token = d_1.token) AND x.live AND (x.member_id <> d_1.member_id) AND (x.form = 1))))
                      JOIN tally.overlap o_1 ON (((o_1.member_id = d_1.member_id) AND (o_1.clue_id = d_1.clue_id) AND (o_1.form = d_1.form))))
                   WHERE (NOT (EXISTS ( SELECT
                            FROM tally.clue_token t
                           WHERE ((t.member_id = x.member_id) AND (t.clue_id = x.clue_id) AND (NOT (t.epoch = ANY (carry_answers.gone))))))) ON CONFLICT DO NOTHING
         )
  UPDATE tally.overlap o SET token = d.next_token, bucket = d.next_bucket
    FROM doomed d
   WHERE ((o.member_id = d.member_id) AND (o.clue_id = d.clue_id) AND (o.form = d.form) AND (o.token = d.token));
END
;
alter function match.carry_answers(uuid[],uuid[],bigint[]) owner to tally_match;

CREATE OR REPLACE FUNCTION match.change_epochs()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT pg_advisory_xact_lock('7401197498'::bigint) AS pg_advisory_xact_lock;
END
;
alter function match.change_epochs() owner to tally_match;
grant execute on function match.change_epochs() to tally_app;

CREATE OR REPLACE FUNCTION match.check_tokens(purpose text, basis_code text, basis_law text, basis_article text, tokens text, former text DEFAULT NULL::text)
 RETURNS TABLE(disclosure_id uuid, remaining integer, place integer, others smallint, exact boolean, categories text[], levels smallint[], impersonated boolean, first_seen timestamp with time zone, last_seen timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
  #variable_conflict use_column
  declare
    asker uuid := sec.party();
    asked int := length(tokens) / 32;
    given text := tokens || coalesce(former, '');
    -- Of place p: at p, and in the epoch before at p + asked.
    list bytea[];
    spent int;
    allowance int := (select r.value from tally.network_rule r where r.name = 'checks-per-day');
    id uuid := gen_random_uuid();
    bands boolean := match.bands_allowed();
  begin
    if asker is null or not exists (select from directory.party p where p.id = asker and p.role = 'member' and p.status = 'ACTIVE') then
      raise exception 'no member' using errcode = '28000';
    end if;
    if asked not between 1 and 500 or length(tokens) <> asked * 32 or length(former) <> asked * 32 then
      raise exception 'tokens' using errcode = '22023';
    end if;
    list := array(select decode(substr(given, 32 * i + 1, 32), 'hex') from generate_series(0, length(given) / 32 - 1) i order by i);
    insert into tally.check_quota as q (member_id, day, used) values (asker, (now() at time zone 'UTC')::date, cardinality(list))
      on conflict (member_id, day) do update set used = q.used + excluded.used returning q.used into spent;
    if spent > allowance then
      raise exception 'quota' using errcode = 'TL429';
    end if;
    -- A retraction that runs now waits for this answer and then finds its record; one that was first is seen by the next statement.
    perform 1 from tally.clue_token ct
      where ct.live and ct.member_id <> asker
        and (ct.bucket, ct.token) in (select ((get_byte(t, 0) << 2) | (get_byte(t, 1) >> 6))::smallint, t from unnest(list) t)
      order by ct.bucket, ct.token, ct.member_id, ct.clue_id, ct.form for share;
    return query
    with held as materialized (select h.* from match.held(list) h where h.member_id <> asker),
    counted as materialized (
      select l.at, count(distinct h.member_id) as members from unnest(list) with ordinality l (token, at) join held h on h.token = l.token group by l.at),
    -- The greater of two counts, never their union: see above.
    answers as materialized (
      select ((l.at - 1) % asked)::int + 1 as place, least(max(c.members), 2)::smallint as others, bool_or(h.strength = 'EXACT') as exact,
          array_agg(distinct h.category order by h.category) as categories, array_agg(distinct h.level order by h.level) as levels,
          bool_or(h.role = 'IMPERSONATED') as impersonated,
          date_trunc('day', min(h.first_seen), 'UTC') as first_seen, date_trunc('day', max(h.last_seen), 'UTC') as last_seen
        from unnest(list) with ordinality l (token, at) join held h on h.token = l.token join counted c on c.at = l.at group by 1),
    record as (
      insert into tally.disclosure (member_id, disclosure_id, kind, client_id, purpose, basis_code, basis_law, basis_article, asked, hits)
        values (asker, id, 'CHECK', coalesce(sec.client(), ''), check_tokens.purpose, check_tokens.basis_code, check_tokens.basis_law, check_tokens.basis_article,
          asked, (select count(distinct list[a.place]) from answers a)) returning member_id),
    hits as (
      insert into tally.disclosure_hit (member_id, disclosure_id, bucket, token, epoch)
        select asker, id, ((get_byte(h.token, 0) << 2) | (get_byte(h.token, 1) >> 6))::smallint, h.token, max(h.epoch) from held h group by h.token)
    select id, allowance - spent, p::int, case when a.place is null then 0 when bands then a.others else 1 end::smallint,
        case when bands then a.exact end, case when bands then coalesce(a.categories, '{}') else '{}' end, case when bands then coalesce(a.levels, '{}') else '{}' end,
        coalesce(a.impersonated, false), case when bands then a.first_seen end, case when bands then a.last_seen end
      from generate_series(1, asked) p left join answers a on a.place = p order by p;
  end $function$
;
alter function match.check_tokens(text,text,text,text,text,text) owner to tally_match;
grant execute on function match.check_tokens(text,text,text,text,text,text) to tally_app;

CREATE OR REPLACE FUNCTION match.current_epoch()
 RETURNS bigint
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT max(e.epoch) AS max
    FROM tally.epoch e;
END
;
alter function match.current_epoch() owner to tally_match;
grant execute on function match.current_epoch() to tally_app;

CREATE OR REPLACE FUNCTION match.emit(parties uuid[], event_kind text, subject uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    if event_kind ~ '^(OVERLAP|CLUE)_' then
      raise exception 'reserved kind of event' using errcode = '42501';
    end if;
    perform match.lock_parties(parties);
    with heads as (
      update tally.event_head h set last_seq = h.last_seq + 1 where h.party_id = any (parties) returning h.party_id, h.last_seq)
    insert into tally.event (party_id, seq, kind, subject_id) select party_id, last_seq, event_kind, subject from heads;
  end $function$
;
alter function match.emit(uuid[],text,uuid) owner to tally_match;
grant execute on function match.emit(uuid[],text,uuid) to tally_app;
grant execute on function match.emit(uuid[],text,uuid) to tally_worker;

CREATE OR REPLACE FUNCTION match.epoch_open(which bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT ((which >= match.first_open_epoch()) AND (NOT (which = ANY (match.stopped_epochs()))) AND (which <= COALESCE(match.current_epoch(), which)));
END
;
alter function match.epoch_open(bigint) owner to tally_match;
grant execute on function match.epoch_open(bigint) to tally_app;

CREATE OR REPLACE FUNCTION match.erase_slice(erasure uuid, slice integer, OUT examined integer, OUT erased integer, OUT done boolean, OUT epoch bigint, OUT coordinator uuid, OUT tokens bigint)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
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
  end $function$
;
alter function match.erase_slice(uuid,integer) owner to tally_match;
grant execute on function match.erase_slice(uuid,integer) to tally_worker;

CREATE OR REPLACE FUNCTION match.expire_brand_alerts()
 RETURNS SETOF boolean
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 DELETE FROM tally.brand_alert a
   WHERE (a.expires_at <= now())
   RETURNING true;
END
;
alter function match.expire_brand_alerts() owner to tally_match;
grant execute on function match.expire_brand_alerts() to tally_worker;

CREATE OR REPLACE FUNCTION match.expire_clues(at_most integer)
 RETURNS SETOF boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
  declare
    tokens bytea[];
    ended int;
  begin
    with due as materialized (
      select c.member_id, c.clue_id from tally.clue c where c.state = 'LIVE' and c.expires_at <= now()
        order by c.expires_at limit at_most for update skip locked),
    marked as (update tally.clue c set state = 'EXPIRED' from due where c.member_id = due.member_id and c.clue_id = due.clue_id),
    silenced as (
      update tally.clue_token t set live = false from due where t.member_id = due.member_id and t.clue_id = due.clue_id returning t.token)
    select array_agg(distinct s.token), (select count(*) from due) into tokens, ended from silenced s;
    if tokens is not null then
      perform match.recompute(tokens, null);
    end if;
    return query select true from generate_series(1, ended);
  end $function$
;
alter function match.expire_clues(integer) owner to tally_match;
grant execute on function match.expire_clues(integer) to tally_worker;

CREATE OR REPLACE FUNCTION match.expire_texts(at_most integer)
 RETURNS SETOF boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  end $function$
;
alter function match.expire_texts(integer) owner to tally_match;
grant execute on function match.expire_texts(integer) to tally_worker;

CREATE OR REPLACE FUNCTION match.expire_warned_tokens()
 RETURNS SETOF boolean
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 DELETE FROM tally.warned_token w
   WHERE ((w.epoch < ( SELECT match.first_open_epoch() AS first_open_epoch)) OR (w.epoch = ANY (( SELECT match.stopped_epochs() AS stopped_epochs)::bigint[])))
   RETURNING true;
END
;
alter function match.expire_warned_tokens() owner to tally_match;
grant execute on function match.expire_warned_tokens() to tally_worker;

CREATE OR REPLACE FUNCTION match.first_open_epoch()
 RETURNS bigint
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT COALESCE(max(e.epoch), (0)::bigint) AS "coalesce"
    FROM tally.epoch e
   WHERE (e.overlap_until <= now());
END
;
alter function match.first_open_epoch() owner to tally_match;

CREATE OR REPLACE FUNCTION match.form_views(tokens bytea[])
 RETURNS TABLE(member_id uuid, clue_id uuid, form smallint, bucket smallint, token bytea, kind text, strength text, others smallint, categories text[], levels smallint[], level smallint, impersonated boolean, first_seen timestamp with time zone, last_seen timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
BEGIN ATOMIC
 WITH held AS MATERIALIZED (
          SELECT h.bucket,
             h.token,
             h.member_id,
             h.clue_id,
             h.form,
             h.kind,
             h.strength,
             h.category,
             h.level,
             h.role,
             h.first_seen,
             h.last_seen,
             h.epoch
            FROM match.held(match.widened(form_views.tokens)) h(bucket, token, member_id, clue_id, form, kind, strength, category, level, role, first_seen, last_seen, epoch)
         ), by_member AS MATERIALIZED (
          SELECT h.token,
             h.member_id,
             bool_or((h.strength = 'EXACT'::text)) AS exact,
             array_agg(DISTINCT h.category) AS categories,
             array_agg(DISTINCT h.level) AS levels,
             bool_or((h.role = 'IMPERSONATED'::text)) AS impersonated,
             min(h.first_seen) AS first_seen,
             max(h.last_seen) AS last_seen
            FROM held h
           GROUP BY h.token, h.member_id
         ), seen AS (
          SELECT m.member_id,
             m.clue_id,
             m.form,
             (array_agg(m.token ORDER BY m.epoch DESC))[1] AS token,
             min(m.kind) AS kind,
             min(m.strength) AS own_strength,
             min(m.level) AS own_level,
             bool_or((m.role = 'IMPERSONATED'::text)) AS own_impersonated,
             (LEAST(count(DISTINCT o.member_id), (2)::bigint))::smallint AS others,
             bool_or(o.exact) AS exact,
             array_agg(DISTINCT c.their_category ORDER BY c.their_category) AS categories,
             array_agg(DISTINCT l.their_level ORDER BY l.their_level) AS levels,
             max(l.their_level) AS highest,
             bool_or(o.impersonated) AS impersonated,
             date_trunc('day'::text, min(o.first_seen), 'UTC'::text) AS first_seen,
             date_trunc('day'::text, max(o.last_seen), 'UTC'::text) AS last_seen
            FROM ((((held m
              JOIN match.forms_at(form_views.tokens) a(member_id, clue_id, form) ON (((a.member_id = m.member_id) AND (a.clue_id = m.clue_id) AND (a.form = m.form))))
              JOIN by_member o ON (((o.token = m.token) AND (o.member_id <> m.member_id))))
              CROSS JOIN LATERAL unnest(o.categories) c(their_category))
              CROSS JOIN LATERAL unnest(o.levels) l(their_level))
           GROUP BY m.member_id, m.clue_id, m.form
         )
  SELECT s.member_id,
     s.clue_id,
     s.form,
     (((get_byte(s.token, 0) << 2) | (get_byte(s.token, 1) >> 6)))::smallint AS int2,
     s.token,
     s.kind,
         CASE
             WHEN ((s.own_strength = 'EXACT'::text) AND s.exact) THEN 'EXACT'::text
             ELSE 'WEAK'::text
         END AS "case",
     s.others,
     s.categories,
     s.levels,
     (
         CASE
             WHEN ((s.own_strength = 'EXACT'::text) AND s.exact) THEN GREATEST((s.own_level)::integer, 2, (s.highest)::integer)
             ELSE (s.own_level)::integer
         END)::smallint AS own_level,
     (s.impersonated OR s.own_impersonated),
     s.first_seen,
     s.last_seen
    FROM seen s;
END
;
alter function match.form_views(bytea[]) owner to tally_match;

CREATE OR REPLACE FUNCTION match.forms_at(tokens bytea[])
 RETURNS TABLE(member_id uuid, clue_id uuid, form smallint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET join_collapse_limit TO '1'
 SET plan_cache_mode TO 'force_custom_plan'
BEGIN ATOMIC
 SELECT DISTINCT ct.member_id,
     ct.clue_id,
     ct.form
    FROM (( SELECT DISTINCT t.t,
             (((get_byte(t.t, 0) << 2) | (get_byte(t.t, 1) >> 6)))::smallint AS b
            FROM unnest(forms_at.tokens) t(t)) w
      JOIN tally.clue_token ct ON (((ct.bucket = w.b) AND (ct.token = w.t) AND ct.live)));
END
;
alter function match.forms_at(bytea[]) owner to tally_match;

CREATE OR REPLACE FUNCTION match.held(tokens bytea[])
 RETURNS TABLE(bucket smallint, token bytea, member_id uuid, clue_id uuid, form smallint, kind text, strength text, category text, level smallint, role text, first_seen timestamp with time zone, last_seen timestamp with time zone, epoch bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET join_collapse_limit TO '1'
 SET plan_cache_mode TO 'force_custom_plan'
BEGIN ATOMIC
 SELECT ct.bucket,
     ct.token,
     ct.member_id,
     ct.clue_id,
     ct.form,
     ct.kind,
     ct.strength,
     c.category,
     c.level,
     c.role,
     c.first_seen,
     c.last_seen,
     ct.epoch
    FROM (((( SELECT DISTINCT t.t,
             (((get_byte(t.t, 0) << 2) | (get_byte(t.t, 1) >> 6)))::smallint AS b
            FROM unnest(held.tokens) t(t)) w
      JOIN tally.clue_token ct ON (((ct.bucket = w.b) AND (ct.token = w.t) AND ct.live)))
      CROSS JOIN LATERAL ( SELECT k.member_id,
             k.clue_id,
             k.publication_id,
             k.epoch,
             k.kind,
             k.kind_version,
             k.category,
             k.means,
             k.role,
             k.level,
             k.purpose,
             k.basis_code,
             k.basis_law,
             k.basis_article,
             k.tlp,
             k.first_seen,
             k.last_seen,
             k.approver,
             k.authority_reference,
             k.evidence,
             k.detail,
             k.revision,
             k.exact_token,
             k.state,
             k.published_at,
             k.expires_at,
             k.retracted_at,
             k.retraction_reason
            FROM tally.clue k
           WHERE ((k.member_id = ct.member_id) AND (k.clue_id = ct.clue_id))
          OFFSET 0) c)
      JOIN directory.party p ON ((p.id = ct.member_id)))
   WHERE ((c.state = 'LIVE'::text) AND (c.expires_at > now()) AND (c.role = ANY (ARRAY['AGENT'::text, 'SUSPECT'::text, 'IMPERSONATED'::text])) AND (ct.epoch >= ( SELECT match.first_open_epoch() AS first_open_epoch)) AND (NOT (ct.epoch = ANY (( SELECT match.stopped_epochs() AS stopped_epochs)::bigint[]))) AND (p.status = 'ACTIVE'::text) AND (p.role = 'member'::text));
END
;
alter function match.held(bytea[]) owner to tally_match;

CREATE OR REPLACE FUNCTION match.hold_epochs()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT pg_advisory_xact_lock_shared('7401197498'::bigint) AS pg_advisory_xact_lock_shared;
END
;
alter function match.hold_epochs() owner to tally_match;
grant execute on function match.hold_epochs() to tally_app;

CREATE OR REPLACE FUNCTION match.lock_parties(parties uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    insert into tally.event_head (party_id) select distinct p from unnest(parties) p order by p on conflict do nothing;
    perform 1 from tally.event_head h where h.party_id = any (parties) order by h.party_id for update;
  end $function$
;
alter function match.lock_parties(uuid[]) owner to tally_match;

CREATE OR REPLACE FUNCTION match.lock_parties_at(tokens bytea[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    locked uuid[] := '{}';
    parties uuid[];
  begin
    loop
      parties := match.parties_at(tokens);
      exit when parties <@ locked;
      perform match.lock_parties(parties);
      locked := locked || parties;
    end loop;
  end $function$
;
alter function match.lock_parties_at(bytea[]) owner to tally_match;

CREATE OR REPLACE FUNCTION match.lock_parties_at(tokens bytea[], more uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    locked uuid[] := '{}';
    parties uuid[];
  begin
    loop
      parties := match.parties_at(tokens) || more;
      exit when parties <@ locked;
      perform match.lock_parties(parties);
      locked := locked || parties;
    end loop;
  end $function$
;
alter function match.lock_parties_at(bytea[],uuid[]) owner to tally_match;

CREATE OR REPLACE FUNCTION match.match_slice(member uuid, publication uuid, slice integer, OUT examined integer, OUT opened integer, OUT done boolean)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
  declare
    pub tally.publication;
    clues uuid[];
    shared bytea[];
  begin
    select * into pub from tally.publication p where p.member_id = member and p.publication_id = publication for update;
    examined := 0; opened := 0; done := true;
    if not found or pub.state <> 'FINISHED' or pub.match_state = 'DONE' then
      return;
    end if;
    pub.matched_after := coalesce(pub.matched_after, '00000000-0000-0000-0000-000000000000');
    -- A publication of moves has no clues of its own, only new tokens of clues from others.
    clues := array(
      (select c.clue_id from tally.clue c where pub.via <> 'MOVE' and c.member_id = member and c.publication_id = publication and c.clue_id > pub.matched_after
        order by c.clue_id limit slice)
      union all
      (select m.clue_id from tally.clue_move m where pub.via = 'MOVE' and m.member_id = member and m.publication_id = publication and m.clue_id > pub.matched_after
        order by m.clue_id limit slice));
    examined := cardinality(clues);
    if examined > 0 then
      select array_agg(distinct ct.token) into shared
        from unnest(clues) u join tally.clue_token ct on ct.member_id = member and ct.clue_id = u
        where ct.live
          and exists (select from tally.clue_token o where o.bucket = ct.bucket and o.token = ct.token and o.live and o.member_id <> member)
          -- A variant that thousands of clues share (a host that everybody uses) says nothing and would cost everybody's time.
          and (ct.strength = 'EXACT' or (select count(*) from (select from tally.clue_token o where o.bucket = ct.bucket and o.token = ct.token and o.live limit 5001) many) <= 5000);
      if shared is not null then
        opened := match.recompute(shared, member);
      end if;
    end if;
    done := examined < slice;
    update tally.publication p set matched_after = coalesce(clues[cardinality(clues)], p.matched_after), overlap_count = p.overlap_count + opened,
        match_state = case when match_slice.done then 'DONE' else 'RUNNING' end, matched_at = case when match_slice.done then now() end
      where p.member_id = member and p.publication_id = publication;
  end $function$
;
alter function match.match_slice(uuid,uuid,integer) owner to tally_match;
grant execute on function match.match_slice(uuid,uuid,integer) to tally_worker;

CREATE OR REPLACE FUNCTION match.match_text_slice(member uuid, publication uuid, after_clue uuid, slice integer, OUT examined integer, OUT opened integer, OUT last_clue uuid)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  end $function$
;
alter function match.match_text_slice(uuid,uuid,uuid,integer) owner to tally_match;
grant execute on function match.match_text_slice(uuid,uuid,uuid,integer) to tally_worker;

CREATE OR REPLACE FUNCTION match.overlaps_at(tokens bytea[])
 RETURNS TABLE(member_id uuid, overlap_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET join_collapse_limit TO '1'
 SET plan_cache_mode TO 'force_custom_plan'
BEGIN ATOMIC
 WITH wanted AS (
          SELECT DISTINCT t.t,
             (((get_byte(t.t, 0) << 2) | (get_byte(t.t, 1) >> 6)))::smallint AS b
            FROM unnest(overlaps_at.tokens) t(t)
         )
  SELECT o.member_id,
     o.overlap_id
    FROM (wanted w
      JOIN tally.overlap o ON (((o.bucket = w.b) AND (o.token = w.t))))
 UNION
  SELECT o.member_id,
     o.overlap_id
    FROM ((wanted w
      JOIN tally.clue_token ct ON (((ct.bucket = w.b) AND (ct.token = w.t) AND ct.live)))
      JOIN tally.overlap o ON (((o.member_id = ct.member_id) AND (o.clue_id = ct.clue_id) AND (o.form = ct.form))))
   WHERE ( SELECT match.rotating() AS rotating);
END
;
alter function match.overlaps_at(bytea[]) owner to tally_match;

CREATE OR REPLACE FUNCTION match.parties_at(tokens bytea[])
 RETURNS uuid[]
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
BEGIN ATOMIC
 WITH wanted AS (
          SELECT DISTINCT t.t,
             (((get_byte(t.t, 0) << 2) | (get_byte(t.t, 1) >> 6)))::smallint AS b
            FROM unnest(parties_at.tokens) t(t)
         ), parties AS (
          SELECT ct.member_id
            FROM (wanted w
              JOIN tally.clue_token ct ON (((ct.bucket = w.b) AND (ct.token = w.t) AND ct.live)))
         UNION
          SELECT o.member_id
            FROM (wanted w
              JOIN tally.overlap o ON (((o.bucket = w.b) AND (o.token = w.t))))
         UNION
          SELECT d.member_id
            FROM (wanted w
              JOIN tally.disclosure_hit d ON (((d.bucket = w.b) AND (d.token = w.t))))
         )
  SELECT COALESCE(array_agg(parties.member_id ORDER BY parties.member_id), '{}'::uuid[]) AS "coalesce"
    FROM parties;
END
;
alter function match.parties_at(bytea[]) owner to tally_match;

CREATE OR REPLACE FUNCTION match.recompute(tokens bytea[], for_member uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
  declare
    opened int;
  begin
    perform match.lock_parties_at(tokens);
    with views as materialized (select v.* from match.form_views(tokens) v),
    fresh as (
      select v.*, e.overlap_id,
          case when e.state is null or e.state = 'WITHDRAWN' then 'OVERLAP_OPENED' else 'OVERLAP_CHANGED' end as event_kind
        from views v left join tally.overlap e using (member_id, clue_id, form)
        where e.overlap_id is null or row (e.state, e.strength, e.others, e.categories, e.levels, e.level, e.impersonated, e.first_seen, e.last_seen)
          is distinct from row ('OPEN', v.strength, v.others, v.categories, v.levels, v.level, v.impersonated, v.first_seen, v.last_seen)),
    -- not in, not an anti-join: a hashed list whatever the planner thinks of the number of rows
    gone as (
      select e.* from match.overlaps_at(tokens) x join tally.overlap e on e.member_id = x.member_id and e.overlap_id = x.overlap_id
        where e.state = 'OPEN' and (e.member_id, e.clue_id, e.form) not in (select v.member_id, v.clue_id, v.form from views v)),
    -- Carries what is to be written: joining it to the views again would be a join of two lists whose length the planner cannot know.
    todo as materialized (
      select both_ways.*, coalesce(overlap_id, gen_random_uuid()) as id, row_number() over (partition by member_id order by clue_id, form) as place
        from (select member_id, clue_id, form, bucket, token, kind, strength, others, categories, levels, level, impersonated, first_seen, last_seen,
            overlap_id, event_kind from fresh
          union all select member_id, clue_id, form, bucket, token, kind, strength, others, categories, levels, level, impersonated, first_seen, last_seen,
            overlap_id, 'OVERLAP_WITHDRAWN' from gone) both_ways),
    heads as materialized (
      update tally.event_head h set last_seq = h.last_seq + n.changes
        from (select member_id, count(*) as changes from todo group by member_id) n where h.party_id = n.member_id
        returning h.party_id, h.last_seq - n.changes as base),
    numbered as materialized (select t.*, h.base + t.place as seq from todo t join heads h on h.party_id = t.member_id),
    told as (insert into tally.event (party_id, seq, kind, subject_id) select member_id, seq, event_kind, id from numbered),
    withdrawn as (
      update tally.overlap e set state = 'WITHDRAWN', seq = n.seq, changed_at = now()
        from numbered n where n.event_kind = 'OVERLAP_WITHDRAWN' and e.member_id = n.member_id and e.overlap_id = n.overlap_id),
    kept as (
      insert into tally.overlap as e (member_id, overlap_id, clue_id, form, bucket, token, seq, kind, strength, others, categories, levels, level,
          impersonated, first_seen, last_seen, state)
        select n.member_id, n.id, n.clue_id, n.form, n.bucket, n.token, n.seq, n.kind, n.strength, n.others, n.categories, n.levels, n.level,
            n.impersonated, n.first_seen, n.last_seen, 'OPEN'
          from numbered n where n.event_kind <> 'OVERLAP_WITHDRAWN'
        on conflict (member_id, clue_id, form) do update set seq = excluded.seq, bucket = excluded.bucket, token = excluded.token,
          strength = excluded.strength, others = excluded.others,
          categories = excluded.categories, levels = excluded.levels, level = excluded.level, impersonated = excluded.impersonated,
          first_seen = excluded.first_seen, last_seen = excluded.last_seen, state = 'OPEN', changed_at = now())
    select count(*) filter (where member_id = for_member and event_kind = 'OVERLAP_OPENED') into opened from numbered;
    return opened;
  end $function$
;
alter function match.recompute(bytea[],uuid) owner to tally_match;

CREATE OR REPLACE FUNCTION match.recompute_texts(members uuid[], clues uuid[], for_member uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
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
  end $function$
;
alter function match.recompute_texts(uuid[],uuid[],uuid) owner to tally_match;

CREATE OR REPLACE FUNCTION match.rotating()
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM tally.epoch_erasure e
           WHERE (e.finished_at IS NULL))) AS "exists";
END
;
alter function match.rotating() owner to tally_match;

CREATE OR REPLACE FUNCTION match.standing_slice(member uuid, after_clue uuid, slice integer, OUT examined integer, OUT last_clue uuid)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
  declare
    shared bytea[];
  begin
    with clues as materialized (
      select c.clue_id from tally.clue c where c.member_id = member and (after_clue is null or c.clue_id > after_clue) order by c.clue_id limit slice)
    select count(*), (array_agg(clue_id order by clue_id desc))[1] into examined, last_clue from clues;
    select array_agg(distinct ct.token) into shared from tally.clue_token ct
      where ct.member_id = member and ct.live and (after_clue is null or ct.clue_id > after_clue) and ct.clue_id <= last_clue
        and (exists (select from tally.overlap e where e.bucket = ct.bucket and e.token = ct.token)
          or (ct.strength = 'EXACT' and exists (select from tally.clue_token o where o.bucket = ct.bucket and o.token = ct.token and o.live and o.member_id <> member)));
    if shared is not null then
      perform match.recompute(shared, null);
    end if;
  end $function$
;
alter function match.standing_slice(uuid,uuid,integer) owner to tally_match;
grant execute on function match.standing_slice(uuid,uuid,integer) to tally_worker;

CREATE OR REPLACE FUNCTION match.standing_text_slice(member uuid, after_clue uuid, slice integer, OUT examined integer, OUT last_clue uuid)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  end $function$
;
alter function match.standing_text_slice(uuid,uuid,integer) owner to tally_match;
grant execute on function match.standing_text_slice(uuid,uuid,integer) to tally_worker;

CREATE OR REPLACE FUNCTION match.stopped_epochs()
 RETURNS bigint[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT COALESCE(array_agg(s.epoch), '{}'::bigint[]) AS "coalesce"
    FROM tally.epoch_stop s;
END
;
alter function match.stopped_epochs() owner to tally_match;

CREATE OR REPLACE FUNCTION match.text_neighbours(members uuid[], clues uuid[])
 RETURNS TABLE(member_id uuid, clue_id uuid, other_member uuid, other_clue uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
BEGIN ATOMIC
 SELECT b.member_id,
     b.clue_id,
     o.member_id,
     o.clue_id
    FROM ((( SELECT DISTINCT g.m,
             g.c
            FROM UNNEST(text_neighbours.members, text_neighbours.clues) g(m, c)) given
      JOIN tally.text_band b ON (((b.member_id = given.m) AND (b.clue_id = given.c) AND (b.epoch >= ( SELECT match.first_open_epoch() AS first_open_epoch)) AND (NOT (b.epoch = ANY (( SELECT match.stopped_epochs() AS stopped_epochs)::bigint[]))))))
      CROSS JOIN LATERAL ( SELECT t.member_id,
             t.clue_id
            FROM tally.text_band t
           WHERE ((t.bucket = b.bucket) AND (t.token = b.token) AND t.live AND (t.epoch = b.epoch) AND (t.member_id <> b.member_id))
           ORDER BY ("right"((t.clue_id)::text, 12)), t.member_id
          LIMIT ( SELECT r.value
                    FROM tally.network_rule r
                   WHERE (r.name = 'text-band-holders'::text))) o)
   GROUP BY b.member_id, b.clue_id, o.member_id, o.clue_id
  HAVING (count(DISTINCT b.band) >= ( SELECT r.value
            FROM tally.network_rule r
           WHERE (r.name = 'text-bands-equal'::text)));
END
;
alter function match.text_neighbours(uuid[],uuid[]) owner to tally_match;

CREATE OR REPLACE FUNCTION match.text_views(members uuid[], clues uuid[])
 RETURNS TABLE(member_id uuid, clue_id uuid, bucket smallint, token bytea, others smallint, categories text[], levels smallint[], level smallint, impersonated boolean, first_seen timestamp with time zone, last_seen timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
BEGIN ATOMIC
 WITH near AS MATERIALIZED (
          SELECT n_1.member_id,
             n_1.clue_id,
             n_1.other_member,
             n_1.other_clue
            FROM match.text_neighbours(text_views.members, text_views.clues) n_1(member_id, clue_id, other_member, other_clue)
         ), standing AS MATERIALIZED (
          SELECT c.member_id,
             c.clue_id,
             c.category,
             c.level,
             c.role,
             c.first_seen,
             c.last_seen
            FROM ((( SELECT n_1.member_id,
                     n_1.clue_id
                    FROM near n_1
                 UNION
                  SELECT n_1.other_member,
                     n_1.other_clue
                    FROM near n_1) t
              CROSS JOIN LATERAL ( SELECT k.member_id,
                     k.clue_id,
                     k.publication_id,
                     k.epoch,
                     k.kind,
                     k.kind_version,
                     k.category,
                     k.means,
                     k.role,
                     k.level,
                     k.purpose,
                     k.basis_code,
                     k.basis_law,
                     k.basis_article,
                     k.tlp,
                     k.first_seen,
                     k.last_seen,
                     k.approver,
                     k.authority_reference,
                     k.evidence,
                     k.detail,
                     k.revision,
                     k.exact_token,
                     k.state,
                     k.published_at,
                     k.expires_at,
                     k.retracted_at,
                     k.retraction_reason
                    FROM tally.clue k
                   WHERE ((k.member_id = t.member_id) AND (k.clue_id = t.clue_id))
                  OFFSET 0) c)
              JOIN directory.party p ON ((p.id = c.member_id)))
           WHERE ((c.state = 'LIVE'::text) AND (c.expires_at > now()) AND (c.role = ANY (ARRAY['AGENT'::text, 'SUSPECT'::text, 'IMPERSONATED'::text])) AND (p.status = 'ACTIVE'::text) AND (p.role = 'member'::text))
         )
  SELECT n.member_id,
     n.clue_id,
     ct.bucket,
     ct.token,
     (LEAST(count(DISTINCT o.member_id), (2)::bigint))::smallint AS "least",
     array_agg(DISTINCT o.category ORDER BY o.category) AS array_agg,
     array_agg(DISTINCT o.level ORDER BY o.level) AS array_agg,
     own.level,
     (bool_or((o.role = 'IMPERSONATED'::text)) OR (own.role = 'IMPERSONATED'::text)),
     date_trunc('day'::text, min(o.first_seen), 'UTC'::text) AS date_trunc,
     date_trunc('day'::text, max(o.last_seen), 'UTC'::text) AS date_trunc
    FROM (((near n
      JOIN standing own ON (((own.member_id = n.member_id) AND (own.clue_id = n.clue_id))))
      JOIN standing o ON (((o.member_id = n.other_member) AND (o.clue_id = n.other_clue))))
      CROSS JOIN LATERAL ( SELECT f.bucket,
             f.token
            FROM tally.clue_token f
           WHERE ((f.member_id = n.member_id) AND (f.clue_id = n.clue_id) AND (f.form = 1))
           ORDER BY f.epoch DESC
          LIMIT 1) ct)
   GROUP BY n.member_id, n.clue_id, ct.bucket, ct.token, own.level, own.role;
END
;
alter function match.text_views(uuid[],uuid[]) owner to tally_match;

CREATE OR REPLACE FUNCTION match.warned(tokens bytea[])
 RETURNS TABLE(token bytea, list text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
BEGIN ATOMIC
 SELECT w.token,
     w.list
    FROM ((( SELECT DISTINCT t.t,
             (((get_byte(t.t, 0) << 2) | (get_byte(t.t, 1) >> 6)))::smallint AS b
            FROM unnest(warned.tokens) t(t)) asked
      JOIN tally.warned_token w ON (((w.bucket = asked.b) AND (w.token = asked.t))))
      JOIN directory.party p ON (((p.id = w.member_id) AND (p.status = 'ACTIVE'::text) AND (p.role = 'member'::text))))
   GROUP BY w.token, w.list
  HAVING (count(DISTINCT w.member_id) >= ( SELECT r.value
            FROM tally.network_rule r
           WHERE (r.name = 'warned-by-members'::text)));
END
;
alter function match.warned(bytea[]) owner to tally_match;
grant execute on function match.warned(bytea[]) to tally_app;

CREATE OR REPLACE FUNCTION match.widened(tokens bytea[])
 RETURNS bytea[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET join_collapse_limit TO '1'
 SET plan_cache_mode TO 'force_custom_plan'
BEGIN ATOMIC
 SELECT
         CASE
             WHEN (NOT ( SELECT match.rotating() AS rotating)) THEN tokens
             ELSE (tokens || ( SELECT array_agg(DISTINCT s.token) AS array_agg
                FROM ((( SELECT DISTINCT t.t,
                         (((get_byte(t.t, 0) << 2) | (get_byte(t.t, 1) >> 6)))::smallint AS b
                        FROM unnest(widened.tokens) t(t)) w
                  JOIN tally.clue_token ct ON (((ct.bucket = w.b) AND (ct.token = w.t) AND ct.live)))
                  JOIN tally.clue_token s ON (((s.member_id = ct.member_id) AND (s.clue_id = ct.clue_id) AND (s.form = ct.form) AND s.live AND (s.epoch <> ct.epoch))))))
         END AS "case";
END
;
alter function match.widened(bytea[]) owner to tally_match;

CREATE OR REPLACE FUNCTION match.withdraw(clues uuid[])
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
  declare
    owner uuid := sec.party();
    tokens bytea[];
    withdrawn int;
  begin
    if owner is null then
      raise exception 'no member' using errcode = '28000';
    end if;
    clues := array(select c.clue_id from tally.clue c where c.member_id = owner and c.clue_id = any (clues) and c.state = 'RETRACTED');
    tokens := array(select distinct ct.token from tally.clue_token ct where ct.member_id = owner and ct.clue_id = any (clues) and not ct.live);
    perform match.lock_parties_at(tokens, array(select distinct t.party_id from tally.clue_told t where t.member_id = owner and t.clue_id = any (clues)));
    select count(*) into withdrawn from tally.overlap o where o.member_id = owner and o.clue_id = any (clues) and o.state = 'OPEN';
    with wanted as (select distinct t, ((get_byte(t, 0) << 2) | (get_byte(t, 1) >> 6))::smallint as b from unnest(tokens) t),
    answered as (
      select o.member_id, o.overlap_id as subject from match.overlaps_at(tokens) o where o.member_id <> owner
      union select d.member_id, d.disclosure_id from wanted w join tally.disclosure_hit d on d.bucket = w.b and d.token = w.t where d.member_id <> owner
      union select t.party_id, t.subject_id from tally.clue_told t where t.member_id = owner and t.clue_id = any (clues)),
    heads as materialized (
      update tally.event_head h set last_seq = h.last_seq + n.changes
        from (select member_id, count(*) as changes from answered group by member_id) n where h.party_id = n.member_id
        returning h.party_id, h.last_seq - n.changes as base)
    insert into tally.event (party_id, seq, kind, subject_id)
      select a.member_id, h.base + row_number() over (partition by a.member_id order by a.subject), 'CLUE_RETRACTED', a.subject
        from answered a join heads h on h.party_id = a.member_id;
    perform match.recompute(tokens, owner);
    return withdrawn;
  end $function$
;
alter function match.withdraw(uuid[]) owner to tally_match;
grant execute on function match.withdraw(uuid[]) to tally_app;

CREATE OR REPLACE FUNCTION match.withdraw_texts(clues uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  end $function$
;
alter function match.withdraw_texts(uuid[]) owner to tally_match;
grant execute on function match.withdraw_texts(uuid[]) to tally_app;

CREATE OR REPLACE FUNCTION platform.announce_outbox()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    perform pg_notify('tally_outbox', '');
    return null;
  end $function$
;
alter function platform.announce_outbox() owner to tally_owner;

CREATE OR REPLACE FUNCTION sec.client()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL RESTRICTED SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (sec.context() ->> 'client'::text)
;
alter function sec.client() owner to tally_owner;
grant execute on function sec.client() to tally_app;
grant execute on function sec.client() to tally_audit;
grant execute on function sec.client() to tally_match;
grant execute on function sec.client() to tally_worker;

CREATE OR REPLACE FUNCTION sec.context()
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE PARALLEL RESTRICTED SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  end $function$
;
alter function sec.context() owner to tally_owner;

CREATE OR REPLACE FUNCTION sec.party()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL RESTRICTED SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN ((sec.context() ->> 'party'::text))::uuid
;
alter function sec.party() owner to tally_owner;
grant execute on function sec.party() to tally_app;
grant execute on function sec.party() to tally_audit;
grant execute on function sec.party() to tally_match;
grant execute on function sec.party() to tally_worker;

CREATE OR REPLACE FUNCTION sec.purpose()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL RESTRICTED SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (sec.context() ->> 'purpose'::text)
;
alter function sec.purpose() owner to tally_owner;
grant execute on function sec.purpose() to tally_app;
grant execute on function sec.purpose() to tally_audit;
grant execute on function sec.purpose() to tally_match;
grant execute on function sec.purpose() to tally_worker;

CREATE OR REPLACE FUNCTION sec.role()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL RESTRICTED SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
RETURN (sec.context() ->> 'role'::text)
;
alter function sec.role() owner to tally_owner;
grant execute on function sec.role() to tally_app;
grant execute on function sec.role() to tally_audit;
grant execute on function sec.role() to tally_match;
grant execute on function sec.role() to tally_worker;

CREATE OR REPLACE FUNCTION tally.case_invitations(which uuid)
 RETURNS TABLE(asked integer, joined integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT (count(*))::integer AS count,
     (count(*) FILTER (WHERE (p.invitation = 'JOINED'::text)))::integer AS count
    FROM tally.case_party p
   WHERE ((p.case_id = case_invitations.which) AND (p.part = 'INVITED'::text) AND (EXISTS ( SELECT
            FROM tally.case_party own
           WHERE ((own.case_id = case_invitations.which) AND (own.party_id = sec.party()) AND (own.invitation = 'JOINED'::text)))));
END
;
alter function tally.case_invitations(uuid) owner to tally_match;
grant execute on function tally.case_invitations(uuid) to tally_app;

CREATE OR REPLACE FUNCTION tally.case_lines(which uuid)
 RETURNS TABLE(contribution_id uuid, size integer, sha256 text, handling_floor text, facets jsonb, created_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT c.contribution_id,
     c.size,
     c.sha256,
     c.handling_floor,
     c.facets,
     c.created_at
    FROM tally.contribution c
   WHERE ((c.case_id = case_lines.which) AND ((sec.role() = 'coordinator'::text) OR (EXISTS ( SELECT
            FROM tally.case_party own
           WHERE ((own.case_id = case_lines.which) AND (own.party_id = sec.party()) AND (own.part = 'LEAD'::text))))))
   ORDER BY c.created_at, c.contribution_id;
END
;
alter function tally.case_lines(uuid) owner to tally_match;
grant execute on function tally.case_lines(uuid) to tally_app;

CREATE OR REPLACE FUNCTION tally.case_participants(which uuid)
 RETURNS TABLE(party_id uuid, part text, invitation text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT p.party_id,
     p.part,
     p.invitation
    FROM tally.case_party p
   WHERE ((p.case_id = case_participants.which) AND (p.invitation = 'JOINED'::text) AND (EXISTS ( SELECT
            FROM tally.case_party own
           WHERE ((own.case_id = case_participants.which) AND (own.party_id = sec.party()) AND (own.invitation = 'JOINED'::text)))))
   ORDER BY p.part DESC, p.party_id;
END
;
alter function tally.case_participants(uuid) owner to tally_match;
grant execute on function tally.case_participants(uuid) to tally_app;

CREATE OR REPLACE FUNCTION tally.invite_counterparts(which uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
    select array_agg(distinct ct.token) into own
      from tally.case_overlap c join tally.overlap o on o.member_id = c.party_id and o.overlap_id = c.overlap_id
      join tally.clue_token ct on ct.member_id = o.member_id and ct.clue_id = o.clue_id and ct.form = o.form and ct.live
      where c.case_id = which and c.party_id = lead;
    select array_agg(distinct h.member_id) into asked from match.held(own) h where h.member_id <> lead;
    if asked is null then
      raise exception 'no counterpart' using errcode = 'TL404';
    end if;
    insert into tally.case_party (party_id, case_id, part, invitation) select m, which, 'INVITED', 'ASKED' from unnest(asked) m;
    insert into tally.case_overlap (party_id, case_id, overlap_id)
      select o.member_id, which, o.overlap_id from match.overlaps_at(own) x join tally.overlap o on o.member_id = x.member_id and o.overlap_id = x.overlap_id
        where o.member_id = any (asked) and o.state = 'OPEN';
    perform match.emit(asked, 'CASE_INVITED', which);
  end $function$
;
alter function tally.invite_counterparts(uuid) owner to tally_match;
grant execute on function tally.invite_counterparts(uuid) to tally_app;

CREATE OR REPLACE FUNCTION tally.liaison_ready(liaison uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM tally.package k
           WHERE ((k.liaison_id = liaison_ready.liaison) AND (k.kind = 'TEST'::text) AND (k.state = ANY (ARRAY['ACCEPTED'::text, 'CLOSED'::text]))))) AS "exists";
END
;
alter function tally.liaison_ready(uuid) owner to tally_match;
grant execute on function tally.liaison_ready(uuid) to tally_app;

CREATE OR REPLACE FUNCTION tally.notice_at_offer(which uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    -- A retraction under way is waited for and then seen; a later one waits for the offer and then finds it.
    perform 1 from tally.package k join tally.contribution c on c.case_id = k.case_id
      join tally.case_overlap co on co.party_id = c.party_id and co.case_id = c.case_id
      join tally.overlap o on o.member_id = co.party_id and o.overlap_id = co.overlap_id
      join tally.clue l on l.member_id = o.member_id and l.clue_id = o.clue_id
      where k.package_id = which order by l.member_id, l.clue_id for share of l;
    insert into tally.inbox_entry (liaison_id, package_id, kind)
      select k.liaison_id, k.package_id, 'SUPERSEDING_NOTICE' from tally.package k
        where k.package_id = which and exists (select from tally.contribution c
          join tally.case_overlap co on co.party_id = c.party_id and co.case_id = c.case_id
          join tally.overlap o on o.member_id = co.party_id and o.overlap_id = co.overlap_id
          join tally.clue l on l.member_id = o.member_id and l.clue_id = o.clue_id
          where c.case_id = k.case_id and l.state = 'RETRACTED');
    return found;
  end $function$
;
alter function tally.notice_at_offer(uuid) owner to tally_match;
grant execute on function tally.notice_at_offer(uuid) to tally_worker;

CREATE OR REPLACE FUNCTION tally.notice_retraction(clues uuid[])
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    affected record;
    notices int := 0;
  begin
    for affected in
      select distinct k.package_id, k.case_id, k.liaison_id from tally.overlap o
        join tally.case_overlap co on co.party_id = o.member_id and co.overlap_id = o.overlap_id
        join tally.contribution c on c.party_id = co.party_id and c.case_id = co.case_id
        join tally.package k on k.case_id = co.case_id
        where o.member_id = sec.party() and o.clue_id = any (clues)
          and k.state in ('OFFERED', 'FETCHED', 'RECEIVED', 'ACCEPTED', 'REJECTED', 'CLOSED')
        order by k.package_id
    loop
      insert into tally.inbox_entry (liaison_id, package_id, kind) values (affected.liaison_id, affected.package_id, 'SUPERSEDING_NOTICE');
      perform tally.tell_case(affected.case_id, 'PACKAGE_SUPERSEDED');
      notices := notices + 1;
    end loop;
    return notices;
  end $function$
;
alter function tally.notice_retraction(uuid[]) owner to tally_match;
grant execute on function tally.notice_retraction(uuid[]) to tally_app;

CREATE OR REPLACE FUNCTION tally.package_parts(which uuid)
 RETURNS TABLE(contribution_id uuid, ciphertext text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT c.contribution_id,
     c.ciphertext
    FROM (tally.package k
      JOIN tally.contribution c ON ((c.case_id = k.case_id)))
   WHERE ((k.package_id = package_parts.which) AND (k.state = 'BUILDING'::text))
   ORDER BY c.created_at, c.contribution_id;
END
;
alter function tally.package_parts(uuid) owner to tally_match;
grant execute on function tally.package_parts(uuid) to tally_worker;

CREATE OR REPLACE FUNCTION tally.rule_interval(rule text)
 RETURNS interval
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT make_interval(days => r.value) AS make_interval
    FROM tally.network_rule r
   WHERE (r.name = rule_interval.rule);
END
;
alter function tally.rule_interval(text) owner to tally_match;

CREATE OR REPLACE FUNCTION tally.sweep_cases()
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    moved record;
  begin
    return query update tally.case_party p set invitation = 'LAPSED', answered_at = now()
      where p.invitation = 'ASKED' and p.asked_at < now() - tally.rule_interval('invitation-days') returning p.case_id;
    for moved in
      update tally.package k set changed_at = now(), state = case when k.state in ('OFFERED', 'FETCHED') then 'EXPIRED' else 'CLOSED' end
        where (k.state in ('OFFERED', 'FETCHED') and k.changed_at < now() - tally.rule_interval('package-days'))
          or (k.state in ('ACCEPTED', 'REJECTED') and k.changed_at < now() - tally.rule_interval('closing-days'))
        returning k.package_id, k.case_id, k.state
    loop
      if moved.case_id is not null then
        perform tally.tell_case(moved.case_id, 'PACKAGE_' || moved.state);
        update tally.joint_case c set state = 'CLOSED', changed_at = now() where c.case_id = moved.case_id and c.state = 'APPROVED' and moved.state = 'CLOSED';
      end if;
      return next moved.package_id;
    end loop;
  end $function$
;
alter function tally.sweep_cases() owner to tally_match;
grant execute on function tally.sweep_cases() to tally_worker;

CREATE OR REPLACE FUNCTION tally.tell_case(which uuid, what text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    told uuid[];
  begin
    select array_agg(p.party_id) into told from tally.case_party p where p.case_id = which and p.invitation = 'JOINED' and p.party_id is distinct from sec.party();
    if told is not null and (session_user = 'tally_worker' or sec.role() = 'coordinator'
        or exists (select from tally.case_party p where p.case_id = which and p.party_id = sec.party())
        or exists (select from tally.package k where k.case_id = which and k.liaison_id = sec.party())) then
      perform match.emit(told, what, which);
    end if;
  end $function$
;
alter function tally.tell_case(uuid,text) owner to tally_match;
grant execute on function tally.tell_case(uuid,text) to tally_app;
grant execute on function tally.tell_case(uuid,text) to tally_worker;
