// Import rules, derived from the table in test/architecture/layers.mjs (docs/architecture.md says why they are as they are).
import { LAYERS, NEVER_REACHES, OUTSIDE, TEST_FILE } from './test/architecture/layers.mjs';

const OURS = '^(apps|libs|migrations|tools|test)/';
const ROOM = '^(libs/(?:platform|domain|flows)/[^/]+|libs/[^/]+|apps/[^/]+)/';
const DOORS = ['^libs/(?:platform|domain|flows)/[^/]+/index\\.ts$', '^libs/(?!platform/|domain/|flows/)[^/]+/index\\.ts$', '^migrations/index\\.ts$'];
/** End-to-end tests of an app drive whole processes: they belong to test/. */
const APP_TESTS = '^apps/[^/]+/test/';

const pathOf = (name) => {
  const layer = LAYERS.find((one) => one.name === name);
  if (layer) return `^${layer.path}/`;
  const parent = LAYERS.find((one) => one.rooms && name.startsWith(`${one.name}/`));
  if (!parent) throw new Error(`layers: unknown name ${name}`);
  return `^${parent.path}/${name.slice(parent.name.length + 1)}/`;
};

/** A layer's own room: the folder, or the one sub-folder when its sub-folders are rooms. */
const own = (layer) => (layer.rooms ? `^${layer.path}/$1/` : `^${layer.path}/`);

const rows = LAYERS.flatMap((layer) => {
  const from = layer.rooms ? `^${layer.path}/([^/]+)/` : `^${layer.path}/`;
  const allowed = [own(layer), ...layer.may.map(pathOf)];
  const testOnly = ['^libs/testing/', '^migrations/'];
  return [
    {
      name: `${layer.name}-imports`,
      comment: `${layer.name} may import: ${layer.may.join(', ') || 'nothing of ours'} (docs/architecture.md, import table)`,
      severity: 'error',
      from: { path: from, pathNot: [TEST_FILE, APP_TESTS] },
      to: { path: OURS, pathNot: allowed },
    },
    {
      name: `${layer.name}-test-imports`,
      comment: `tests of ${layer.name} keep its row, and may also use testing and migrations`,
      severity: 'error',
      from: { path: from.concat('.*', TEST_FILE), pathNot: [APP_TESTS] },
      to: { path: OURS, pathNot: [...allowed, ...testOnly] },
    },
  ];
});

const reach = NEVER_REACHES.map((promise) => ({
  name: promise.name,
  comment: promise.why,
  severity: 'error',
  from: { path: promise.from.map((one) => `^${one}/`), pathNot: [TEST_FILE, APP_TESTS] },
  to: {
    reachable: true,
    path: [
      ...promise.never.map((one) => `^${one}/`),
      ...(promise.packages ?? []).map((one) => `(^|/)node_modules/${one}(/|$)`),
    ],
  },
}));

const PLACED = [...LAYERS.map((layer) => (layer.rooms ? `^${layer.path}/[^/]+/` : `^${layer.path}/`)), ...OUTSIDE.map((one) => `^${one.path}/`)];

export default {
  forbidden: [
    ...rows,
    ...reach,
    {
      name: 'only-through-index',
      comment: 'a room has one door, its index.ts; what is not exported there is nobody else\'s',
      severity: 'error',
      from: { path: ROOM },
      to: { path: '^(libs|migrations)/', pathNot: ['^$1/', ...DOORS] },
    },
    {
      name: 'only-through-index-from-outside',
      comment: 'tools, tests and migrations use the same doors',
      severity: 'error',
      from: { path: '^(tools|test|migrations)/' },
      to: { path: '^(libs|migrations)/', pathNot: ['^$1/', ...DOORS] },
    },
    {
      name: 'rooms-by-name',
      comment: 'another room is imported by its name (#kernel, #domain/cases), never by a relative path',
      severity: 'error',
      from: { path: ROOM },
      to: { path: '^libs/', pathNot: ['^$1/'], dependencyTypesNot: ['aliased-subpath-import'] },
    },
    {
      name: 'no-circular',
      comment: 'a circle has no first file to read',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'room-without-row',
      comment: 'every source file belongs to a row of test/architecture/layers.mjs',
      severity: 'error',
      from: {},
      to: { path: OURS, pathNot: PLACED },
    },
    {
      name: 'room-without-row',
      comment: 'every source file belongs to a row of test/architecture/layers.mjs',
      severity: 'error',
      from: { path: OURS, pathNot: PLACED },
      to: {},
    },
    {
      name: 'unresolved',
      comment: 'an import that resolves to nothing, or to a package that package.json does not list',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'undeclared-package',
      comment: 'an import of a package that package.json does not list',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-package',
      comment: 'shipped code must run after npm ci --omit=dev',
      severity: 'error',
      from: { path: '^(apps|libs|migrations)/', pathNot: [TEST_FILE, APP_TESTS, '^libs/testing/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['(^|/)(dist|coverage|\\.tally)/', '^libs/crypto/kernel/assembly/', '^test/bench/psi/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    parser: 'tsc',
    combinedDependencies: false,
    enhancedResolveOptions: {
      conditionNames: ['tally-source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
