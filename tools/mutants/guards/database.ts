/** Row-level security and its catalogue test, drift checks, the functions that read across members. */
import type { Mutant, TestRun } from '../mutant.model.js';

const CATALOGUE: TestRun = { project: 'integration', file: 'libs/platform/database/catalogue.int-spec.ts' };
const RULES = 'libs/platform/database/catalogue-rules.ts';
const CLUES = 'migrations/1760000000003-clues.ts';
const CASES = 'migrations/1760000000004-cases.ts';
const JOINT_CASE: TestRun = { project: 'integration', file: 'libs/flows/joint-case/joint-case.int-spec.ts' };
/** Raw SQL under a member's context: repositories filter too, so a test through them would not miss a policy. */
const ISOLATION: TestRun = { project: 'federation', file: 'test/contract/isolation.spec.ts' };

export const DATABASE: readonly Mutant[] = [
  {
    name: 'catalogue/rule-weakened',
    guard: 'the catalogue test sees a table whose owner is not bound',
    edits: [{ file: RULES, find: 'and not (c.relrowsecurity and c.relforcerowsecurity)`', replace: 'and not c.relrowsecurity`' }],
    test: CATALOGUE,
  },
  {
    name: 'catalogue/table-not-forced',
    guard: 'a table that is not bound to row-level security is found',
    edits: [{ file: CLUES, find: '  alter table tally.${table} force row level security;\n', replace: '' }],
    test: CATALOGUE,
  },
  {
    name: 'catalogue/granted-to-public',
    guard: 'a grant to everybody is found',
    edits: [{ file: CLUES, find: '  grant select on tally.overlap, tally.event, tally.check_quota to tally_app;', replace: '  grant select on tally.overlap, tally.event, tally.check_quota to tally_app, public;' }],
    test: CATALOGUE,
  },
  {
    name: 'rls/clues-of-others-visible',
    guard: 'a member reads its own clues only',
    edits: [{ file: CLUES, find: 'create policy own_read on tally.${table} for select to tally_app using (${column} = (select sec.party()));', replace: "create policy own_read on tally.${table} for select to tally_app using (${column} = (select sec.party()) or ('${table}' = 'clue' and (select sec.party()) is not null));" }],
    test: ISOLATION,
  },
  {
    name: 'rls/overlaps-of-others-visible',
    guard: 'a member reads its own side of an overlap only',
    edits: [{ file: CLUES, find: 'create policy own_read on tally.${table} for select to tally_app using (${column} = (select sec.party()));', replace: "create policy own_read on tally.${table} for select to tally_app using (${column} = (select sec.party()) or ('${table}' = 'overlap' and (select sec.party()) is not null));" }],
    test: ISOLATION,
  },
  {
    name: 'rls/case-parties-visible',
    guard: 'an invited member learns nothing of the others, even by SQL',
    edits: [{ file: CASES, find: "create policy own_read on tally.case_party for select to tally_app using (party_id = (select sec.party()) or (select sec.role()) = 'coordinator');", replace: 'create policy own_read on tally.case_party for select to tally_app using ((select sec.party()) is not null);' }],
    test: JOINT_CASE,
  },
  {
    name: 'rls/contributions-visible',
    guard: 'a contribution is shown to its author only',
    edits: [{ file: CASES, find: 'create policy own_read on tally.contribution for select to tally_app using (party_id = (select sec.party()));', replace: 'create policy own_read on tally.contribution for select to tally_app using ((select sec.party()) is not null);' }],
    test: JOINT_CASE,
  },
  {
    name: 'drift/schema-text-without-policies',
    guard: 'a changed policy shows as drift',
    edits: [{ file: 'tools/schema-sql/catalogue-text.ts', find: 'from pg_policy p where p.polrelid = ${oid}', replace: 'from pg_policy p where p.polrelid = ${oid} and false' }],
    test: { project: 'integration', file: 'migrations/schema.int-spec.ts' },
  },
  {
    name: 'drift/check-always-passes',
    guard: 'a check of a generated file fails when the file differs',
    edits: [{ file: 'tools/command-line/generated-files.ts', find: 'return check && drifted.length > 0 ? 1 : 0;', replace: 'return 0;' }],
    test: { project: 'unit', file: 'tools/command-line/generated-files.spec.ts' },
  },
  {
    name: 'drift/schema-sql',
    guard: 'a change of the database shows in schema.sql',
    edits: [{ file: CLUES, find: '  grant update (live) on tally.clue_token to tally_app;\n', replace: '  grant update (live) on tally.clue_token to tally_app;\n  grant delete on tally.clue_token to tally_app;\n' }],
    test: { check: ['dist/tools/schema-sql/main.js', '--check'] },
  },
  {
    name: 'drift/sdl',
    guard: 'a change of the API shows in the committed schema',
    edits: [{ file: 'apps/hub/members/me.object.ts', find: "description: 'Registered name.'", replace: "nullable: true, description: 'Registered name.'" }],
    test: { check: ['dist/tools/schema-graphql/main.js', '--check'] },
  },
  {
    name: 'drift/access-map',
    guard: 'a change of who may call what shows in the access map',
    edits: [{ file: 'apps/hub/members/me.resolver.ts', find: "@Allow('self:read')", replace: "@Allow('self:read', 'members:admin')" }],
    test: { check: ['dist/tools/access-map/main.js', '--check'] },
  },
];
