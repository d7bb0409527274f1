export { Vault, destroyVault, type VaultGroup, type VaultStatus } from './vault.js';
export { backupVault, restoreVault, type Restored } from './backup-vault.js';
export { rekeyVault, type Rekeyed } from './rekey-vault.js';
export { CACHED_TOKENS_MAX, TokenCache } from './token-cache.js';
export * from './vault-records.js';
