-- Roles of the hub's cluster (docs/threat-model.md). Run by a superuser; running it again changes and writes nothing.
-- Nobody who logs in owns anything, bypasses row-level security or can make roles; passwords are set apart from this file.
do $$
declare
  -- No login: tally_owner owns schemas and tables, tally_match the overlap functions, tally_audit the intake functions.
  owners constant text[] := array['tally_owner', 'tally_match', 'tally_audit'];
  logins constant text[] := array['tally_migrate', 'tally_app', 'tally_worker', 'tally_log', 'tally_auth'];
  wanted text;
  pair text[];
begin
  foreach wanted in array owners || logins loop
    if not exists (select from pg_roles where rolname = wanted) then
      execute format('create role %I', wanted);
    end if;
    if exists (select from pg_roles where rolname = wanted and (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication
        or rolcanlogin <> (wanted = any(logins)) or rolinherit = (wanted = any(logins)))) then
      execute format('alter role %I %s nosuperuser nobypassrls nocreatedb nocreaterole noreplication', wanted,
        case when wanted = any(logins) then 'login noinherit' else 'nologin inherit' end);
    end if;
  end loop;
  -- The migration login acts only after SET ROLE tally_owner, which may give functions to the two function owners.
  foreach pair slice 1 in array array[['tally_owner', 'tally_migrate'], ['tally_match', 'tally_owner'], ['tally_audit', 'tally_owner']] loop
    if not exists (select from pg_auth_members where roleid = pair[1]::regrole and member = pair[2]::regrole and set_option and not inherit_option and not admin_option) then
      execute format('grant %I to %I with inherit false, set true', pair[1], pair[2]);
    end if;
  end loop;
end $$;
