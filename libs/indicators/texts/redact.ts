/**
 * What tells persons, firms and sums apart is taken out of a complaint before anything is made of it: what stays is the wording that
 * one writer lends to many senders. Redaction errs towards taking too much: a word lost on both sides costs little, a name
 * left in would be tested against everybody's texts.
 */
import { CN_PLACE_NAMES } from '../data/cn-place-names.js';
import { CN_TRADE_WORDS } from '../data/cn-trade-words.js';
import { simplifiedHan } from '../text/han-fold.js';
import { plainText } from '../text/plain-text.js';

/** Stands for whatever was taken out; neighbouring ones are one. */
export const REDACTED = '#';

const ADDRESSES = /\b(?:https?:\/\/|www\.)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;
/** CFPB and others write XXXX, {$500.00}, ***. */
const BLACKED_OUT = /\{[^{}]{0,40}\}|\b[xX]{2,}\b|[*＊]{2,}|[某]{2,}/g;
/** Numbers with what joins their digits, Chinese dates and sums included. */
const NUMBERS = /[$¥￥€£]?\d[\d,.:/\\-]*(?:年|月|日|号|元|万元|万|千|块|角|期|次|时|分|点|天|个月|岁|%)?(?:\d[\d,.:/-]*(?:年|月|日|号|元|万元|时|分)?)*/g;
const HAN_NUMBERS = /[零〇一二三四五六七八九十百千万亿两]{2,}(?:元|万|年|月|日|期|次|天|块)?/g;
const SURNAMES = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤';
const PERSONS = new RegExp(`(?:[${SURNAMES}]\\p{Script=Han}{0,2}|小[${SURNAMES}]|老[${SURNAMES}])(?=先生|女士|小姐|经理|主管|专员|老师|律师|警官|主任|总)`, 'gu');
const NAMED = /((?:我叫|本人姓名|姓名|名叫|联系人|收款人|户名|法人|负责人)(?:为|是|[:：])? ?)\p{Script=Han}{2,4}/gu;
const TITLED = /\b(?:mr|mrs|ms|miss|dr|prof|judge|officer|attorney)\.? +(?:[A-Z][\p{L}'.-]*(?: +|$)){1,3}/giu;
const FIRM = /\p{Script=Han}{2,24}?(?:\([\p{Script=Han}]{2,6}\)\p{Script=Han}{0,12}?)?(?:股份有限公司|有限责任公司|有限公司|集团公司|分公司)/gu;
/** The firm's own word has two to four characters as a rule. */
const FIRM_WORD_MAX = 4;
const TRADE_MAX = 8;

/** Canonical wording: NFKC, simplified, lower case, everything that names somebody or counts something replaced by one mark. */
export function redacted(raw: string): string {
  const text = simplifiedHan(plainText(raw)).replace(ADDRESSES, REDACTED).replace(BLACKED_OUT, REDACTED);
  const named = withoutProperNouns(text.replace(TITLED, `${REDACTED} `));
  return named.toLowerCase()
    .replace(FIRM, (name) => withoutFirm(name))
    .replace(PERSONS, REDACTED).replace(NAMED, `$1${REDACTED}`)
    .replace(NUMBERS, REDACTED).replace(HAN_NUMBERS, REDACTED)
    .replace(/#(?:[\s,.;:、，。]*#)+/g, REDACTED);
}

/** English names: capitalised words that do not begin a sentence; not in a text that is written in capitals. */
function withoutProperNouns(text: string): string {
  const letters = text.match(/[A-Za-z]/g)?.length ?? 0;
  const capitals = text.match(/[A-Z]/g)?.length ?? 0;
  if (letters === 0 || capitals > letters * 0.4) return text;
  return text.replace(/(?<=[a-z0-9,;:'")] {1,2})[A-Z][\p{L}'&.-]*[\p{L}](?: +(?:of|and|&|the|[A-Z][\p{L}'&.-]*))*(?<![ .])/gu, (words) => (words === 'I' ? words : REDACTED));
}

/** From the legal form backwards: trade words, the firm's own word, the place before it. What stands before that stays. */
function withoutFirm(match: string): string {
  let at = match.replace(/(?:股份有限公司|有限责任公司|有限公司|集团公司|分公司)$/u, '').length;
  for (let trade = tradeBefore(match, at); trade > 0; trade = tradeBefore(match, at)) at -= trade;
  for (let start = 0; start < at; start++) {
    for (let length = 2; length <= 5; length++) if (CN_PLACE_NAMES.has(match.slice(start, start + length)) && start + length <= at) return match.slice(0, start) + REDACTED;
  }
  return match.slice(0, Math.max(0, at - FIRM_WORD_MAX)) + REDACTED;
}

function tradeBefore(text: string, end: number): number {
  for (let length = Math.min(TRADE_MAX, end); length >= 2; length--) if (CN_TRADE_WORDS.has(text.slice(end - length, end))) return length;
  return 0;
}
