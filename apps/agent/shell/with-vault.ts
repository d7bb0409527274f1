import { Vault, type PartyHome } from '#sdk';
import type { Shell } from './shell.js';

/** Runs with the home's vault open, and closes it whatever happens. @throws VAULT_INVALID */
export async function withVault<T>(shell: Shell, work: (home: PartyHome, vault: Vault) => Promise<T>): Promise<T> {
  const home = shell.home();
  const vault = await Vault.open(home);
  try {
    return await work(home, vault);
  } finally {
    await vault.close();
  }
}
