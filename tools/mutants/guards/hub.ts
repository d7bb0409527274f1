/** The hub's front: limits, masking, the token server, and the refusals that the access map demands. */
import type { Mutant, TestRun } from '../mutant.model.js';

const LIMITS: TestRun = { project: 'e2e', file: 'apps/hub/test/limits.e2e-spec.ts' };
const TOKENS: TestRun = { project: 'e2e', file: 'apps/auth/test/token.e2e-spec.ts' };
const REFUSALS: TestRun = { project: 'e2e', file: 'apps/hub/test/refusals.e2e-spec.ts' };

export const HUB: readonly Mutant[] = [
  {
    name: 'limits/document-rules-off',
    guard: 'depth, aliases, root fields and operations of a document are bounded',
    edits: [{ file: 'apps/hub/graphql/graphql.options.ts', find: 'validationRules: [...DOCUMENT_RULES]', replace: 'validationRules: [...DOCUMENT_RULES.slice(4)]' }],
    test: LIMITS,
  },
  {
    name: 'limits/lists-and-pages-off',
    guard: 'lists and pages are bounded wherever they stand',
    edits: [{ file: 'apps/hub/graphql/graphql.options.ts', find: 'plugins: [requestLimits]', replace: 'plugins: [requestLimits].slice(1)' }],
    test: LIMITS,
  },
  {
    name: 'limits/any-document-in-production',
    guard: 'production runs registered documents only',
    edits: [{ file: 'apps/hub/graphql/endpoint.ts', find: '  documents.admit((body as { query?: unknown }).query);\n', replace: '' }],
    test: LIMITS,
  },
  {
    name: 'masking/unknown-errors-told',
    guard: 'an unknown error leaves as INTERNAL without its message',
    edits: [{ file: 'apps/hub/graphql/format-error.ts', find: '      message,\n', replace: '      message: code === \'INTERNAL\' ? formatted.message : message,\n' }],
    test: LIMITS,
  },
  {
    name: 'auth/replayed-assertion',
    guard: 'a client assertion is spent once',
    edits: [{ file: 'apps/auth/postgres.adapter.ts', find: "    if (rows.length !== 1) throw new errors.InvalidRequest('replayed');\n", replace: '' }],
    test: TOKENS,
  },
  {
    name: 'auth/any-audience',
    guard: 'an assertion is for this issuer, as a string',
    edits: [{ file: 'apps/auth/provider.ts', find: 'if (aud !== issuer || !timely', replace: 'if (!timely' }, { file: 'apps/auth/provider.ts', find: "fapi: { enabled: true, profile: '2.0' },", replace: '' }],
    test: TOKENS,
  },
  {
    name: 'auth/suspended-client-known',
    guard: 'the client of a suspended party is not found',
    edits: [{ file: 'migrations/1760000000002-directory.ts', find: "    where c.active and p.status = 'ACTIVE';\n", replace: '    where c.active;\n' }, { file: 'migrations/1760000000002-directory.ts', find: "for select to tally_auth using (status = 'ACTIVE');", replace: 'for select to tally_auth using (true);' }],
    test: TOKENS,
  },
  {
    name: 'refusals/operation-without-cells',
    guard: 'an operation without refusal cells fails the build',
    edits: [{ file: 'apps/hub/test/refusal-cells/index.ts', find: '{ ...MEMBERS_CELLS, ...CLUES_CELLS, ...CASES_CELLS, ...EPOCHS_CELLS, ...OPRF_CELLS, ...BRANDS_CELLS }', replace: '{ ...MEMBERS_CELLS, ...CLUES_CELLS }' }],
    test: REFUSALS,
  },
  {
    name: 'refusals/any-role',
    guard: 'no role does what the map does not give it',
    edits: [{ file: 'libs/platform/auth/access.guard.ts', find: "    if (rule === undefined || !rule.scopes.some((scope) => caller.scopes.has(scope))) throw new ScopeMissingError();\n", replace: '    if (rule === undefined || caller.scopes.size === 0) throw new ScopeMissingError();\n' }],
    test: REFUSALS,
  },
];
