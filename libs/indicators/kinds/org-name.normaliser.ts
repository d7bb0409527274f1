/**
 * Organisation names, Chinese first. The exact form keeps every word that tells entities apart (region, brand, trade,
 * 集团, 控股, brackets) and folds only spelling: width, traditional characters, radicals, quotation marks, blanks beside
 * Han characters, end punctuation, labels. Two legal forms are one by statute: Company Law of China (2023) Article 7 lets a
 * company write 有限责任公司 or 有限公司, 股份有限公司 or 股份公司.
 * Look-alike characters (囯 for 国) are NOT folded: such a name is an impersonation, not a spelling.
 */
import { CN_PLACE_NAMES } from '../data/cn-place-names.js';
import { exactForm, weakForm, type Form, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection } from '../reject-code.js';
import { screened } from '../screen.js';
import { simplifiedHan } from '../text/han-fold.js';
import { latinCore, latinName, withoutInitialDots } from '../text/latin-name.js';
import { plainText, trimmedBy } from '../text/plain-text.js';

const LABEL = /^(?:(?:公司|企业|单位|机构|组织|商户|客户|对方|中介|代理|所属|工作|被投诉|投诉|涉诉|涉事|放款|付款|收款|扣款|催收|合作|第三方|委托|担保|开户|注册|登记|经营|运营|自称|主体){0,4}(?:全称|名称|名字|简称|户名|抬头|对象|主体|单位|机构|公司|企业|商户|中介|[款诉作托保]方|方|名)|org(?:anization|anisation)?(?: ?name)?|company(?: ?name)?|merchant(?: ?name)?|agency(?: ?name)?|name) ?: ?/u;
/** 1、 and （2） before a name are the list's. */
const ITEM = /^(?:\(\d{1,3}\)|\d{1,3}(?:[、)]|\. ))\s?(?=[\p{Script=Han}"“(])/u;
const QUOTES = /["'`\u2018-\u201f\u2032\u2033\u300a-\u300f\u3008\u3009\u00ab\u00bb\u2039\u203a\u301d-\u301f]/gu;
const INTERPUNCTS = /[\u00b7\u2022\u2027\u2219\u22c5\u30fb\u0387\u2024]/gu;
const BEFORE = /[^\p{L}\p{N}(]/u;
const BEHIND = /[^\p{L}\p{N})]/u;
/** In a name with Han characters blanks mean nothing; in a Latin one they part words. */
const HAS_HAN = /\p{Script=Han}/u;
/** 中国银行 is built of such words alone and is a bank all the same. */
const GENERIC = /^(?!中国银行$)(?:\(?(?:中国|集团|控股|股份|有限|责任|总|分|子|本|该|我|贵|此|这家|那家|一家|其他|其它|测试|第三方|不知名)\)?)*(?:公司|集团|企业|单位|机构|银行|平台|商户|中介|客服|个人|个体户|个体工商户|人员)$/u;
/** A trade is nobody's name either; behind 中国 it is. */
const TRADE_ONLY = /^(?:贷款|网贷|借款|催收|助贷|小额|中介|客服|信贷|金融|理财|投资|咨询|科技|网络|信息|商务|贸易|管理)+(?:集团|控股|股份|有限|责任)*(?:公司|企业|平台|机构|中介)$/u;
/** What a writer left out: 某科技公司, XX公司, 武汉**科技. *ST before a name is the exchange's. */
const ANONYMOUS = /某|(?<![a-z])x{2,}(?![a-z])/iu;
const BLOTTED = /[*●■□×✕○]{2,}|(?<=\p{Script=Han})[*●■□×✕]/u;
const SEVERAL = /(?:公司|银行|集团)(?:\([^()]*\))?\s?[、,;/|]\s?[^、,;/|]{2,60}(?:公司|银行|集团)/u;
/** A stroke or an accent drawn over a Han character. */
const MARKS_ON_HAN = /(?<=\p{Script=Han})\p{M}+/gu;
/** Signs put between Han characters to slip past a filter; no register keeps them apart. */
const BETWEEN_HAN = /(?<=\p{Script=Han})[ _~\u2010-\u2015\u2600-\u27bf\u{1f300}-\u{1faff}-]+(?=\p{Script=Han})/gu;
const GENERIC_LATIN = /^(?:(?:my|a|this|that|your|our|some|any|co|company|corp|inc|ltd|llc|plc|limited|bank|group|firm|agency|business|customer service|call centre|call center)(?: |$))+$/;
const LEGAL_FORM = /(?:(?:集团|控股|股份|有限|责任)*公司|集团|株式会社|\(?(?:有限|普通|特殊普通)合伙\)?|\(?个体(?:工商)?户\)?|\(?个人独资(?:企业)?\)?|(?:,? ?(?:co|company|corp|corporation|inc|incorporated|ltd|limited|llc|plc|gmbh))+)$/u;
/** A branch acts for its company and has no name beyond it. */
const BRANCH = /(?<=公司)[^公司]{0,12}(?:分公司|办事处|营业部|代表处|[分支]行)$/u;
const PLACE_SUFFIX = /^(\p{Script=Han}{2,8}?)(?:维吾尔自治区|壮族自治区|回族自治区|特别行政区|自治区|自治州|省|市)(?=\p{Script=Han}{2})/u;

function folded(text: string): string {
  const lower = simplifiedHan(plainText(text)).toLowerCase();
  const latin = !HAS_HAN.test(lower);
  const parted = (latin ? withoutInitialDots(lower) : lower).replace(ITEM, '')
    .replace(QUOTES, '').replace(INTERPUNCTS, ' ')
    .replace(/[[{\u3010\u3014\u3016\u3018]/gu, '(').replace(/[\]}\u3011\u3015\u3017\u3019]/gu, ')')
    .replace(/[.,、。;!?]+/gu, ' ').replace(/ {2,}/g, ' ');
  const s = trimmedBy(parted, BEFORE, BEHIND).replace(LABEL, '');
  return (latin ? latinName(s) : s.replace(MARKS_ON_HAN, '').replace(BETWEEN_HAN, '').replaceAll(' ', ''))
    .replace(/^\(([^()]*)\)$/u, '$1').replace(/\(\)/gu, '')
    .replace(/有限责任公司/gu, '有限公司').replace(/股份公司(?=$|[^公司]{0,12}(?:分公司|办事处|营业部|代表处)$)/u, '股份有限公司');
}

/** Folding until nothing changes, so that a canonical name is its own canonical form. */
function canonicalName(text: string): string | null {
  let name = text;
  for (let round = 0; round < 8; round++) {
    const next = folded(name);
    if (next === name) return name;
    name = next;
  }
  return null;
}

/** 深圳市 and 深圳, 湖北省武汉市 and 湖北武汉: the division's rank is no part of its name. The place itself stays: another place is another company. */
function withoutPlaceRank(name: string): string {
  let done = '';
  let rest = name;
  for (let found = PLACE_SUFFIX.exec(rest); found !== null && CN_PLACE_NAMES.has(found[1] ?? ''); found = PLACE_SUFFIX.exec(rest)) {
    done += found[1] ?? '';
    rest = rest.slice(found[0].length);
  }
  return done + rest;
}

/** Region, brand and trade without the legal form; null where so little is left that it names many. */
function coreName(name: string): string | null {
  if (!HAS_HAN.test(name)) {
    const core = latinCore(name);
    return core.length >= 4 ? core : null;
  }
  const core = withoutPlaceRank(name.replace(BRANCH, '').replace(LEGAL_FORM, '').replace(/[()]/g, '').replace(/^株式会社/u, '').replace(/(?:集团|控股|股份)+$/u, '').trim());
  return [...core].length >= 4 ? core : null;
}

function normaliseName(text: string): NormaliseResult {
  const name = canonicalName(text);
  // as written, where signs still stand, and as folded, so that a canonical name is its own
  for (const form of [text, name ?? '']) {
    if (HAS_HAN.test(form) && BLOTTED.test(form)) return rejection('MASKED');
    if (SEVERAL.test(form)) return rejection('SEVERAL_VALUES');
  }
  if (name === null || !/\p{L}/u.test(name)) return rejection('NAME_NOT_TEXT');
  if ([...name].length < 2) return rejection('NAME_TOO_SHORT');
  if (GENERIC.test(name) || TRADE_ONLY.test(name) || GENERIC_LATIN.test(name)) return rejection('NAME_GENERIC');
  if (HAS_HAN.test(name) && ANONYMOUS.test(name)) return rejection('MASKED');
  const core = coreName(name);
  const weak: Form[] = core === null ? [] : [weakForm('org_core', core)];
  return { forms: [exactForm('org_name', name), ...weak] };
}

export const orgNameNormaliser: Normaliser = screened({
  kind: 'org_name',
  version: 3,
  description: {
    en: 'name of a company or agency, Chinese or Latin script',
    zh: '公司或机构名称（中文或拉丁字母）',
  },
  entropy: 'enumerable',
  weakForms: ['org_core'],
  maxLength: 512,
  examples: () => [
    { raw: '　衡水駿達翔商業保理有限公司 ', canonical: '衡水骏达翔商业保理有限公司' },
    { raw: '行信（遵义）企业管理咨询集团有限公司', canonical: '行信(遵义)企业管理咨询集团有限公司' },
    { raw: '公司名称：扬州鑫恒汇金融 信息服务有限公司', canonical: '扬州鑫恒汇金融信息服务有限公司' },
    { raw: '“立晟（许昌）信息技术有限责任公司”；', canonical: '立晟(许昌)信息技术有限公司' },
    { raw: '汇锦光电股份公司', canonical: '汇锦光电股份有限公司' },
    { raw: '武汉市洪山区匯順信息諮詢服務部（個體工商戶）', canonical: '武汉市洪山区汇顺信息咨询服务部(个体工商户)' },
    { raw: '中國銀行', canonical: '中国银行' },
    { raw: '1、收款方：微—眾👉银行', canonical: '微众银行' },
    { raw: 'ＡＢＣ Consulting Company Limited', canonical: 'abc consulting co ltd' },
    { raw: 'The H&M Hennes & Mauritz A.B.', canonical: 'h and m hennes and mauritz ab' },
    { raw: 'LIMITED LIABILITY COMPANY Crédit-Conseil', canonical: 'credit conseil llc' },
    { raw: '深圳市宏华信息技术有限责任公司武汉分公司', canonical: '深圳市宏华信息技术有限公司武汉分公司' },
  ],
  rejects: () => [
    { raw: '有限公司', code: 'NAME_GENERIC' },
    { raw: '贷款中介公司', code: 'NAME_GENERIC' },
    { raw: '武汉某科技有限公司', code: 'MASKED' },
    { raw: '武汉**科技有限公司', code: 'MASKED' },
    { raw: '甲宁科技有限公司、乙宁科技有限公司', code: 'SEVERAL_VALUES' },
    { raw: '不详', code: 'PLACEHOLDER' },
    { raw: '鑫', code: 'NAME_TOO_SHORT' },
    { raw: '12345', code: 'NAME_NOT_TEXT' },
  ],
}, normaliseName);
