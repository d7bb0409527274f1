/**
 * MinHash (Broder 1997): for each of many fixed orders of all possible pieces, the piece of the set that comes first. Two sets agree
 * on one order with the probability of their Jaccard similarity. What is kept of a piece is its fingerprint of 48 bits, not its rank: the rank of
 * the first of a thousand has ten bits less than it seems.
 *
 * No secret is involved: the orders are constants, so that every member finds the same first pieces. What hides them is the OPRF.
 */
import { createHash } from 'node:crypto';

/** Bytes kept of a piece. */
const FINGERPRINT_BYTES = 6;

/** One fingerprint (12 hex digits) for each order. Empty for an empty set. */
export function minHashOf(pieces: ReadonlySet<string>, orders: number): string[] {
  const seeds = Uint32Array.from({ length: orders }, (_, order) => mixed(0x9e37_79b9 * (order + 1)));
  const best = new Float64Array(orders).fill(Infinity);
  const first = new Array<string>(orders);
  for (const piece of pieces) {
    const hash = hashOf(piece);
    for (let order = 0; order < orders; order++) {
      const rank = mixed(hash ^ seeds[order]!);
      if (rank < best[order]! || (rank === best[order] && piece < first[order]!)) {
        best[order] = rank;
        first[order] = piece;
      }
    }
  }
  return pieces.size === 0 ? [] : first.map(fingerprintOf);
}

function fingerprintOf(piece: string): string {
  return createHash('sha256').update(piece, 'utf8').digest().toString('hex', 0, FINGERPRINT_BYTES);
}

/** FNV-1a over UTF-16 code units, finalised. It orders pieces; what stands for a piece is SHA-256. */
function hashOf(piece: string): number {
  let hash = 0x811c_9dc5;
  for (let i = 0; i < piece.length; i++) hash = Math.imul(hash ^ piece.charCodeAt(i), 0x0100_0193);
  return mixed(hash);
}

/** Finaliser of MurmurHash3 (public domain): a bijection of 32 bits. */
function mixed(word: number): number {
  let h = word >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
