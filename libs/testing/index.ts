export { withTestDatabase, type RoleAccess, type TestDatabase } from './database/test-database.js';
