export * from './brand.model.js';
export * from './brands.module.js';
export * from './brands.repository.js';
export * from './warned-tokens.repository.js';
