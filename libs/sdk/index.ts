/** The member-side client: keys and pins, transport, publish and query. Imports no server code. */
export * from './keys/index.js';
export * from './transport/index.js';
export * from './trust/index.js';
export * from './verify/index.js';
