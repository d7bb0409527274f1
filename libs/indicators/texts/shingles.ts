/** A redacted text as the set of its overlapping pieces (Broder 1997): runs of characters where it is Han, runs of words elsewhere. */
import { COMPLAINT_BOILERPLATE, COMPLAINT_SAME_WORDS } from '../data/complaint-boilerplate.js';
import { REDACTED } from './redact.js';

const HAN_SHINGLE = 3;
const WORD_SHINGLE = 4;
const HAN = /^\p{Script=Han}$/u;
const TOKENS = /\p{Script=Han}|#|[\p{L}\p{M}\p{N}]+/gu;

/** One size a text: Han characters or words, whatever most of it is. Without boilerplate. */
export function shinglesOf(text: string): ReadonlySet<string> {
  const wording = COMPLAINT_SAME_WORDS.reduce((now, [words, one]) => now.replace(words, one), text.replace(COMPLAINT_BOILERPLATE, ' ')).replace(/['’]/g, '');
  const tokens = wording.match(TOKENS) ?? [];
  const kept = tokens.filter((token, i) => token !== REDACTED || tokens[i - 1] !== REDACTED);
  const han = kept.filter((token) => HAN.test(token)).length;
  const size = han * 2 >= kept.length ? HAN_SHINGLE : WORD_SHINGLE;
  const pieces = new Set<string>();
  for (let i = 0; i + size <= kept.length; i++) pieces.add(kept.slice(i, i + size).join(' '));
  return pieces;
}
