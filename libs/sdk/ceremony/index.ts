export { advanceCeremony, abandonCeremony, ceremonyState, type CeremonyState, type Expectation, joinCeremony } from './ceremony.js';
export { finishCeremony, type FinishedCeremony, retireOldShares, signCeremonyManifest, type SignedShareOfManifest } from './finish-ceremony.js';
export * from './holder-home.js';
export { type Opening, openGeneration, openRefresh, openResharing, type Resharing } from './open-ceremony.js';
export { epochFile, readShareFile, writeShareFile } from './share-store.js';
