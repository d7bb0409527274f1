export * from './evidence-folder.js';
export * from './fast-evidence.js';
export * from './holder-signature.js';
