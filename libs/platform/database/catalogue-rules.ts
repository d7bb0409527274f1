/**
 * What the catalogue of a migrated database must not show (docs/threat-model.md). Each rule is one query over pg_catalog
 * that returns the offending objects; a rule knows nothing of our tables, so that a new table is judged from its first
 * day. `ours` are the schemas of this project; a table with members' data is every table that no exception names.
 */
export interface CatalogueRule {
  readonly rule: string;
  /** Returns rows { object: text }. */
  readonly sql: string;
}

/** Schemas of ours, without PostgreSQL's own and `public`. */
const OURS = "n.nspname !~ '^(pg_|information_schema$|public$)'";
const LOGINS = "('tally_migrate', 'tally_app', 'tally_worker', 'tally_log', 'tally_auth')";
const OWNERS = "('tally_owner', 'tally_match', 'tally_audit')";
const TABLES = `pg_class c join pg_namespace n on n.oid = c.relnamespace where ${OURS} and c.relkind in ('r', 'p')`;
const NAME = "n.nspname || '.' || c.relname";
const MEMBER_COLUMN = "('member_id', 'party_id')";

export const CATALOGUE_RULES: readonly CatalogueRule[] = [
  { rule: 'row-security-off', sql: `select ${NAME} as object from ${TABLES} and not (c.relrowsecurity and c.relforcerowsecurity)` },
  {
    rule: 'grant-without-policy', // each command a role may run needs a policy of its own
    sql: `select distinct ${NAME} || ' ' || a.privilege_type || ' ' || r.rolname as object
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
        cross join lateral (
          select grantee, privilege_type from aclexplode(c.relacl)
          union select x.grantee, x.privilege_type from pg_attribute t, aclexplode(t.attacl) x where t.attrelid = c.oid) a
        join pg_roles r on r.oid = a.grantee
      where ${OURS} and c.relkind in ('r', 'p') and c.relrowsecurity and a.grantee <> c.relowner
        and a.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
        and not exists (select from pg_policy p where p.polrelid = c.oid and a.grantee = any(p.polroles)
          and p.polcmd = case a.privilege_type when 'SELECT' then 'r' when 'INSERT' then 'a' when 'UPDATE' then 'w' else 'd' end::"char")`,
  },
  {
    rule: 'policy-for-all-commands',
    sql: `select ${NAME} || ' ' || p.polname as object from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
      where ${OURS} and p.polcmd = '*'`,
  },
  {
    rule: 'policy-for-public',
    sql: `select ${NAME} || ' ' || p.polname as object from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
      where ${OURS} and 0 = any(p.polroles)`,
  },
  {
    rule: 'policy-without-context', // the application's rows must depend on who asks
    sql: `select ${NAME} || ' ' || p.polname as object from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
      where ${OURS} and 'tally_app'::regrole = any(p.polroles)
        and coalesce(pg_get_expr(p.polqual, p.polrelid), '') || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') not like '%sec.%'`,
  },
  {
    rule: 'policy-evaluated-per-row', // (select sec.party()) is evaluated once a query
    sql: `select ${NAME} || ' ' || p.polname as object from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
      where ${OURS} and coalesce(pg_get_expr(p.polqual, p.polrelid), '') || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') ~ '(?<!SELECT )sec\\.(party|role|client|purpose|context)\\('`,
  },
  {
    rule: 'role-privileged',
    sql: `select rolname as object from pg_roles where rolname like 'tally\\_%' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)`,
  },
  {
    rule: 'role-owns-something',
    sql: `select r.rolname || ' owns ' || pg_describe_object(d.classid, d.objid, d.objsubid) as object from pg_shdepend d join pg_roles r on r.oid = d.refobjid
      where d.refclassid = 'pg_authid'::regclass and d.deptype = 'o' and r.rolname in ${LOGINS}
        and (d.dbid = (select oid from pg_database where datname = current_database()) or d.classid = 'pg_database'::regclass)`,
  },
  {
    rule: 'role-member-of-owner',
    sql: `select m.rolname || ' in ' || g.rolname as object from pg_auth_members a join pg_roles g on g.oid = a.roleid join pg_roles m on m.oid = a.member
      where m.rolname in ${LOGINS} and not (m.rolname = 'tally_migrate' and g.rolname = 'tally_owner' and not a.inherit_option and not a.admin_option)`,
  },
  {
    rule: 'owner-wrong',
    sql: `select ${NAME} as object from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where ${OURS} and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and pg_get_userbyid(c.relowner) not in ${OWNERS}
      union all select n.nspname || '.' || f.proname || '()' from pg_proc f join pg_namespace n on n.oid = f.pronamespace
        where ${OURS} and pg_get_userbyid(f.proowner) not in ${OWNERS}
      union all select n.nspname from pg_namespace n where ${OURS} and pg_get_userbyid(n.nspowner) not in ${OWNERS}`,
  },
  {
    rule: 'view-not-invoker', // a view acts with its owner's eyes unless it says otherwise
    sql: `select ${NAME} as object from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where ${OURS} and (c.relkind = 'm' or c.relkind = 'v' and not coalesce(c.reloptions, '{}') && array['security_invoker=true', 'security_invoker=on'])`,
  },
  {
    rule: 'grant-to-public', // a function without an access list may be executed by everybody
    sql: `select ${NAME} as object from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where ${OURS} and exists (select from aclexplode(c.relacl) a where a.grantee = 0)
      union all select n.nspname || '.' || f.proname || '()' from pg_proc f join pg_namespace n on n.oid = f.pronamespace
        where ${OURS} and exists (select from aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a where a.grantee = 0)
      union all select n.nspname from pg_namespace n where ${OURS} and exists (select from aclexplode(n.nspacl) a where a.grantee = 0)
      union all select 'database' from pg_database b
        where b.datname = current_database() and exists (select from aclexplode(coalesce(b.datacl, acldefault('d', b.datdba))) a where a.grantee = 0)`,
  },
  {
    rule: 'privilege-excessive',
    sql: `select ${NAME} || ' ' || a.privilege_type || ' ' || pg_get_userbyid(a.grantee) as object
      from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join lateral aclexplode(c.relacl) a
      where ${OURS} and a.grantee <> c.relowner and (a.is_grantable or c.relkind <> 'S' and a.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))
      union all select n.nspname || ' CREATE ' || pg_get_userbyid(a.grantee) from pg_namespace n cross join lateral aclexplode(n.nspacl) a
        where ${OURS} and a.grantee <> n.nspowner and a.privilege_type = 'CREATE'`,
  },
  {
    rule: 'definer-search-path', // pg_temp last and nothing writable before it
    sql: `select n.nspname || '.' || f.proname || '()' as object from pg_proc f join pg_namespace n on n.oid = f.pronamespace
      where ${OURS} and f.prosecdef and not coalesce(f.proconfig, '{}') && array['search_path=pg_catalog, pg_temp', 'search_path=""']`,
  },
  {
    rule: 'grant-on-partition', // bypasses the policies of the parent
    sql: `select ${NAME} as object from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where ${OURS} and c.relispartition and exists (select from aclexplode(c.relacl) a where a.grantee <> c.relowner)`,
  },
  {
    rule: 'unique-across-members', // would tell that somebody else holds the same key
    sql: `select n.nspname || '.' || i.relname as object from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
        join pg_namespace n on n.oid = c.relnamespace left join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[0]
      where ${OURS} and x.indisunique and not c.relispartition and c.relrowsecurity
        and exists (select from pg_attribute m where m.attrelid = c.oid and m.attname in ${MEMBER_COLUMN} and not m.attisdropped)
        and coalesce(a.attname, '') not in ${MEMBER_COLUMN}`,
  },
  {
    rule: 'foreign-key-without-member',
    sql: `select ${NAME} || ' ' || k.conname as object from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
      where ${OURS} and k.contype = 'f' and c.relrowsecurity and not c.relispartition
        and exists (select from pg_attribute m where m.attrelid = k.conrelid and m.attname in ${MEMBER_COLUMN} and not m.attisdropped)
        and exists (select from pg_attribute m where m.attrelid = k.confrelid and m.attname in ${MEMBER_COLUMN} and not m.attisdropped)
        and not exists (select from pg_attribute m where m.attrelid = k.conrelid and m.attnum = any(k.conkey) and m.attname in ${MEMBER_COLUMN})`,
  },
  { rule: 'table-unlogged', sql: `select ${NAME} as object from ${TABLES} and c.relpersistence = 'u'` },
  {
    rule: 'context-key-readable',
    sql: `select pg_get_userbyid(a.grantee) as object from pg_class c cross join lateral aclexplode(c.relacl) a
      where c.oid = to_regclass('sec.context_key') and a.grantee <> c.relowner`,
  },
];
