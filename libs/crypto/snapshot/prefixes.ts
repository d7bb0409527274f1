/**
 * The first 64 bits of tokens, as two 32-bit halves: no 64-bit integer of JavaScript is fast, and a snapshot never looks further.
 */
import { CryptoInputError } from '../crypto.errors.js';

export interface Prefixes {
  readonly hi: Uint32Array;
  readonly lo: Uint32Array;
}

const TOKEN_BYTES = 16;

/** @param tokens 16 bytes each, packed */
export function prefixesOf(tokens: Uint8Array): Prefixes {
  if (tokens.length % TOKEN_BYTES !== 0) throw new CryptoInputError('tokens are 16 bytes each');
  const n = tokens.length / TOKEN_BYTES;
  const view = new DataView(tokens.buffer, tokens.byteOffset, tokens.byteLength);
  const [hi, lo] = [new Uint32Array(n), new Uint32Array(n)];
  for (let i = 0; i < n; i += 1) {
    hi[i] = view.getUint32(i * TOKEN_BYTES);
    lo[i] = view.getUint32(i * TOKEN_BYTES + 4);
  }
  return { hi, lo };
}

/** The top h bits: which bucket. */
export function bucketOf(hi: number, h: number): number {
  return h === 0 ? 0 : hi >>> (32 - h);
}

/** The f bits below the bucket. */
export function lowOf(hi: number, lo: number, h: number, f: number): number {
  const below = h === 0 ? hi : ((hi << h) | (lo >>> (32 - h))) >>> 0;
  return below >>> (32 - f);
}
