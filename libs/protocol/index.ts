export * from './access.js';
export * from './error-registry.js';
