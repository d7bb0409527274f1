export * from './epoch.model.js';
export { EpochsModule } from './epochs.module.js';
export * from './epochs.repository.js';
