export { CombineBatchFlow } from './combine-batch.flow.js';
export { CombineBatchModule } from './combine-batch.module.js';
export { KeyHolderAddresses } from './key-holder-addresses.js';
