/**
 * The common first step of every kind: what people cannot see is removed, what looks alike by Unicode's own
 * compatibility mapping (full-width forms, Kangxi radicals, ligatures) becomes one. UAX #15 NFKC; default-ignorable
 * code points of UAX #44. Never touches what a reader would call a letter.
 */
const ASCII = /^[\x20-\x7e]*$/;
// soft hyphen, combining grapheme joiner, Arabic letter mark, Hangul fillers, Khmer inherent vowels, Mongolian selectors,
// zero-width and directional marks, word joiner, variation selectors, BOM, interlinear marks, tags
const INVISIBLE = /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\u{e0000}-\u{e0fff}]/gu;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]+/g;
const DASHES = /[\u2010-\u2015\u2043\u207b\u208b\u2212\u2500\u2501\u2796\u30fc\u301c\u3030\ufe58\ufe63\uff0d\uff70]/g;

/** More marks on one character than any script has (UAX #15 13, stream-safe text); putting them in order costs the square of their number. */
const PILED_MARKS = /[\p{M}\uff9e\uff9f]{31,}/u;

export function hasPiledMarks(raw: string): boolean {
  return !ASCII.test(raw) && PILED_MARKS.test(raw);
}

/** NFKC, no invisible characters, control characters and all kinds of blanks as one space, trimmed. */
export function plainText(raw: string): string {
  if (ASCII.test(raw)) return raw.trim();
  const visible = raw.replace(CONTROL, ' ').replace(INVISIBLE, '').normalize('NFKC').replace(INVISIBLE, '');
  return visible.replace(/\s+/g, ' ').trim();
}

/** Every dash, minus and long-vowel mark as ASCII hyphen. For numbers and identifiers only: in names ー is a letter. */
export function plainDashes(text: string): string {
  return ASCII.test(text) ? text : text.replace(DASHES, '-');
}

const PLACEHOLDERS = new Set([
  '-', '--', '---', '.', '/', '\\', '?', '??', '0', 'n/a', 'na', 'nil', 'nan', 'null', '(null)', 'none', 'undefined', 'unknown', 'empty', 'test',
  'anonymous', 'private', 'private number', 'no caller id', 'withheld', 'unavailable', 'not available', 'tbd', '#n/a', '#ref!', '#value!', '#name?',
  '未知', '不详', '不明', '无', '没有', '暂无', '空', '未提供', '未填写', '未填', '待补充', '匿名', '匿名号码', '匿名来电', '未知号码', '私人号码', '隐藏号码', '保密', '其他',
  '無', '沒有', '不詳', '匿名號碼', '未知號碼', '保密號碼', '暫無',
  '不知', '不知道', '不清楚', '不记得', '不明确', '未获取', '未获取到', '无法获取', '获取失败', '未留', '未登记', '待核实', '待查', '待定', '待确认', '拒绝提供', '同上', '见上', '见附件', '见备注', '略', '测试', '異常', '异常',
  '測試', '未獲取', '見附件', '待查證', 'n.a.', 'n.a', 'unknow', 'ditto', 'same as above', 'see above', 'see attachment', 'not provided', 'not applicable', 'missing', 'error', 'x', 'xx', 'xxx', 'xxxx', '*', '**', '***', '****',
]);

/** Words people write where a value is missing. Takes plain text. */
export function isPlaceholder(text: string): boolean {
  return text.length <= 16 && PLACEHOLDERS.has(text.toLowerCase());
}

const BEFORE = /[\s'"`=\u2018-\u201f\u2032\u2033\u300c-\u300f]/;
const BEHIND = /[\s'"`\u2018-\u201f\u2032\u2033\u300c-\u300f;,\u3001\u3002]/;

/** Takes away quotation marks, a spreadsheet's leading apostrophe or equals sign, and the stop of the sentence, from both ends. */
export function unquoted(text: string): string {
  return trimmedBy(text, BEFORE, BEHIND);
}

/** Takes away, from each end, the characters of which the shape is true. By hand: a regular expression bound to the end tries every start, which is quadratic. */
export function trimmedBy(text: string, before: RegExp, behind: RegExp): string {
  let start = 0;
  let end = text.length;
  while (start < end) {
    const char = String.fromCodePoint(text.codePointAt(start) ?? 0);
    if (!before.test(char)) break;
    start += char.length;
  }
  while (end > start) {
    const isPair = (text.charCodeAt(end - 1) & 0xfc00) === 0xdc00 && end - start > 1;
    const char = text.slice(isPair ? end - 2 : end - 1, end);
    if (!behind.test(char)) break;
    end -= char.length;
  }
  return text.slice(start, end);
}

export function luhnValid(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    let d = digits.charCodeAt(digits.length - 1 - i) - 48;
    if (i % 2 === 1) d = d > 4 ? 2 * d - 9 : 2 * d;
    sum += d;
  }
  return sum % 10 === 0;
}

/** The Luhn digit that completes the number (ISO/IEC 7812-1 annex B). */
export function luhnDigit(digits: string): string {
  for (let d = 0; d < 10; d++) if (luhnValid(`${digits}${String(d)}`)) return String(d);
  return '';
}
