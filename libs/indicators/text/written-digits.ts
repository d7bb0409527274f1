/**
 * Digits in other writings as ASCII ones: decimal digits of any script (Unicode general category Nd, which NFKC leaves as they are) and, inside a run
 * that is long enough to be a number, Chinese numerals: people who want to slip past a filter write 一三八 or 壹叁捌 (幺 is 1 when spoken).
 */
import { trimmedBy } from './plain-text.js';

const ASCII = /^[\x20-\x7e]*$/;
/** First digit of each block of ten. Unicode 15, in the planes that people type. */
const ZEROS = '٠۰߀०০੦૦୦௦౦೦൦෦๐໐༠၀႐០᠐᥆᧐᪀᪐᭐᮰᱀᱐꘠꣐꤀꧐꧰꩐꯰';
const CHINESE = new Map([...'〇零○一二三四五六七八九幺壹贰貳叁參肆伍陆陸柒捌玖'].map((char, i) => [char, '0001234567891122334566789'.charAt(i)]));
const CHINESE_RUN = /(?:[\d〇零○一二三四五六七八九幺壹贰貳叁參肆伍陆陸柒捌玖][ -]?){7,}/gu;
/** Digits in rings that NFKC leaves as they are: first digit of each block of nine, and the zeros. Enclosing keycaps (1️⃣) and strokes through (1̶) are a digit and a mark. */
const RINGED_ONES = '\u24f5\u2776\u2780\u278a';
const RINGED = /[\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792\u{1f10b}\u{1f10c}]/gu;
/** As many digits as a whole number has: Chinese numerals beside them are the end of a name (张三 13800138000). */
const WHOLE_NUMBER = 10;

function ringedDigit(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const one = [...RINGED_ONES].find((first) => code >= (first.codePointAt(0) ?? 0) && code <= (first.codePointAt(0) ?? 0) + 8);
  return one === undefined ? '0' : String(code - (one.codePointAt(0) ?? 0) + 1);
}

function spoken(run: string): string {
  const digits = (text: string): string => [...text].map((char) => CHINESE.get(char) ?? char).join('');
  const middle = trimmedBy(run, /\D/, /\D/);
  if (middle.replace(/[ -]/g, '').length < WHOLE_NUMBER) return digits(run);
  const at = run.indexOf(middle);
  return `${run.slice(0, at)}${digits(middle)}${run.slice(at + middle.length)}`;
}

export function asciiDigits(text: string): string {
  if (ASCII.test(text)) return text;
  return text.replace(/[^\P{Nd}0-9]/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    const zero = [...ZEROS].find((char) => code >= (char.codePointAt(0) ?? 0) && code <= (char.codePointAt(0) ?? 0) + 9);
    return zero === undefined ? digit : String(code - (zero.codePointAt(0) ?? 0));
  }).replace(RINGED, ringedDigit).replace(/(?<=\d)\p{M}+/gu, '').replace(CHINESE_RUN, spoken);
}
