export * from './key-source.port.js';
export * from './sealed-secret.js';
