/**
 * What tells persons, firms and sums apart is taken out of a complaint before anything is made of it: what stays is the wording that
 * one writer lends to many senders. Redaction errs towards taking too much: a word lost on both sides costs little, a name
 * left in would be tested against everybody's texts.
 */
import { CN_PLACE_NAMES } from '../data/cn-place-names.js';
import { CN_TRADE_WORDS } from '../data/cn-trade-words.js';
import { simplifiedHan } from '../text/han-fold.js';

/** Stands for whatever was taken out; neighbouring ones are one. */
export const REDACTED = '#';

const ADDRESSES = /\b(?:https?:\/\/|www\.)\S{1,2048}|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/gi;
/** CFPB and others write XXXX, {$500.00}, ***. */
const BLACKED_OUT = /\{[^{}]{0,40}\}|\b[xX]{2,}\b|[*＊]{2,}|[某]{2,}/g;
/** Anonymised by its writer: 某消费金融平台, 某银行信用卡. */
const SOME = /某\p{Script=Han}{1,8}?(?:平台|银行信用卡|银行|机构|公司|信用卡|软件)/gu;
/** Numbers with what joins their digits and counts them; the parts of a date become one mark in the end. */
const NUMBERS = /[$¥￥€£]?\p{Nd}(?:[\p{Nd},.:/\\-]*\p{Nd})?(?:年|月|日|号|元|万元|万|千|块|角|期|次|时|分|点|天|个月|岁|%)?/gu;
const HAN_NUMBERS = /[零〇一二三四五六七八九十百千万亿两]{2,}(?:元|万|年|月|日|期|次|天|块)?/g;
const SURNAMES = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤';
const PERSONS = new RegExp(`(?:[${SURNAMES}]\\p{Script=Han}{0,2}|小[${SURNAMES}]|老[${SURNAMES}])(?=先生|女士|小姐|经理|主管|专员|老师|律师|警官|主任|总)`, 'gu');
const NAMED = /((?:我叫|本人姓名|姓名|名叫|联系人|收款人|户名|法人|负责人)(?:为|是|[:：])? ?)\p{Script=Han}{2,4}/gu;
const TITLED = /\b(?:[Mm](?:r|rs|s|iss)|MR|MRS|MS|[Dd]r|[Pp]rof|[Jj]udge|[Oo]fficer|[Aa]ttorney)\.? +(?:\p{Lu}[\p{L}'.-]{0,30}(?: +|$|(?=[,;]))){1,3}/gu;
const LEGAL_FORM = /股份有限公司|有限责任公司|有限公司|集团公司|分公司/gu;
const NOT_IN_NAME = /[^\p{Script=Han}()]/u;
const FIRM_MAX = 24;
/** The firm's own word has two to four characters as a rule. */
const FIRM_WORD_MAX = 4;
const TRADE_MAX = 8;
const PLACE_MAX = 5;

/** Takes plain text (NFKC). Canonical wording: simplified, lower case, everything that names somebody or counts something replaced by one mark. */
export function redacted(plain: string): string {
  const text = simplifiedHan(plain).replace(ADDRESSES, REDACTED).replace(BLACKED_OUT, REDACTED);
  const named = withoutProperNouns(text.replace(TITLED, `${REDACTED} `));
  return withoutFirms(named.toLowerCase().replace(SOME, REDACTED))
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

/** Each firm from its legal form backwards: trade words, the firm's own word, the place before it. What stands before that stays. */
function withoutFirms(text: string): string {
  let out = '';
  let done = 0;
  for (const { index, 0: form } of text.matchAll(LEGAL_FORM)) {
    const from = Math.max(done, index - FIRM_MAX);
    out += text.slice(done, startOfFirm(text, from, index)) + REDACTED;
    done = index + form.length;
  }
  return out + text.slice(done);
}

function startOfFirm(text: string, from: number, end: number): number {
  let least = end;
  while (least > from && !NOT_IN_NAME.test(text[least - 1] ?? '')) least--;
  for (let start = least; start < end; start++) {
    for (let length = 2; length <= PLACE_MAX && start + length <= end; length++) if (CN_PLACE_NAMES.has(text.slice(start, start + length))) return start;
  }
  let at = end;
  for (let trade = tradeBefore(text, at); trade > 0 && at - trade >= least; trade = tradeBefore(text, at)) at -= trade;
  return Math.max(least, at - FIRM_WORD_MAX);
}

function tradeBefore(text: string, end: number): number {
  for (let length = Math.min(TRADE_MAX, end); length >= 2; length--) if (CN_TRADE_WORDS.has(text.slice(end - length, end))) return length;
  return 0;
}
