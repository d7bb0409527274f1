/**
 * MinHash (Broder 1997): for each of many fixed orders of all possible pieces, the piece of the set that comes first. Two sets agree
 * on one order with the probability of their Jaccard similarity. What is kept of a piece is its fingerprint of 48 bits, not its rank: the rank of
 * the first of a thousand has ten bits less than it seems.
 *
 * No secret is involved: the orders are constants, so that every member finds the same first pieces. What hides them is the OPRF.
 */
import { createHash } from 'node:crypto';

/** Bytes kept of a piece. */
export const FINGERPRINT_BYTES = 6;

/** One fingerprint (12 hex digits) for each order. Empty for an empty set. */
export function minHashOf(pieces: ReadonlySet<string>, orders: number): string[] {
  if (pieces.size === 0) return [];
  const best = new Float64Array(orders).fill(Infinity);
  const first: string[] = new Array<string>(orders);
  for (const piece of pieces) {
    const digest = createHash('sha256').update(piece, 'utf8').digest();
    const a = digest.readUInt32BE(8);
    const b = digest.readUInt32BE(12);
    for (let i = 0; i < orders; i++) {
      const rank = rankOf(a, b, i);
      if (rank < (best[i] ?? 0)) { best[i] = rank; first[i] = digest.toString('hex', 0, FINGERPRINT_BYTES); }
    }
  }
  return first;
}

/** 53 bits: two finalised words, so that two pieces share a rank in no order that matters. */
function rankOf(a: number, b: number, order: number): number {
  const seed = mixed(order + 1);
  return mixed(a ^ seed) * 0x20_0000 + (mixed(b ^ (seed + order)) >>> 11);
}

/** Finaliser of MurmurHash3 (public domain): a bijection of 32 bits. */
function mixed(word: number): number {
  let h = word >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
