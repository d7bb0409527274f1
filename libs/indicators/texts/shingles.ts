/** A redacted text as the set of its overlapping pieces (Broder 1997): runs of characters where it is Han, runs of words elsewhere. */
import { REDACTED } from './redact.js';

export const HAN_SHINGLE = 4;
export const WORD_SHINGLE = 4;
const TOKENS = /\p{Script=Han}|#|[\p{L}\p{M}\p{N}]+/gu;

export interface Shingles {
  readonly pieces: ReadonlySet<string>;
  /** Characters (Han) or words that were not redacted: how much there is to compare. */
  readonly length: number;
}

/** One alphabet for both scripts: a token is a Han character or a word, and a piece is of the size of its first token's script. */
export function shinglesOf(text: string): Shingles {
  const tokens = text.replace(/['’]/g, '').match(TOKENS) ?? [];
  const kept = tokens.filter((token, i) => token !== REDACTED || tokens[i - 1] !== REDACTED);
  const han = kept.filter((token) => /^\p{Script=Han}$/u.test(token)).length;
  const size = han * 2 >= kept.length ? HAN_SHINGLE : WORD_SHINGLE;
  const pieces = new Set<string>();
  for (let i = 0; i + size <= kept.length; i++) pieces.add(kept.slice(i, i + size).join(' '));
  return { pieces, length: kept.filter((token) => token !== REDACTED).length };
}
