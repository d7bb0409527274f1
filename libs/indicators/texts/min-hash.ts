/**
 * MinHash (Broder 1997): for each of many fixed orders of all possible pieces, the piece of the set that comes first. Two sets agree
 * on one order with the probability of their Jaccard similarity. What is kept of a piece is its fingerprint of 48 bits, not its rank: the rank of
 * the first of a thousand has ten bits less than it seems.
 *
 * No secret is involved: the orders are constants, so that every member finds the same first pieces. What hides them is the OPRF.
 */
import { createHash } from 'node:crypto';
import { pieceAt, type Shingles } from './shingles.js';

const { imul } = Math;
/** Bytes kept of a piece. */
const FINGERPRINT_BYTES = 6;

/** One fingerprint (12 hex digits) for each order. Empty for an empty set. */
export function minHashOf(shingles: Shingles, orders: number): string[] {
  const hashes = shingles.hashes.map(mixed);
  if (hashes.length === 0) return [];
  return Array.from({ length: orders }, (_, order) => fingerprintOf(pieceAt(shingles, shingles.starts[firstBy(hashes, mixed(0x9e37_79b9 * (order + 1)))]!)));
}

/** A rank is a bijection of the hash, so no two are equal. */
function firstBy(hashes: Uint32Array, seed: number): number {
  let best = Infinity;
  let first = 0;
  for (let i = 0; i < hashes.length; i++) {
    const rank = mixed(hashes[i]! ^ seed);
    if (rank < best) {
      best = rank;
      first = i;
    }
  }
  return first;
}

function fingerprintOf(piece: string): string {
  return createHash('sha256').update(piece, 'utf8').digest().toString('hex', 0, FINGERPRINT_BYTES);
}

/** Finaliser of MurmurHash3 (public domain): a bijection of 32 bits. */
function mixed(word: number): number {
  let h = word >>> 0;
  h = imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
