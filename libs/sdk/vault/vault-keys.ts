/**
 * vault.key: 32 random bytes, mode 0600, the only secret of the vault. From it come, by HKDF with distinct labels: the
 * key that seals raw values, the key of the look-up index (so that the store on disk is no hash table of raw values),
 * and the seed of all blinds. Without the file the vault is noise; with it wider than 0600 it is refused.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { DomainError } from '#kernel';
import { readPrivateFile, writePrivateFile } from '../keys/private-file.js';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export class VaultKeys {
  /** Seed of blinds, order and padding (libs/crypto). Never leaves the process. */
  readonly blindSeed: Uint8Array;
  private readonly sealKey: Buffer;
  private readonly indexKey: Buffer;

  constructor(master: Uint8Array) {
    if (master.length !== KEY_BYTES) throw new DomainError('VAULT_INVALID', 'vault.key has another length', { file: 'vault.key', reason: 'length' });
    const derived = (label: string): Buffer => Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `tally vault ${label}`, KEY_BYTES));
    this.blindSeed = new Uint8Array(derived('blind seed'));
    this.sealKey = derived('seal');
    this.indexKey = derived('index');
  }

  /** Where a canonical form is looked up: 18 bytes of HMAC-SHA-256, base64url. */
  indexOf(epoch: number, kind: string, value: string): string {
    return createHmac('sha256', this.indexKey).update(`${epoch}\0${kind}\0${value}`).digest().toString('base64url', 0, 18);
  }

  /** Binds an ordered list of inputs without holding them (blinding journal). */
  digestOf(inputs: readonly Uint8Array[]): string {
    const mac = createHmac('sha256', this.indexKey).update('inputs');
    for (const input of inputs) mac.update(Buffer.from(Uint32Array.of(input.length).buffer)).update(input);
    return mac.digest('base64url');
  }

  /** AES-256-GCM, random nonce, bound to the record's key in the store: base64 of nonce | ciphertext | tag. */
  seal(plain: string, boundTo: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.sealKey, nonce).setAAD(Buffer.from(boundTo));
    return Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
  }

  /** @throws VAULT_INVALID for another key, another record or changed bytes */
  open(sealed: string, boundTo: string): string {
    try {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', this.sealKey, bytes.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(boundTo));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      throw new DomainError('VAULT_INVALID', 'a vault record does not open', { reason: 'authentication' });
    }
  }
}

/** @throws VAULT_INVALID when the file is missing or wider than 0600 */
export function readVaultKeys(file: string): VaultKeys {
  return new VaultKeys(readPrivateFile(file, 'VAULT_INVALID'));
}

export function createVaultKeys(file: string): VaultKeys {
  if (existsSync(file)) return readVaultKeys(file);
  const master = randomBytes(KEY_BYTES);
  writePrivateFile(file, master);
  return new VaultKeys(master);
}
