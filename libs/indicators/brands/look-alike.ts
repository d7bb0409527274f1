/** The shape of a text: what an eye that does not stop would read. Two spellings of one shape imitate each other. */
import { LATIN_LIGATURES, LOOK_ALIKES } from '../data/look-alikes.js';

/** Takes a canonical (NFKC, simplified, lower-case) text; one character stays one character. */
export function shapeOf(text: string): string {
  let out = '';
  for (const char of text) out += LOOK_ALIKES.get(char) ?? char;
  return out;
}

/** For Latin text, where two letters may be drawn like one: `vvebank`, `rnicrosoft`. */
export function latinShapeOf(text: string): string {
  return LATIN_LIGATURES.reduce((shape, [drawn, read]) => shape.replaceAll(drawn, read), shapeOf(text));
}
