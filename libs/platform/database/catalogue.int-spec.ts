import { withTestDatabase } from '#testing';
import { CATALOGUE_RULES } from './catalogue-rules.js';
import { checkCatalogue, type Violation } from './catalogue.js';
import { withClient } from './roles.js';

const db = withTestDatabase();
const PROTECTED = `create table tally.probe (member_id uuid not null, id uuid not null, primary key (member_id, id));
  alter table tally.probe enable row level security; alter table tally.probe force row level security; alter table tally.probe owner to tally_owner;`;
const OWN = 'member_id = (select sec.party())';

/** Seeds inside a transaction that is rolled back, so that roles and tables of the next case are untouched. */
async function findingsAfter(seed: string): Promise<Violation[]> {
  return withClient(db.adminUrl, async (client) => {
    await client.query('begin');
    await client.query(seed);
    const findings = await checkCatalogue(client);
    await client.query('rollback');
    return findings;
  });
}

const one = (rule: string, object: string): Violation[] => [{ rule, object }];

const SEEDED: readonly [rule: string, what: string, seed: string, expected: Violation[]][] = [
  ['row-security-off', 'a table without row-level security', `${PROTECTED} alter table tally.probe disable row level security`, one('row-security-off', 'tally.probe')],
  ['row-security-off', 'a table whose owner is not bound', `${PROTECTED} alter table tally.probe no force row level security`, one('row-security-off', 'tally.probe')],
  ['grant-without-policy', 'a command without a policy', `${PROTECTED} grant select, delete on tally.probe to tally_app;
    create policy r on tally.probe for select to tally_app using (${OWN})`, one('grant-without-policy', 'tally.probe DELETE tally_app')],
  ['policy-for-all-commands', 'one policy for everything', `${PROTECTED} create policy p on tally.probe to tally_app using (${OWN})`, one('policy-for-all-commands', 'tally.probe p')],
  ['policy-for-public', 'a policy for everybody', `${PROTECTED} create policy p on tally.probe for select using (${OWN})`, one('policy-for-public', 'tally.probe p')],
  ['policy-without-context', 'a policy that lets the application see all', `${PROTECTED} create policy p on tally.probe for select to tally_app using (true)`,
    one('policy-without-context', 'tally.probe p')],
  ['policy-evaluated-per-row', 'a context read for each row', `${PROTECTED} create policy p on tally.probe for select to tally_app using (member_id = sec.party())`,
    one('policy-evaluated-per-row', 'tally.probe p')],
  ['role-privileged', 'a login that bypasses row-level security', 'alter role tally_app bypassrls', one('role-privileged', 'tally_app')],
  ['role-privileged', 'a superuser', 'alter role tally_worker superuser', one('role-privileged', 'tally_worker')],
  ['role-owns-something', 'a login that owns a function', `create function tally.f() returns int language sql return 1; revoke all on function tally.f() from public;
    alter function tally.f() owner to tally_app`, [...one('role-owns-something', 'tally_app owns function tally.f()'), ...one('owner-wrong', 'tally.f()')]],
  ['role-member-of-owner', 'a login that may become the owner', 'grant tally_owner to tally_app', one('role-member-of-owner', 'tally_app in tally_owner')],
  ['owner-wrong', 'a table of the superuser', `${PROTECTED} alter table tally.probe owner to postgres`, one('owner-wrong', 'tally.probe')],
  ['view-not-invoker', 'a view with its owner’s eyes', `${PROTECTED} create view tally.v as select * from tally.probe; alter view tally.v owner to tally_owner`,
    one('view-not-invoker', 'tally.v')],
  ['grant-to-public', 'a table for everybody', `${PROTECTED} grant select on tally.probe to public`, one('grant-to-public', 'tally.probe')],
  ['grant-to-public', 'a function for everybody', 'create function tally.f() returns int language sql return 1; alter function tally.f() owner to tally_owner',
    one('grant-to-public', 'tally.f()')],
  ['grant-to-public', 'a database for everybody', `do $$ begin execute format('grant connect on database %I to public', current_database()); end $$`,
    one('grant-to-public', 'database')],
  ['privilege-excessive', 'a login that may empty a table', `${PROTECTED} grant truncate on tally.probe to tally_worker`, one('privilege-excessive', 'tally.probe TRUNCATE tally_worker')],
  ['privilege-excessive', 'a login that may create', 'grant create on schema tally to tally_app', one('privilege-excessive', 'tally CREATE tally_app')],
  ['definer-search-path', 'a definer function with the caller’s search path', `create function tally.f() returns int language sql security definer return 1;
    revoke all on function tally.f() from public; alter function tally.f() owner to tally_match`, one('definer-search-path', 'tally.f()')],
  ['grant-on-partition', 'a grant on a partition', `create table tally.parts (member_id uuid not null, id uuid not null, primary key (member_id, id)) partition by hash (member_id);
    create table tally.part0 partition of tally.parts for values with (modulus 1, remainder 0);
    alter table tally.parts enable row level security; alter table tally.parts force row level security; alter table tally.parts owner to tally_owner;
    alter table tally.part0 enable row level security; alter table tally.part0 force row level security; alter table tally.part0 owner to tally_owner;
    create policy r on tally.part0 for select to tally_app using (${OWN}); grant select on tally.part0 to tally_app`, one('grant-on-partition', 'tally.part0')],
  ['unique-across-members', 'a key that tells of others', `${PROTECTED} create unique index probe_token on tally.probe (id)`, one('unique-across-members', 'tally.probe_token')],
  ['foreign-key-without-member', 'a reference across members', `${PROTECTED} alter table tally.probe add column clue_id uuid references directory.party (id);
    create table tally.child (member_id uuid not null, probe uuid not null, primary key (member_id, probe));
    alter table tally.child enable row level security; alter table tally.child force row level security; alter table tally.child owner to tally_owner;
    create unique index probe_id on tally.probe (id); alter table tally.child add constraint stray foreign key (probe) references tally.probe (id)`,
  [...one('unique-across-members', 'tally.probe_id'), ...one('foreign-key-without-member', 'tally.child stray')]],
  ['table-unlogged', 'a table that a crash empties', 'alter table sec.replay set unlogged', one('table-unlogged', 'sec.replay')],
  ['context-key-readable', 'a login that reads the keys', 'grant select on sec.context_key to tally_worker', one('context-key-readable', 'tally_worker')],
];

describe(checkCatalogue.name, () => {
  it('finds nothing in the migrated database', async () => expect(await findingsAfter('select 1')).toEqual([]));

  it.each(SEEDED)('%s: finds %s, and only that', async (_rule, _what, seed, expected) => {
    expect(await findingsAfter(seed)).toEqual(expected);
  });

  it('has a seeded violation for every rule', () => {
    expect([...new Set(SEEDED.map(([rule]) => rule))].sort()).toEqual(CATALOGUE_RULES.map(({ rule }) => rule).sort());
  });

  it('finds an exception that nothing needs', async () => {
    const needless = { rule: 'row-security-off', object: 'tally.gone', reason: 'none' };
    const findings = await withClient(db.adminUrl, (client) => checkCatalogue(client, [needless]));
    expect(findings).toContainEqual({ rule: 'exception-unneeded', object: 'row-security-off tally.gone' });
  });
});
