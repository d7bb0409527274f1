-- Roles of the hub's cluster (docs/threat-model.md). Run by a superuser; running it again changes nothing.
-- Nobody who logs in owns anything, bypasses row-level security or can make roles; passwords are set apart from this file.
do $$
declare
  wanted text;
begin
  perform pg_advisory_xact_lock(hashtext('tally roles'));
  -- No login: tally_owner owns schemas and tables, tally_match the overlap functions, tally_audit the intake functions.
  foreach wanted in array array['tally_owner', 'tally_match', 'tally_audit'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      execute format('create role %I nologin', wanted);
    end if;
    execute format('alter role %I nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication inherit', wanted);
  end loop;
  foreach wanted in array array['tally_migrate', 'tally_app', 'tally_worker', 'tally_log', 'tally_auth'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      execute format('create role %I login', wanted);
    end if;
    execute format('alter role %I login nosuperuser nobypassrls nocreatedb nocreaterole noreplication noinherit', wanted);
  end loop;
  -- The migration login acts only after SET ROLE tally_owner, which may give functions to the two function owners.
  grant tally_owner to tally_migrate with inherit false, set true;
  grant tally_match, tally_audit to tally_owner with inherit false, set true;
end $$;
