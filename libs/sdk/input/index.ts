export { COLUMNS, type Column } from './input-columns.js';
export type { ColumnMap } from './header-map.js';
export * from './normalise-file.js';
export { pseudonymKey } from './pseudonym-key.js';
export * from './source-file.js';
