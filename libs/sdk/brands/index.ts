export * from './brand-alerts.js';
export * from './brand-documents.js';
export * from './brand-registry.js';
export * from './own-brands.js';
export * from './warned-tokens.js';
