export * from './false-holders.js';
export * from './hub-client.js';
export * from './retry.js';
export * from './service-error.js';
export * from './key-holder-client.js';
export * from './documents.js';
