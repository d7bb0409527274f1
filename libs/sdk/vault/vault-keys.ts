/**
 * vault.key: the only secret of the vault, mode 0600. It holds the key that seals raw values, the keys of the look-up index (so that
 * the store on disk is no hash table of raw values) and the seed of all blinds; as it is, or wrapped under a passphrase. Without the
 * file the vault is noise; with it wider than 0600 it is refused. Version 1 was 32 bytes from which the three were derived; it is read
 * as long as it lies there, and written no more.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { passphraseKey } from '#crypto';
import { DomainError } from '#kernel';
import { readPrivateFile, writePrivateFile } from '../keys/private-file.js';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const INDEX_BYTES = 18;

export interface KeyMaterial {
  readonly seal: Uint8Array;
  /** In order: a change of key adds one, and an index entry is keyed by all of them one after the other. */
  readonly index: readonly Uint8Array[];
  readonly blindSeed: Uint8Array;
}

export class VaultKeys {
  /** Seed of blinds, order and padding (libs/crypto). Never leaves the process. */
  readonly blindSeed: Uint8Array;
  private readonly sealKey: Uint8Array;
  private readonly indexKeys: readonly Uint8Array[];

  /** @param secret key material, or the 32 bytes of version 1 */
  constructor(secret: Uint8Array | KeyMaterial) {
    const material = secret instanceof Uint8Array ? materialOfMaster(secret) : secret;
    if (![material.seal, material.blindSeed, ...material.index].every((key) => key.length === KEY_BYTES) || material.index.length === 0) throw lengthFault();
    this.blindSeed = material.blindSeed;
    this.sealKey = material.seal;
    this.indexKeys = material.index;
  }

  get material(): KeyMaterial {
    return { seal: this.sealKey, index: this.indexKeys, blindSeed: this.blindSeed };
  }

  /** How many keys an index entry has passed through. */
  get generation(): number {
    return this.indexKeys.length;
  }

  /** Where a canonical form is looked up: 18 bytes of HMAC-SHA-256, base64url. */
  indexOf(epoch: number, kind: string, value: string): string {
    const [first, ...later] = this.indexKeys;
    return later.reduce(stepped, createHmac('sha256', first!).update(`${epoch}\0${kind}\0${value}`).digest().toString('base64url', 0, INDEX_BYTES));
  }

  /** An entry of the generation before under this one's key: needs no value. */
  step(index: string): string {
    return stepped(index, this.indexKeys.at(-1)!);
  }

  /** Binds an ordered list of inputs without holding them (blinding journal). */
  digestOf(inputs: readonly Uint8Array[]): string {
    const mac = createHmac('sha256', this.indexKeys.at(-1)!).update('inputs');
    for (const input of inputs) mac.update(Buffer.from(Uint32Array.of(input.length).buffer)).update(input);
    return mac.digest('base64url');
  }

  /** AES-256-GCM, random nonce, bound to the record's key in the store: base64 of nonce | ciphertext | tag. */
  seal(plain: string, boundTo: string): string {
    return sealed(this.sealKey, plain, boundTo).toString('base64');
  }

  /** @throws VAULT_INVALID for another key, another record or changed bytes */
  open(text: string, boundTo: string): string {
    return opened(this.sealKey, Buffer.from(text, 'base64'), boundTo, 'a vault record does not open');
  }

  /** Another key in everything: seal, index (on top of the old ones), blinds. */
  next(): VaultKeys {
    return new VaultKeys({ seal: randomBytes(KEY_BYTES), index: [...this.indexKeys, randomBytes(KEY_BYTES)], blindSeed: randomBytes(KEY_BYTES) });
  }

  /** The same records, and blinds that have nothing to do with those made so far. */
  withFreshBlinds(): VaultKeys {
    return new VaultKeys({ ...this.material, blindSeed: randomBytes(KEY_BYTES) });
  }
}

