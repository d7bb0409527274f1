// The one table of who may import whom. dependency-cruiser's rules, the planted arrows of the architecture test and the
// check of docs/architecture.md are all derived from it. A room that is not listed here may not exist: adding a folder
// means adding a row, and a row is a decision about who can learn what.

/**
 * @typedef {object} Layer
 * @property {string} name      the word used in `may` and in docs/architecture.md
 * @property {string} path      folder, from the root of the project
 * @property {boolean} [rooms]  true when each sub-folder is a room of its own with its own index.ts
 * @property {string[]} may     layers (or single rooms, `platform/config`) it may import, besides its own room
 */

/** @type {readonly Layer[]} */
export const LAYERS = [
  { name: 'kernel', path: 'libs/kernel', may: [] },
  { name: 'protocol', path: 'libs/protocol', may: ['kernel'] },
  { name: 'crypto', path: 'libs/crypto', may: ['kernel'] },
  { name: 'indicators', path: 'libs/indicators', may: ['kernel'] },
  { name: 'sdk', path: 'libs/sdk', may: ['kernel', 'protocol', 'crypto', 'indicators'] },
  { name: 'platform', path: 'libs/platform', rooms: true, may: ['kernel', 'protocol', 'crypto', 'platform'] },
  { name: 'domain', path: 'libs/domain', rooms: true, may: ['kernel', 'protocol', 'crypto', 'platform'] },
  { name: 'flows', path: 'libs/flows', rooms: true, may: ['kernel', 'protocol', 'crypto', 'platform', 'domain'] },
  { name: 'apps/hub', path: 'apps/hub', may: ['kernel', 'protocol', 'crypto', 'platform', 'domain', 'flows'] },
  { name: 'apps/worker', path: 'apps/worker', may: ['kernel', 'protocol', 'crypto', 'platform', 'domain', 'flows'] },
  { name: 'apps/keyholder', path: 'apps/keyholder', may: ['kernel', 'protocol', 'crypto', 'platform'] },
  { name: 'apps/auth', path: 'apps/auth', may: ['kernel', 'protocol', 'crypto', 'platform'] },
  {
    name: 'apps/agent',
    path: 'apps/agent',
    may: ['kernel', 'protocol', 'crypto', 'indicators', 'sdk', 'platform/config', 'platform/logging'],
  },
];

/** May import everything; imported by nobody but each other and test files. */
export const OUTSIDE = [
  { name: 'testing', path: 'libs/testing' },
  { name: 'migrations', path: 'migrations' },
  { name: 'tools', path: 'tools' },
  { name: 'test', path: 'test' },
];

/** Beside the source: unit and integration tests. They keep their room's row, and may use `#testing` and migrations. */
export const TEST_FILE = '\\.(spec|int-spec|e2e-spec)\\.ts$';

const SERVER_PACKAGES = ['@nestjs', '@apollo', 'typeorm', 'pg', 'bullmq', 'oidc-provider', 'express'];
const GRAPHQL_PACKAGES = ['graphql', 'graphql-ws', '@nestjs/graphql', '@nestjs/apollo', '@apollo', '@as-integrations'];
const NORMALISING_PACKAGES = ['libphonenumber-js', 'opencc-js', 'tldts'];

/**
 * Promises about everything an import leads to, however long the chain.
 * @type {readonly {name: string, why: string, from: string[], never: string[], packages?: string[]}[]}
 */
export const NEVER_REACHES = [
  {
    name: 'hub-side-never-reaches-indicators',
    why: 'whoever can normalise can guess: hub-side code must not be able to turn a raw value into a token input',
    from: ['libs/platform', 'libs/domain', 'libs/flows', 'apps/hub', 'apps/worker', 'apps/keyholder', 'apps/auth'],
    never: ['libs/indicators', 'libs/sdk'],
    packages: NORMALISING_PACKAGES,
  },
  {
    name: 'keyholder-and-auth-never-reach-domain',
    why: 'a key-holder trusts no hub; nothing of the business may run beside a share or a token key',
    from: ['apps/keyholder', 'apps/auth'],
    never: ['libs/domain', 'libs/flows', 'apps/hub', 'apps/worker'],
  },
  {
    name: 'sdk-never-reaches-server',
    why: 'members audit and embed the client alone',
    from: ['libs/sdk'],
    never: ['libs/platform', 'libs/domain', 'libs/flows', 'apps', 'migrations'],
    packages: SERVER_PACKAGES,
  },
  {
    name: 'agent-never-reaches-server',
    why: 'the agent holds raw values; of the platform it gets configuration and logging only',
    from: ['apps/agent'],
    never: ['libs/platform/(?!config/|logging/)[^/]+', 'libs/domain', 'libs/flows', 'migrations'],
    packages: SERVER_PACKAGES,
  },
  {
    name: 'worker-never-reaches-graphql',
    why: 'a job has no caller; a query language in its import graph is attack surface for nothing',
    from: ['apps/worker'],
    never: ['apps/hub'],
    packages: GRAPHQL_PACKAGES,
  },
  {
    name: 'pure-rooms-never-reach-server',
    why: 'kernel, protocol, crypto and indicators are read by reviewers who run no server',
    from: ['libs/kernel', 'libs/protocol', 'libs/crypto', 'libs/indicators'],
    never: ['libs/platform', 'libs/domain', 'libs/flows', 'apps', 'migrations'],
    packages: SERVER_PACKAGES,
  },
];
