export * from './dealing.js';
export * from './group-key.js';
export * from './possession.js';
export * from './share-box.js';
