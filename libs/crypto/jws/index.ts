export * from './evidence-key.js';
export * from './general-jws.js';
