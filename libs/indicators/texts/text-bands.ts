/**
 * A complaint as tokens can compare it (docs/complaint-texts.md): bands of min-hashes of its redacted wording. Two texts match when enough of
 * their bands are equal; which ones differ says nothing to anybody.
 */
import { minHashOf } from './min-hash.js';
import { redacted } from './redact.js';
import { shinglesOf } from './shingles.js';

/** Changing any of these, or the redaction, makes other tokens: raise the normaliser's version. */
export const BAND_COUNT = 16;
/** Min-hashes in a band, 48 bits each. */
export const BAND_ROWS = 2;
/** Fewer pieces than this are a sentence that everybody writes. */
export const PIECES_MIN = 12;

export interface TextBands {
  /** Canonical redacted wording, for the exact form. */
  readonly wording: string;
  /** `position.fingerprints`, BAND_COUNT of them; empty when there is too little to compare. */
  readonly bands: readonly string[];
  readonly pieces: number;
}

export function textBandsOf(raw: string, count = BAND_COUNT, rows = BAND_ROWS): TextBands {
  const wording = redacted(raw);
  const { pieces } = shinglesOf(wording);
  if (pieces.size < PIECES_MIN) return { wording, bands: [], pieces: pieces.size };
  const hashes = minHashOf(pieces, count * rows);
  const bands = Array.from({ length: count }, (_, band) => `${String(band).padStart(2, '0')}.${hashes.slice(band * rows, (band + 1) * rows).join('')}`);
  return { wording, bands, pieces: pieces.size };
}
