export * from './access.js';
export * from './error-registry.js';
export * from './taxonomy.js';
export * from './taxonomy-categories.js';
export * from './taxonomy-means.js';
export * from './taxonomy-kinds.js';
export * from './legal-bases.js';
