export * from './choose-engine.js';
export * from './derivation.js';
export * from './detail.js';
export * from './engine.js';
export * from './fast-batch.js';
export { createKernelEngine } from './kernel.engine.js';
export { type KernelExports, loadKernel } from './kernel.arena.js';
export * from './member-batch.js';
export * from './shamir.js';
export * from './signed-documents.js';
export { createSodiumEngine } from './sodium.engine.js';
export {
  BATCH_MAX, contextString, ELEMENT_BYTES, elementAt, GROUP_ORDER, isCanonicalScalar, type Mode, MODE_OPRF, MODE_VOPRF, OUTPUT_BYTES, PROOF_BYTES,
  SCALAR_BYTES, SUITE_NAME, TAGS, WEIGHT_BYTES,
} from './suite.js';
