/**
 * Brands, alerts and warned tokens (docs/impersonation.md, docs/runbooks/warning-lists.md). A statement is public among members and useless to forge: agents verify it with pinned
 * keys. An alert is ciphertext for the brand's owner; who sent it is kept for the operator's record and is not given out.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Brands1760000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const part of [TABLES, POLICIES, AS_MATCHER, FUNCTIONS, RIGHTS, AS_OWNER]) await runner.query(part);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}

const TABLES = `
  create table tally.brand (
    member_id uuid not null references directory.party (id),
    brand_id uuid not null,
    revision int not null check (revision > 0),
    withdrawn boolean not null,
    statement text not null check (octet_length(statement) <= 131072),
    changed_at timestamptz not null default now(),
    primary key (member_id, brand_id)
  );
  comment on column tally.brand.statement is 'Compact JWS of the member''s evidence key, typ tally-brand+1. Read by agents; the hub believes nothing in it';

  create table tally.brand_alert (
    member_id uuid not null,
    alert_id uuid not null,
    brand_id uuid not null,
    reporter_id uuid not null references directory.party (id),
    sealed text not null check (octet_length(sealed) <= 131072),
    sent_at timestamptz not null default now(),
    expires_at timestamptz not null default now() + interval '90 days',
    primary key (member_id, alert_id),
    foreign key (member_id, brand_id) references tally.brand
  );
  comment on table tally.brand_alert is 'member_id is the brand''s owner';
  comment on column tally.brand_alert.reporter_id is 'For quota and record; the owner has no right to this column';
  create index brand_alert_reporter on tally.brand_alert (reporter_id, sent_at);
  create index brand_alert_end on tally.brand_alert (expires_at);

  create table tally.warned_token (
    member_id uuid not null references directory.party (id),
    epoch bigint not null check (epoch between 0 and 4294967295),
    bucket smallint not null generated always as ((get_byte(token, 0) << 2) | (get_byte(token, 1) >> 6)) stored,
    token bytea not null check (octet_length(token) = 16),
    list text not null check (list in ('AUTHORITY', 'BENIGN', 'OWN')),
    given_at timestamptz not null default now(),
    primary key (member_id, epoch, token)
  );
  comment on table tally.warned_token is 'Tokens of warning lists as members computed them. In force when enough members gave the same one, so that nobody alone shields a number';
  create index warned_token_at on tally.warned_token (bucket, token);

  -- The rules have no policy for their owner: nobody changes them at run time.
  alter table tally.network_rule no force row level security;
  insert into tally.network_rule values ('brand-alerts-per-day', 500), ('warned-by-members', 2);
  alter table tally.network_rule force row level security;
`;

const POLICIES = `
  ${['brand', 'brand_alert', 'warned_token'].map((table) => `
  alter table tally.${table} enable row level security;
  alter table tally.${table} force row level security;
  create policy own_read on tally.${table} for select to tally_app using (member_id = (select sec.party()));
  create policy match_select on tally.${table} for select to tally_match using (true);`).join('')}
  create policy own_insert on tally.brand for insert to tally_app with check (member_id = (select sec.party()));
  create policy own_update on tally.brand for update to tally_app using (member_id = (select sec.party())) with check (member_id = (select sec.party()));
  create policy match_insert on tally.brand_alert for insert to tally_match with check (true);
  create policy match_delete on tally.brand_alert for delete to tally_match using (true);
  create policy own_insert on tally.warned_token for insert to tally_app with check (member_id = (select sec.party()));
  create policy own_delete on tally.warned_token for delete to tally_app using (member_id = (select sec.party()));
  grant select, insert, delete on tally.warned_token to tally_app;
  grant select on tally.warned_token to tally_match;
  grant select, insert on tally.brand to tally_app;
  grant update (revision, withdrawn, statement, changed_at) on tally.brand to tally_app;
  grant select (member_id, alert_id, brand_id, sealed, sent_at, expires_at) on tally.brand_alert to tally_app;
  grant select on tally.brand to tally_match;
  grant select, insert, delete on tally.brand_alert to tally_match;
`;

/** Functions are made by their owner: so what they may read is never for a moment more than theirs. */
const AS_MATCHER = 'grant create on schema match to tally_match; set local role tally_match';

const FUNCTIONS = `
  create function match.brands(after_member uuid, after_brand uuid, at_most int)
    returns table (member_id uuid, brand_id uuid, revision int, withdrawn boolean, statement text)
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select b.member_id, b.brand_id, b.revision, b.withdrawn, b.statement
      from tally.brand b join directory.party p on p.id = b.member_id
      where p.status = 'ACTIVE' and p.role = 'member' and (after_member is null or (b.member_id, b.brand_id) > (after_member, after_brand))
        and exists (select from directory.party me where me.id = (select sec.party()) and me.status = 'ACTIVE' and me.role = 'member')
      order by b.member_id, b.brand_id limit at_most;
  end;
  comment on function match.brands(uuid, uuid, int) is 'The registry, for active members. Whoever registers a brand shows every member that it is one';

  create function match.alert_brand(owner uuid, brand uuid, alert uuid, sealed_text text) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
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
  end $$;

  -- Which of these tokens are on a list that is in force. What a list refuses is the caller's business: lists are no secret.
  create function match.warned(tokens bytea[]) returns table (token bytea, list text)
    language sql stable security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan
  begin atomic
    select w.token, w.list
      from (select distinct t, ((get_byte(t, 0) << 2) | (get_byte(t, 1) >> 6))::smallint as b from unnest(tokens) t) asked
      join tally.warned_token w on w.bucket = asked.b and w.token = asked.t
      join directory.party p on p.id = w.member_id and p.status = 'ACTIVE' and p.role = 'member'
      group by w.token, w.list
      having count(distinct w.member_id) >= (select r.value from tally.network_rule r where r.name = 'warned-by-members');
  end;

  create function match.expire_brand_alerts() returns setof boolean
    language sql volatile security definer set search_path = pg_catalog, pg_temp
  begin atomic
    delete from tally.brand_alert a where a.expires_at <= now() returning true;
  end;
`;

const RIGHTS = `
  revoke execute on all functions in schema match from public;
  grant execute on function match.brands(uuid, uuid, int), match.alert_brand(uuid, uuid, uuid, text), match.warned(bytea[]) to tally_app;
  grant execute on function match.expire_brand_alerts() to tally_worker;
`;
const AS_OWNER = 'set local role tally_owner; revoke create on schema match from tally_match';
