export * from './brand.js';
export * from './canonical-json.js';
export * from './clock.js';
export * from './domain-error.js';
export * from './error-code.js';
export * from './page.js';
export * from './parse-url.js';
