export { fromBase64url, sameBytes, sha256, toBase64url } from './bytes.js';
export * from './crypto.errors.js';
export * from './jwk.js';
export * from './jws/index.js';
export * from './voprf/index.js';
export * from './envelope/index.js';
export * from './ceremony/index.js';
export * from './sealing/index.js';
export * from './snapshot/index.js';
