export { withTestDatabase, type RoleAccess, type TestDatabase } from './database/test-database.js';
export * from './builders/case-package.builder.js';
export * from './builders/party.builder.js';
export * from './builders/clue.builder.js';
export * from './builders/case-world.builder.js';
export * from './builders/case-flows.js';
export * from './fakes/agency/fake-agency.js';
export * from './builders/ceremony-table.builder.js';
export { workbookOf, zipOf } from './builders/workbook.builder.js';
