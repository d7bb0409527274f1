/**
 * Where the key that opens a sealed secret comes from. The secret itself (share, ceremony state) is sealed by sealed-secret.ts and never seen
 * here. Two adapters exist, a passphrase and a key file; a third, for a PKCS#11 token, must do what docs/protocol/ceremonies.md says of
 * adapters and pass the specification in sealing.spec.ts.
 */
import { hkdfSync, scrypt, scryptSync } from 'node:crypto';
import { utf8 } from '../bytes.js';
import { CryptoInputError } from '../crypto.errors.js';

/** As it stands in the clear in the sealed file, authenticated: how its key is made. */
export type KeyRecipe =
  | { readonly kind: 'scrypt'; readonly n: number; readonly r: number; readonly p: number; readonly salt: string }
  | { readonly kind: 'key-file'; readonly salt: string }
  | { readonly kind: 'pkcs11'; readonly salt: string; readonly object: string };

export interface KeySource {
  readonly kind: KeyRecipe['kind'];
  /** A recipe for one new file. @param salt 32 fresh bytes, base64url */
  recipe(salt: string): KeyRecipe;
  /** 32 bytes, the same for the same recipe, unrelated for another. @throws CryptoInputError for a recipe that is not its own or is out of bounds */
  keyFor(recipe: KeyRecipe): Promise<Uint8Array>;
}

/** RFC 7914: 2^17 * 8 * 128 bytes = 128 MiB and about 0.4 s a guess. */
const SCRYPT = { n: 2 ** 17, r: 8, p: 1 };
const MAXMEM = 160; // times n * r: RFC 7914 needs 128 and a little
/** What a file may ask for: never less than half of ours, never so much that opening it is an attack. */
const SCRYPT_N = { least: 2 ** 16, most: 2 ** 20 };
export const PASSPHRASE_LEAST = 16;

/** @param passphrase at least 16 characters @throws CryptoInputError */
export function passphraseSource(passphrase: string): KeySource {
  const secret = passphraseBytes(passphrase);
  return {
    kind: 'scrypt',
    recipe: (salt) => ({ kind: 'scrypt', ...SCRYPT, salt }),
    keyFor: (recipe) => {
      if (recipe.kind !== 'scrypt') throw new CryptoInputError('sealed with something else than a passphrase');
      const { n, r, p } = recipe;
      const sane = Number.isInteger(Math.log2(n)) && n >= SCRYPT_N.least && n <= SCRYPT_N.most && r === SCRYPT.r && p === SCRYPT.p;
      if (!sane) throw new CryptoInputError('scrypt parameters out of bounds');
      return derive(secret, Buffer.from(recipe.salt, 'base64url'), { N: n, r, p, maxmem: MAXMEM * n * r });
    },
  };
}

/** The same work for a file that has a layout of its own (the agent's vault). @returns 32 bytes @throws CryptoInputError */
export function passphraseKey(passphrase: string, salt: Uint8Array): Uint8Array {
  const { n, r, p } = SCRYPT;
  return new Uint8Array(scryptSync(passphraseBytes(passphrase), salt, 32, { N: n, r, p, maxmem: MAXMEM * n * r }));
}

/** NFC, so that it does not matter on which machine it was typed. */
function passphraseBytes(passphrase: string): Uint8Array {
  if ([...passphrase].length < PASSPHRASE_LEAST) throw new CryptoInputError(`a passphrase has at least ${PASSPHRASE_LEAST} characters`);
  return utf8(passphrase.normalize('NFC'));
}

/** @param text 64 hexadecimal digits @throws CryptoInputError */
export function keyFileSource(text: string): KeySource {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new CryptoInputError('a key file holds 64 hexadecimal digits');
  const secret = Buffer.from(text, 'hex');
  return {
    kind: 'key-file',
    recipe: (salt) => ({ kind: 'key-file', salt }),
    keyFor: (recipe) => {
      if (recipe.kind !== 'key-file') throw new CryptoInputError('sealed with something else than a key file');
      return Promise.resolve(new Uint8Array(hkdfSync('sha512', secret, Buffer.from(recipe.salt, 'base64url'), utf8('tally1 sealed file'), 32)));
    },
  };
}

function derive(secret: Uint8Array, salt: Uint8Array, options: { N: number; r: number; p: number; maxmem: number }): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, 32, options, (error, key) => (error ? reject(error) : resolve(new Uint8Array(key))));
  });
}
