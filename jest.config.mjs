import { availableParallelism } from 'node:os';

// One project a test size (docs/architecture.md, "Tests"). Only the sizes that need a database start one.
const base = {
  rootDir: import.meta.dirname ?? process.cwd(),
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['tally-source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.tally/'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': ['@swc/jest', {
      jsc: {
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        target: 'es2023',
        keepClassNames: true,
      },
      module: { type: 'es6' },
    }],
  },
};
const withDatabase = {
  globalSetup: '<rootDir>/test/setup/global-setup.mjs',
  globalTeardown: '<rootDir>/test/setup/global-teardown.mjs',
};
const project = (displayName, testMatch, more = {}) => ({ ...base, displayName, testMatch, ...more });

export default {
  testTimeout: 60_000,
  testSequencer: '<rootDir>/test/setup/longest-first.mjs',
  // Every core, where Jest by itself leaves one idle; more than four would only queue at the one PostgreSQL.
  maxWorkers: Math.min(4, availableParallelism()),
  projects: [
    project('unit', ['<rootDir>/{libs,apps,tools}/**/*.spec.ts']),
    project('architecture', ['<rootDir>/test/architecture/**/*.spec.ts']),
    project('vectors', ['<rootDir>/test/vectors/**/*.spec.ts']),
    project('integration', ['<rootDir>/{libs,apps,migrations}/**/*.int-spec.ts'], withDatabase),
    project('e2e', ['<rootDir>/apps/*/test/**/*.e2e-spec.ts'], withDatabase),
    // Minutes to hours: only when asked for (npm run test:heavy).
    ...(process.env.TALLY_HEAVY === '1' ? [project('heavy', ['<rootDir>/test/heavy/**/*.spec.ts', '<rootDir>/test/race/deliveries.spec.ts'], withDatabase)] : []),
    project('federation', ['<rootDir>/test/{federation,race,contract}/**/*.spec.ts'], withDatabase),
  ],
};
