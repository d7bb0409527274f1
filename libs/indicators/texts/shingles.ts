/** A redacted text as the set of its overlapping pieces (Broder 1997): runs of characters where it is Han, runs of words elsewhere. */
import { COMPLAINT_BOILERPLATE, COMPLAINT_SAME_WORDS } from '../data/complaint-boilerplate.js';
import { REDACTED } from './redact.js';

const { imul } = Math;
/** More than a text has tokens; with 32 bits of hash before it still a whole number. */
const STARTS = 2 ** 20;
const HAN_SHINGLE = 3;
const WORD_SHINGLE = 4;
const HAN = /^\p{Script=Han}$/u;
/** A Latin word ends where Han begins, spaced or not: app平台. */
const TOKENS = /\p{Script=Han}|#|(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])+/gu;

/** The set of the runs of `size` neighbouring tokens. A text has thousands and forty stand for it, so a string is made only of a piece that is asked for. */
export interface Shingles {
  readonly tokens: readonly string[];
  readonly size: number;
  /** Where each different piece begins. */
  readonly starts: Uint32Array;
  /** Its hash, 32 bits. */
  readonly hashes: Uint32Array;
}

/** One size a text: Han characters or words, whatever most of it is. Without boilerplate. */
export function shinglesOf(text: string): Shingles {
  const wording = COMPLAINT_SAME_WORDS.reduce((now, [words, one]) => now.replace(words, one), text.replace(COMPLAINT_BOILERPLATE, ' ')).replace(/['’]/g, '');
  const all = wording.match(TOKENS) ?? [];
  const tokens = all.filter((token, i) => token !== REDACTED || all[i - 1] !== REDACTED);
  const han = tokens.filter((token) => HAN.test(token)).length;
  return shinglesFrom(tokens, han * 2 >= tokens.length ? HAN_SHINGLE : WORD_SHINGLE);
}

/** Equal hashes are found by sorting: a hash table of these would be slowed down by whoever chooses the words. */
export function shinglesFrom(tokens: readonly string[], size: number): Shingles {
  const keyed = new Float64Array(Math.max(0, tokens.length - size + 1));
  for (let start = 0; start < keyed.length; start++) keyed[start] = hashOf(tokens, start, size) * STARTS + start;
  keyed.sort();
  const starts = new Uint32Array(keyed.length);
  const hashes = new Uint32Array(keyed.length);
  let count = 0;
  for (const key of keyed) {
    const start = key % STARTS;
    const hash = (key - start) / STARTS;
    if (count > 0 && hashes[count - 1] === hash) {
      if (comesBefore(tokens, size, start, starts[count - 1]!)) starts[count - 1] = start;
    } else {
      starts[count] = start;
      hashes[count++] = hash;
    }
  }
  return { tokens, size, starts: starts.slice(0, count), hashes: hashes.slice(0, count) };
}

/** The words of a piece, a space between. */
export function pieceAt({ tokens, size }: Pick<Shingles, 'tokens' | 'size'>, start: number): string {
  return tokens.slice(start, start + size).join(' ');
}

/** Of two pieces of one hash the lesser stands for both, whichever comes first in the text. */
function comesBefore(tokens: readonly string[], size: number, one: number, other: number): boolean {
  for (let i = 0; i < size; i++) if (tokens[one + i] !== tokens[other + i]) return pieceAt({ tokens, size }, one) < pieceAt({ tokens, size }, other);
  return false;
}

/** FNV-1a over the UTF-16 code units of the piece. It orders pieces; what stands for a piece is SHA-256. */
function hashOf(tokens: readonly string[], start: number, size: number): number {
  let hash = 0x811c_9dc5;
  for (let i = start; i < start + size; i++) {
    if (i > start) hash = imul(hash ^ 0x20, 0x0100_0193);
    const token = tokens[i]!;
    for (let at = 0; at < token.length; at++) hash = imul(hash ^ token.charCodeAt(at), 0x0100_0193);
  }
  return hash >>> 0;
}
