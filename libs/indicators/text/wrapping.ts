/**
 * What people put around a value: brackets of any shape, quotation marks, a pictograph, a remark in brackets behind it (工行, 已封, 华为). For
 * values that hold none of these themselves; names and texts keep theirs.
 */
import { trimmedBy, unquoted } from './plain-text.js';

const OPENING = '([{<【〔「『《〈';
const CLOSING = ')]}>】〕」』》〉';
const REMARK = /\s?[([{<【〔「『《〈]([^()[\]{}<>【】〔〕「」『』《》〈〉]{0,40})[)\]}>】〕」』》〉]$/u;
/** Of a second value, which is no remark. */
const PART_OF_A_VALUE = /[0-9a-f]{5}|@|\d\.\d|\w\.\w/i;
/** Blocks of symbols and pictographs, as fixed ranges: what counts as a pictograph differs between versions of Unicode. */
const PICTOGRAPH = /[\s\u20e3\u2600-\u275f\u2794-\u27bf\u2b00-\u2bff\u{1f000}-\u{1faff}]/u;
const ROUNDS = 6;

function withoutBrackets(text: string): string {
  const shape = text === '' ? -1 : OPENING.indexOf(text.charAt(0));
  if (shape < 0 || text.charAt(text.length - 1) !== CLOSING.charAt(shape)) return text;
  const inner = text.slice(1, -1);
  return inner.includes(OPENING.charAt(shape)) || inner.includes(CLOSING.charAt(shape)) ? text : inner;
}

/** Takes away a remark in brackets at the end. */
export function withoutRemark(text: string): string {
  const found = REMARK.exec(text);
  return found === null || found.index === 0 || PART_OF_A_VALUE.test(found[1] ?? '') ? text : text.slice(0, found.index);
}

/** Takes plain text. */
export function bareValue(text: string): string {
  let bare = text;
  for (let round = 0; round < ROUNDS; round++) {
    const next = withoutRemark(withoutBrackets(trimmedBy(unquoted(bare), PICTOGRAPH, PICTOGRAPH)));
    if (next === bare) break;
    bare = next;
  }
  return bare;
}

/** Takes away the label that the text begins with, and what stands around both. */
export function unlabelled(text: string, label: RegExp): string {
  return bareValue(bareValue(text).replace(label, ''));
}
