export { checkCatalogue, type Violation } from './catalogue.js';
export type { CatalogueException } from './catalogue.exceptions.js';
export { parseDatabaseUrl, withDatabase, withPassword, withRole } from './connection-options.js';
export { ContextSigner, parseContextKey, type Actor, type ActorRole } from './context-signer.js';
export { DatabaseModule } from './database.module.js';
export { createDataSource, type DataSourceSettings } from './data-source.js';
export { migrate, type MigrateOptions, type MigrationClass } from './migrate.js';
export { QUEUE_SCHEMA } from './queue-schema.js';
export {
  bootstrapRoles, createDatabase, databaseExists, dropDatabase, LOGIN_ROLES, withClient, type LoginRole, type RolePasswords,
} from './roles.js';
export { SystemTx, type SystemScope } from './system-tx.js';
export { TenantTx, type Tx } from './tenant-tx.js';
export type { Isolation, TransactionOptions } from './transaction.js';
