export { Vault, destroyVault } from './vault.js';
export * from './vault-records.js';
