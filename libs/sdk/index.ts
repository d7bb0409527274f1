/** The member-side client: keys and pins, transport, publish and query. Imports no server code. */
export * from './brands/index.js';
export * from './cases/index.js';
export * from './ceremony/index.js';
export * from './evidence/index.js';
export * from './input/index.js';
export * from './keys/index.js';
export * from './publish/index.js';
export * from './query/index.js';
export * from './roster/index.js';
export * from './tokenise/index.js';
export * from './transport/index.js';
export * from './trust/index.js';
export * from './vault/index.js';
export * from './verify/index.js';
