/**
 * A secret at rest: JSON that says in the clear what it is for and how its key is made, and the secret under AES-256-GCM. Everything in the clear
 * is authenticated with it. Each file has its own salt, hence its own key: its nonce may be fixed in the layout and never meets a key twice.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { canonicalBytes, DomainError, type Json } from '#kernel';
import { fromBase64url, toBase64url } from '../bytes.js';
import type { KeyRecipe, KeySource } from './key-source.port.js';

export interface SealedSecret {
  readonly v: 1;
  /** What is inside: `tally-share+1`, `tally-ceremony-secrets+1`. */
  readonly sealed: string;
  /** Public facts about it. */
  readonly about: Readonly<Record<string, Json>>;
  readonly key: KeyRecipe;
  /** base64url, ciphertext and tag. */
  readonly box: string;
}

const NONCE = new Uint8Array(12);
const TAG_BYTES = 16;
const SALT_BYTES = 32;

/** @param secret what is sealed; its canonical bytes are overwritten here, the value is the caller's @returns a file of its own salt and key */
export async function sealSecret(source: KeySource, facts: Pick<SealedSecret, 'sealed' | 'about'>, secret: Json): Promise<SealedSecret> {
  const key = source.recipe(toBase64url(randomBytes(SALT_BYTES)));
  const header = { v: 1 as const, sealed: facts.sealed, about: facts.about, key };
  const cipherKey = await source.keyFor(key);
  const cipher = createCipheriv('aes-256-gcm', cipherKey, NONCE).setAAD(canonicalBytes(header as unknown as Json));
  const plain = canonicalBytes(secret);
  const box = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  plain.fill(0);
  cipherKey.fill(0);
  return { ...header, box: toBase64url(box) };
}

/** True for what sealSecret made, whatever it is for. */
export function isSealedSecret(value: unknown): value is SealedSecret {
  const file = (value ?? {}) as Partial<SealedSecret>;
  return typeof value === 'object' && Object.keys(file).sort().join() === 'about,box,key,sealed,v' && file.v === 1 && typeof file.sealed === 'string'
    && typeof file.about === 'object' && file.about !== null && typeof file.box === 'string' && typeof file.key === 'object' && isRecipe(file.key);
}

function isRecipe(key: KeyRecipe | null): boolean {
  return key !== null && ['scrypt', 'key-file', 'pkcs11'].includes(key.kind) && typeof key.salt === 'string' && Buffer.from(key.salt, 'base64url').length === SALT_BYTES;
}

/** @throws DomainError CONFIG_INVALID: another passphrase or key, changed bytes, or another kind of secret. Which of them is not told */
export async function openSecret(source: KeySource, file: unknown, sealed: string): Promise<{ readonly about: Readonly<Record<string, Json>>; readonly secret: Json }> {
  if (!isSealedSecret(file) || file.sealed !== sealed) throw new DomainError('CONFIG_INVALID', 'not a sealed file of this kind', { reason: 'sealed' });
  const { box, ...header } = file;
  try {
    const cipherKey = await source.keyFor(file.key);
    const bytes = fromBase64url(box);
    const opener = createDecipheriv('aes-256-gcm', cipherKey, NONCE, { authTagLength: TAG_BYTES }).setAAD(canonicalBytes(header as unknown as Json));
    opener.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
    const plain = Buffer.concat([opener.update(bytes.subarray(0, bytes.length - TAG_BYTES)), opener.final()]);
    cipherKey.fill(0);
    const secret = JSON.parse(plain.toString('utf8')) as Json;
    plain.fill(0);
    return { about: file.about, secret };
  } catch (cause) {
    throw new DomainError('CONFIG_INVALID', 'the sealed file does not open with this passphrase or key', { reason: 'sealed' }, { cause });
  }
}
