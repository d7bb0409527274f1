/**
 * Digits in other writings as ASCII ones: decimal digits of any script (Unicode general category Nd, which NFKC leaves as they are) and, inside a run
 * that is long enough to be a number, Chinese numerals: people who want to slip past a filter write 一三八 or 壹叁捌 (幺 is 1 when spoken).
 */
const ASCII = /^[\x20-\x7e]*$/;
/** First digit of each block of ten. Unicode 15, in the planes that people type. */
const ZEROS = '٠۰߀०০੦૦୦௦౦೦൦෦๐໐༠၀႐០᠐᥆᧐᪀᪐᭐᮰᱀᱐꘠꣐꤀꧐꧰꩐꯰';
const CHINESE = new Map([...'〇零○一二三四五六七八九幺壹贰貳叁參肆伍陆陸柒捌玖'].map((char, i) => [char, '0001234567891122334566789'.charAt(i)]));
const CHINESE_RUN = /(?:[\d〇零○一二三四五六七八九幺壹贰貳叁參肆伍陆陸柒捌玖][ -]?){7,}/gu;

export function asciiDigits(text: string): string {
  if (ASCII.test(text)) return text;
  return text.replace(/[^\P{Nd}0-9]/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    const zero = [...ZEROS].find((char) => code >= (char.codePointAt(0) ?? 0) && code <= (char.codePointAt(0) ?? 0) + 9);
    return zero === undefined ? digit : String(code - (zero.codePointAt(0) ?? 0));
  }).replace(CHINESE_RUN, (run) => [...run].map((char) => CHINESE.get(char) ?? char).join(''));
}
