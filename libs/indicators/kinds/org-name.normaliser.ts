/**
 * Organisation names, Chinese first. The exact form keeps every word that tells entities apart (region, brand, trade,
 * 集团, 控股, brackets) and folds only spelling: width, traditional characters, radicals, quotation marks, blanks beside
 * Han characters, end punctuation, labels. Two legal forms are one by statute: Company Law of China (2023) Article 7 lets a
 * company write 有限责任公司 or 有限公司, 股份有限公司 or 股份公司.
 * Look-alike characters (囯 for 国) are NOT folded: such a name is an impersonation, not a spelling.
 */
import { exactForm, weakForm, type Form, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection } from '../reject-code.js';
import { screened } from '../screen.js';
import { simplifiedHan } from '../text/han-fold.js';
import { plainText } from '../text/plain-text.js';

const LABEL = /^(?:(?:公司|企业|单位|机构|组织|商户|客户|对方|中介|代理|所属|工作)*(?:全称|名称|名字|简称|名)|公司|企业|单位|机构|商户|中介|org(?:anization|anisation)?(?: ?name)?|company(?: ?name)?|name) ?: ?/u;
const QUOTES = /["'`\u2018-\u201f\u2032\u2033\u300a-\u300f\u3008\u3009\u00ab\u00bb\u2039\u203a\u301d-\u301f]/gu;
const INTERPUNCTS = /[\u00b7\u2022\u2027\u2219\u22c5\u30fb\u0387\u2024]/gu;
const ENDS = /^[^\p{L}\p{N}(]+|[^\p{L}\p{N})]+$/gu;
/** In a name with Han characters blanks mean nothing; in a Latin one they part words. */
const HAS_HAN = /\p{Script=Han}/u;
const GENERIC = /^(?:\(?(?:中国|集团|控股|股份|有限|责任|总|分|子|本|某|该|我|贵)\)?)*(?:公司|集团|企业|单位|机构|银行|平台|商户|中介|客服|个人)$/u;
const LEGAL_FORM = /(?:(?:集团|控股|股份|有限|责任)*公司|集团|\(?(?:有限|普通|特殊普通)合伙\)?|个体工商户|(?:,? ?(?:co|company|corp|corporation|inc|incorporated|ltd|limited|llc|plc|gmbh))+)$/u;

function folded(text: string): string {
  const s = simplifiedHan(plainText(text)).toLowerCase()
    .replace(QUOTES, '').replace(INTERPUNCTS, ' ')
    .replace(/[[{\u3010\u3014\u3016\u3018]/gu, '(').replace(/[\]}\u3011\u3015\u3017\u3019]/gu, ')')
    .replace(/[.,、。;!?]+/gu, ' ').replace(/ {2,}/g, ' ')
    .replace(ENDS, '').replace(LABEL, '');
  return (HAS_HAN.test(s) ? s.replaceAll(' ', '') : s.replace(/ ?([()]) ?/g, '$1'))
    .replace(/^\(([^()]*)\)$/u, '$1').replace(/\(\)/gu, '')
    .replace(/有限责任公司$/u, '有限公司').replace(/股份公司$/u, '股份有限公司');
}

/** Folding until nothing changes, so that a canonical name is its own canonical form. Each round only ever takes away. */
function canonicalName(text: string): string {
  let name = text;
  for (let round = 0; round < 8; round++) {
    const next = folded(name);
    if (next === name) break;
    name = next;
  }
  return name;
}

/** Region, brand and trade without the legal form; null where so little is left that it names many. */
function coreName(name: string): string | null {
  const core = name.replace(LEGAL_FORM, '').replace(/[()]/g, '').replace(/(?:集团|控股|股份)+$/u, '').trim();
  return [...core].length >= 4 ? core : null;
}

function normaliseName(text: string): NormaliseResult {
  const name = canonicalName(text);
  if (!/\p{L}/u.test(name)) return rejection('NAME_NOT_TEXT');
  if ([...name].length < 2) return rejection('NAME_TOO_SHORT');
  if (GENERIC.test(name)) return rejection('NAME_GENERIC');
  const core = coreName(name);
  const weak: Form[] = core === null ? [] : [weakForm('org_core', core)];
  return { forms: [exactForm('org_name', name), ...weak] };
}

export const orgNameNormaliser: Normaliser = screened({
  kind: 'org_name',
  version: 2,
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
    { raw: '某某光电股份公司', canonical: '某某光电股份有限公司' },
    { raw: 'ＡＢＣ Consulting Co., Ltd.', canonical: 'abc consulting co ltd' },
  ],
  rejects: () => [
    { raw: '有限公司', code: 'NAME_GENERIC' },
    { raw: '某公司', code: 'NAME_GENERIC' },
    { raw: '不详', code: 'PLACEHOLDER' },
    { raw: '鑫', code: 'NAME_TOO_SHORT' },
    { raw: '12345', code: 'NAME_NOT_TEXT' },
  ],
}, normaliseName);
