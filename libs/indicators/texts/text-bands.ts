/**
 * A complaint as tokens can compare it (docs/complaint-texts.md): bands of min-hashes of its redacted wording. Two texts match when enough of
 * their bands are equal; which ones differ says nothing to anybody. Changing any figure here, or the redaction, makes other
 * tokens: raise the normaliser's version.
 */
import { createHash } from 'node:crypto';
import { beginningOf } from '../text/beginning.js';
import { minHashOf } from './min-hash.js';
import { redacted } from './redact.js';
import { shinglesOf, type Shingles } from './shingles.js';

export const TEXT_BANDS = 20;
/** Min-hashes in a band, 48 bits each. */
const BAND_ROWS = 2;
/** Fewer pieces than this are a sentence that everybody writes. */
const PIECES_MIN = 15;
/** Characters of plain text that are compared, so that the longest costs no more than 5 ms. */
export const TEXT_READ_MAX = 4_000;

export interface TextBands {
  /** SHA-256 of the redacted words in their order, hex: the same for texts that differ in what was redacted only. */
  readonly wording: string;
  /** `position.fingerprints`: the position is part of what is tokenised, so that a band meets its like only. */
  readonly bands: readonly string[];
}

/** Takes plain text (NFKC). Null when there is too little wording to compare. */
export function textBandsOf(plain: string): TextBands | null {
  const pieces = textPiecesOf(plain);
  if (pieces.starts.length < PIECES_MIN) return null;
  return { wording: createHash('sha256').update(pieces.tokens.join(' '), 'utf8').digest('hex'), bands: bandsOf(pieces, TEXT_BANDS, BAND_ROWS) };
}

/** Takes plain text. What is compared of it. */
export function textPiecesOf(plain: string): Shingles {
  return shinglesOf(redacted(beginningOf(plain, TEXT_READ_MAX)));
}

export function bandsOf(pieces: Shingles, count: number, rows: number): string[] {
  const hashes = minHashOf(pieces, count * rows);
  return Array.from({ length: count }, (_, band) => `${String(band).padStart(2, '0')}.${hashes.slice(band * rows, (band + 1) * rows).join('')}`);
}
