export * from './party-file.js';
export * from './party-home.js';
export * from './private-file.js';
export * from './public-file.js';
