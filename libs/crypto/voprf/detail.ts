/**
 * The sealed detail of a clue (docs/protocol/derivations.md): XChaCha20-Poly1305 under the seal key, random nonce, bound to hub, epoch,
 * token, clue and revision, padded to classes of 256 bytes so that its length tells little.
 * Sealed layout: version 1 | nonce 24 | ciphertext and tag. Plaintext: u32 length | detail | zeros.
 */
import type sodiumModule from 'libsodium-wrappers-sumo';
import { canonicalBytes } from '#kernel';
import { concat, isZero, toBase64url, u32 } from '../bytes.js';
import { CryptoInputError, DetailInvalidError } from '../crypto.errors.js';
import { SEAL_KEY_BYTES } from './derivation.js';

const DETAIL_CLASS_BYTES = 256;
const DETAIL_MAX_BYTES = 16 * 1024 - 4;
const VERSION = 1;
const NONCE_BYTES = 24;
const TAG_BYTES = 16;

export interface DetailBinding {
  readonly hub: string;
  readonly epoch: number;
  /** 16 bytes. */
  readonly token: Uint8Array;
  readonly clueId: string;
  readonly revision: number;
}

export interface DetailBox {
  seal(sealKey: Uint8Array, detail: Uint8Array, binding: DetailBinding): Uint8Array;
  /** @throws DetailInvalidError for another key, another binding or changed bytes. */
  open(sealKey: Uint8Array, sealed: Uint8Array, binding: DetailBinding): Uint8Array;
}

type Sodium = typeof sodiumModule;

/** Loads libsodium, which takes 11 MB of memory in each thread that asks for it: a thread that opens no box does without. */
export async function createDetailBox(): Promise<DetailBox> {
  const { default: sodium } = await import('libsodium-wrappers-sumo');
  await sodium.ready;
  return { seal: (...given) => seal(sodium, ...given), open: (...given) => open(sodium, ...given) };
}

function seal(sodium: Sodium, sealKey: Uint8Array, detail: Uint8Array, binding: DetailBinding): Uint8Array {
  checkKey(sealKey);
  if (detail.length > DETAIL_MAX_BYTES) throw new CryptoInputError('detail is too long');
  const nonce = sodium.randombytes_buf(NONCE_BYTES);
  const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(padded(detail), additionalData(binding), null, nonce, sealKey);
  return concat(Uint8Array.of(VERSION), nonce, sealed);
}

function open(sodium: Sodium, sealKey: Uint8Array, sealed: Uint8Array, binding: DetailBinding): Uint8Array {
  checkKey(sealKey);
  const body = sealed.length - 1 - NONCE_BYTES - TAG_BYTES;
  if (sealed[0] !== VERSION || body < DETAIL_CLASS_BYTES || body % DETAIL_CLASS_BYTES !== 0) throw new DetailInvalidError('layout');
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  let plain: Uint8Array;
  try {
    plain = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed.subarray(1 + NONCE_BYTES), additionalData(binding), nonce, sealKey);
  } catch {
    throw new DetailInvalidError('authentication');
  }
  return unpadded(plain);
}

function additionalData({ hub, epoch, token, clueId, revision }: DetailBinding): Uint8Array {
  return canonicalBytes({ hub, epoch, token: toBase64url(token), clueId, revision });
}

function padded(detail: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil((detail.length + 4) / DETAIL_CLASS_BYTES) * DETAIL_CLASS_BYTES);
  out.set(u32(detail.length));
  out.set(detail, 4);
  return out;
}

function unpadded(plain: Uint8Array): Uint8Array {
  const length = new DataView(plain.buffer, plain.byteOffset, plain.byteLength).getUint32(0);
  if (length > plain.length - 4 || plain.length - 4 - length >= DETAIL_CLASS_BYTES || !isZero(plain.subarray(4 + length))) {
    throw new DetailInvalidError('padding');
  }
  return plain.slice(4, 4 + length);
}

function checkKey(sealKey: Uint8Array): void {
  if (sealKey.length !== SEAL_KEY_BYTES) throw new CryptoInputError('a seal key is 32 bytes');
}
