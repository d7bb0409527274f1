/** Import rules: who can reach what. */
import type { Mutant, TestRun } from '../mutant.model.js';

const LAYERS = 'test/architecture/layers.mjs';
const CRUISER = '.dependency-cruiser.mjs';
const PLANTED: TestRun = { project: 'architecture', file: 'test/architecture/import-rules.spec.ts', only: 'finds each forbidden arrow and nothing else' };

export const HOUSE: readonly Mutant[] = [
  {
    name: 'imports/platform-may-normalise',
    guard: 'hub-side code cannot turn a raw value into a token input',
    edits: [{ file: LAYERS, find: "rooms: true, may: ['kernel', 'protocol', 'crypto', 'platform'] },\n  { name: 'domain'", replace: "rooms: true, may: ['kernel', 'protocol', 'crypto', 'platform', 'indicators'] },\n  { name: 'domain'" }],
    test: PLANTED,
  },
  {
    name: 'imports/no-transitive-rules',
    guard: 'a forbidden room is not reached through a chain of allowed ones',
    edits: [{ file: CRUISER, find: '    reachable: true,\n', replace: '' }],
    test: PLANTED,
  },
  {
    name: 'imports/keyholder-may-import-domain',
    guard: 'nothing of the business runs beside a share of the key',
    edits: [{ file: LAYERS, find: "path: 'apps/keyholder', may: ['kernel', 'protocol', 'crypto', 'platform'] }", replace: "path: 'apps/keyholder', may: ['kernel', 'protocol', 'crypto', 'platform', 'domain'] }" }],
    test: PLANTED,
  },
  {
    name: 'imports/worker-may-reach-graphql',
    guard: 'the worker has no query language in its import graph',
    edits: [{ file: LAYERS, find: 'packages: GRAPHQL_PACKAGES', replace: 'packages: []' }],
    test: PLANTED,
  },
  {
    name: 'imports/back-doors',
    guard: 'a room is entered through its index only',
    edits: [{ file: CRUISER, find: "from: { path: ROOM },\n      to: { path: '^(libs|migrations)/'", replace: "from: { path: '^nowhere$' },\n      to: { path: '^(libs|migrations)/'" }],
    test: PLANTED,
  },
  {
    name: 'imports/circles',
    guard: 'no circular imports',
    edits: [{ file: CRUISER, find: 'to: { circular: true }', replace: "to: { path: '^nowhere$' }" }],
    test: PLANTED,
  },
];
