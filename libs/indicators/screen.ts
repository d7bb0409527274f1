import { hasPiledMarks, isPlaceholder, plainText } from './text/plain-text.js';
import { beginningOf } from './text/beginning.js';
import type { NormaliseResult, Normaliser } from './normaliser.js';
import { rejection } from './reject-code.js';

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
      const text = plainText(raw);
      if (text.length > normaliser.maxLength) return rejection('TOO_LONG'); // one compatibility character can be eighteen
      if (text === '') return rejection('EMPTY');
      if (isPlaceholder(text)) return rejection('PLACEHOLDER');
      const result = rules(text, raw);
      // a placeholder in quotation marks or behind a label is one still
      return 'forms' in result && isPlaceholder(result.forms[0].value) ? rejection('PLACEHOLDER') : result;
    },
  };
}