export function newVaultKeys(): VaultKeys {
  return new VaultKeys({ seal: randomBytes(KEY_BYTES), index: [randomBytes(KEY_BYTES)], blindSeed: randomBytes(KEY_BYTES) });
}

/** @throws VAULT_INVALID when the file is missing, wider than 0600, needs a passphrase or another one */
export function readVaultKeys(file: string, passphrase: string | null = null): VaultKeys {
  const bytes = readPrivateFile(file, 'VAULT_INVALID');
  if (bytes.length === KEY_BYTES) return new VaultKeys(bytes);
  const { v, wrap, body } = jsonOf(bytes);
  if (v !== 2 || typeof body !== 'string') throw lengthFault();
  if (wrap === null) return new VaultKeys(materialOf(Buffer.from(body, 'base64').toString('utf8')));
  if (passphrase === null) throw new DomainError('VAULT_INVALID', 'vault.key is wrapped under a passphrase', { file: 'vault.key', reason: 'passphrase missing' });
  const key = passphraseKey(passphrase, Buffer.from(String(wrap), 'base64'));
  return new VaultKeys(materialOf(opened(key, Buffer.from(body, 'base64'), 'vault.key', 'vault.key does not open with this passphrase')));
}

/** @param passphrase null: the file alone opens the vault, as its mode protects it */
export function writeVaultKeys(file: string, keys: VaultKeys, passphrase: string | null): void {
  const text = textOf(keys.material);
  const salt = passphrase === null ? null : randomBytes(16);
  const body = salt === null ? Buffer.from(text) : sealed(passphraseKey(passphrase!, salt), text, 'vault.key');
  writePrivateFile(file, `${JSON.stringify({ v: 2, wrap: salt?.toString('base64') ?? null, body: body.toString('base64') })}\n`);
}

export function createVaultKeys(file: string, passphrase: string | null = null): VaultKeys {
  if (existsSync(file)) return readVaultKeys(file, passphrase);
  const keys = newVaultKeys();
  writeVaultKeys(file, keys, passphrase);
  return keys;
}

/** JSON of the material, for a wrapped file or an encrypted backup. */
export function textOf({ seal, index, blindSeed }: KeyMaterial): string {
  const text = (key: Uint8Array): string => Buffer.from(key).toString('base64');
  return JSON.stringify({ seal: text(seal), index: index.map(text), blindSeed: text(blindSeed) });
}

export function materialOf(text: string): KeyMaterial {
  const { seal, index, blindSeed } = JSON.parse(text) as { seal: string; index: string[]; blindSeed: string };
  const bytes = (key: string): Uint8Array => new Uint8Array(Buffer.from(key, 'base64'));
  return { seal: bytes(seal), index: index.map(bytes), blindSeed: bytes(blindSeed) };
}

function materialOfMaster(master: Uint8Array): KeyMaterial {
  if (master.length !== KEY_BYTES) throw lengthFault();
  const derived = (label: string): Uint8Array => new Uint8Array(hkdfSync('sha256', master, Buffer.alloc(0), `tally vault ${label}`, KEY_BYTES));
  return { seal: derived('seal'), index: [derived('index')], blindSeed: derived('blind seed') };
}

function stepped(index: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(`again\0${index}`).digest().toString('base64url', 0, INDEX_BYTES);
}

function sealed(key: Uint8Array, plain: string, boundTo: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(boundTo));
  return Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function opened(key: Uint8Array, bytes: Buffer, boundTo: string, fault: string): string {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(boundTo));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    throw new DomainError('VAULT_INVALID', fault, { reason: 'authentication' });
  }
}

function jsonOf(bytes: Buffer): { v?: unknown; wrap?: unknown; body?: unknown } {
  try {
    return JSON.parse(bytes.toString('utf8')) as object;
  } catch {
    throw lengthFault();
  }
}

function lengthFault(): DomainError {
  return new DomainError('VAULT_INVALID', 'vault.key has another length', { file: 'vault.key', reason: 'length' });
}
