export * from './body.interceptor.js';
export * from './correlation.js';
export * from './published-error.filter.js';
export * from './health.controller.js';
export * from './published-error.js';
export * from './read-body.js';
export * from './send-error.js';
export * from './upgrade.js';
