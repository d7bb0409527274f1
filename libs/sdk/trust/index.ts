export * from './trust-store.js';
export * from './trusted-manifest.js';
