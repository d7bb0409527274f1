export * from './prefixes.js';
export * from './snapshot.js';
export * from './snapshot-encoder.js';
export { highBits, SNAPSHOT_HEADER_BYTES, SNAPSHOT_LOW_BITS, SNAPSHOT_TOKENS_MAX, type SnapshotHeader, type SnapshotLayout, snapshotLayout } from './snapshot-layout.js';
