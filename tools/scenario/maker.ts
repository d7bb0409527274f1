import type { SeededRandom } from './random.js';

export type Level = 'must' | 'should';

/** One disturbance of a written value. `write` must leave the entity recognisable to a person. */
export interface Noise {
  readonly name: string;
  readonly level: Level;
  write(value: string, random: SeededRandom): string;
}

/** A value before noise. `plain` is how an orderly clerk writes it; `canonical` goes to the truth only. */
export interface Value {
  readonly shape: string;
  readonly plain: string;
  readonly canonical: string;
  /** Real organisation that a caller only claimed to represent. */
  readonly claimed?: boolean;
}

/** Everything the generator knows of one kind of indicator. */
export interface Maker {
  readonly type: string;
  /** First letter of entity ids. */
  readonly letter: string;
  make(random: SeededRandom): Value;
  noises(value: Value): readonly Noise[];
  /** A different entity that looks much like this one; null when this value has none. */
  decoy?(value: Value, random: SeededRandom): { readonly value: Value; readonly how: string } | null;
}

export function noise(name: string, level: Level, write: Noise['write']): Noise {
  return { name, level, write };
}

export const plainNoise = noise('plain', 'must', (value) => value);

/** ASCII digits, letters and signs in their full-width forms (U+FF01..FF5E), blanks as U+3000. */
export function fullWidth(text: string): string {
  return text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)).replace(/ /g, '\u3000');
}
export const fullWidthDigits = (text: string): string => text.replace(/\d/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));

/** Blocks of the given lengths; the last takes the rest. */
export function grouped(text: string, lengths: readonly number[], separator: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const length of lengths) {
    parts.push(text.slice(at, at + length));
    at += length;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts.filter((part) => part !== '').join(separator);
}
export const inFours = (text: string, separator: string): string => grouped(text, Array<number>(Math.ceil(text.length / 4)).fill(4), separator);

/** Luhn's formula, written here anew: the generator shares nothing with what it tests. */
export function withCheckDigit(body: string): string {
  const sum = [...body].reverse().reduce((total, digit, i) => {
    const doubled = i % 2 === 0 ? Number(digit) * 2 : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return body + String((10 - (sum % 10)) % 10);
}
