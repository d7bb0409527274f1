export * from './change-epoch.flow.js';
export * from './epoch-records.js';
export * from './holder-pins.js';
export * from './rotate-epoch.module.js';
