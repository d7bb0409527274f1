import { PASSPHRASE_LEAST } from '#crypto';
import { DomainError } from '#kernel';
import { readPrivateFile, Vault, type PartyHome } from '#sdk';
import type { Shell } from './shell.js';

/** Runs with the home's vault open, and closes it whatever happens. @throws VAULT_INVALID */
export async function withVault<T>(shell: Shell, work: (home: PartyHome, vault: Vault) => Promise<T>): Promise<T> {
  const home = shell.home();
  const vault = await Vault.open(home, vaultPassphrase(shell));
  try {
    return await work(home, vault);
  } finally {
    await vault.close();
  }
}

/** Of TALLY_VAULT_PASSPHRASE_FILE; null when vault.key is not wrapped. @throws VAULT_INVALID for a file that others may read */
export function vaultPassphrase(shell: Shell): string | null {
  const file = shell.streams.env.TALLY_VAULT_PASSPHRASE_FILE;
  return file ? passphraseIn(file) : null;
}

/** A passphrase comes from a file of mode 0600, never from an argument. @throws VAULT_INVALID when it is too short to protect anything */
export function passphraseIn(file: string): string {
  const passphrase = readPrivateFile(file, 'VAULT_INVALID').toString('utf8').trim();
  if ([...passphrase].length < PASSPHRASE_LEAST) throw new DomainError('VAULT_INVALID', `the passphrase has fewer than ${PASSPHRASE_LEAST} characters`, { reason: 'passphrase too short' });
  return passphrase;
}
