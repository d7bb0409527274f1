export * from './import-key.js';
export * from './statement.js';
export * from './sealed.js';
export * from './contribution.js';
export * from './package-envelope.js';
