import { hasPiledMarks, isPlaceholder, plainText } from './text/plain-text.js';
import { beginningOf } from './text/beginning.js';
import type { NormaliseResult, Normaliser } from './normaliser.js';
import { rejection } from './reject-code.js';

const SLICE = 1_024;

/**
 * One compatibility character can be eighteen (U+FDFA), so a text is unfolded in slices until it is twice too long. Twice: a slice counts invisible characters too,
 * and marks that its end parts from their letter.
 */
function unfoldsFarBeyond(raw: string, maxLength: number): boolean {
  let length = 0;
  for (let at = 0; raw.length > SLICE && at < raw.length && length <= 2 * maxLength; at += SLICE) length += raw.slice(at, at + SLICE).normalize('NFKC').length;
  return length > 2 * maxLength;
}

/**
 * What every kind refuses alike, before its own rules see the text: too long (so that no rule works on unbounded
 * attacker-controlled input), not well-formed UTF-16 (it has no UTF-8 and so no token), empty, a placeholder.
 */
export function screened(normaliser: Omit<Normaliser, 'normalise'>, rules: (text: string, raw: string) => NormaliseResult): Normaliser {
  return {
    ...normaliser,
    normalise(whole: string): NormaliseResult {
      if (whole.length > normaliser.maxLength) return rejection('TOO_LONG');
      const raw = beginningOf(whole, normaliser.readMax ?? normaliser.maxLength);
      if (!whole.isWellFormed() || hasPiledMarks(raw)) return rejection('MALFORMED_TEXT');
      if (unfoldsFarBeyond(raw, normaliser.maxLength)) return rejection('TOO_LONG');
      const text = plainText(raw);
      if (text.length > normaliser.maxLength) return rejection('TOO_LONG');
      if (text === '') return rejection('EMPTY');
      if (isPlaceholder(text)) return rejection('PLACEHOLDER');
      const result = rules(text, raw);
      // a placeholder in quotation marks or behind a label is one still
      return 'forms' in result && isPlaceholder(result.forms[0].value) ? rejection('PLACEHOLDER') : result;
    },
  };
}
