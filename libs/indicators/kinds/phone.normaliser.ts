/**
 * Telephone numbers as Chinese call centres write them. Canonical forms: E.164 for what has one (`+86138...`, `+44...`),
 * `CN-SHORT:95588` and `CN-DOM:10109777` for numbers that are only dialled inside China, `;ext=8001` behind a switchboard
 * (RFC 3966 5.3). China is read by its own tables (data/); every other country by libphonenumber's lengths.
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/min/metadata';
import { areaCodeOf, CN_AREA_CODES, subscriberLengthFits } from '../data/cn-area-codes.js';
import { serviceClassOf } from '../data/cn-service-numbers.js';
import { isServiceAbroad } from '../data/phone-plan-supplement.js';
import { exactForm, weakForm, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection, type RejectCode } from '../reject-code.js';
import { screened } from '../screen.js';
import { plainDashes, unquoted } from '../text/plain-text.js';
import { asciiDigits } from '../text/written-digits.js';

const PLAIN_MOBILE = /^1[3-9]\d{9}$/;
const TOLL_SHARED = /^[48]00\d{7}$/; // 400 shared cost, 800 toll free
const CANONICAL_SERVICE = /^CN-(?:SHORT|DOM):((?:0\d{2,3}-)?\d{3,20})$/i;
const SCIENTIFIC = /^[+-]?\d(?:\.\d+)?e\+?\d{1,3}$/i;
const MASKED = /\d[*#•●_?x]{2,}|[*#•●_?x]{2,}\d/i;
const NUMBERED_LABEL = /^[^\d+(]{1,20}\d{1,2}\s?:/u;
const LABEL = /^[^\d+(]+/u;
const BRACKETED = /\(([^()]*)\)?$/u;
const BRACKETED_EXTENSION = /^\s?(?:[转轉分内內]|ext|[#x*])\D{0,6}\d{1,6}\s?$/iu;
const TRAILING_REMARK = /[^\d)]+$/u;
const EXTENSION = /(?:;\s?ext\s?=|,?\s?ext(?:ension)?[.:]?|[-,(]?\s?[转轉](?:分[机機])?:?|[-,(]?\s?分[机機]号?號?:?|[-,(]?\s?[内內][线線]:?|#|(?<=\d{7})\*|(?<=\d{4}\s?)x)\s?(\d{1,6})\)?$/iu;
/** 955xx are whole codes of five digits; what a dash puts behind other short codes belongs to them (95013-12345). */
const DASH_EXTENSION = new RegExp(`^(${[
  '(?:\\(?0[1-9]\\d{1,2}\\)?|\\(?(?:\\+|00)?86\\)?[- ]?\\(?0?(?:10|2\\d|[3-9]\\d{2})\\)?)[- ]?\\d{3,4}[- ]?\\d{4}',
  '(?:(?:\\+|00)?86[- ]?)?[48]00[- ]?(?:\\d{3}[- ]?\\d{4}|\\d{4}[- ]?\\d{3})',
  '(?:(?:\\+|00)?86[- ]?)?955\\d{2}',
].join('|')})-(\\d{1,5})$`);
/** Grouped as in North America. Read as a Chinese mobile it would be a stranger's: 1-385-555-0143 is +1 385 ... or +86 138 .... */
const NORTH_AMERICAN = /^1[-. ]?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}$/;
/** The code of Beijing or Ningxia as a group of its own: what follows is a subscriber's number, not the rest of a 106 or 95 code. */
const AREA_APART = /^(?:\(?(?:\+|00)?86\)?[- ]?)?\(?0?(?:10|95[1-5])(?:[-) ]|$)/;
/** Signs that are not used between digits, where they part groups of one number: 183_1722_2766, 183,1722,2766. */
const WRONG_SEPARATOR = /(?<=\d)\s?[_·•∙、。,;|~\\:'"]\s?(?=\d)/gu;
const WHOLE_NUMBER = /^(?:(?:00)?86)?(?:0?1[3-9]\d{9}|[48]00\d{7})$|^0\d{9,11}$/;
const NUMBER_SHAPE = /^[+()\d\s.\-/]+$/;
/** 京A12345 is no hotline 12345 with a label. */
const LETTER_BEFORE = /(?<![a-z])[a-z]\d/iu;
const SEVERAL = /\d{7}[\s/]*(?:[/,;、|]|\s或\s)[\s+(]*\d{3}/u;
// dial-through prefixes of carriers (17951, 12593, ...) before a full number say how it was called, not who
const DIAL_THROUGH = /^(?:179\d\d|1258[0-9]\d?|12593|11808|10193)(?=0?1[3-9]\d{9}$)/;

type Parsed = { readonly value: string } | { readonly code: RejectCode };
const found = (value: string): Parsed => ({ value });
const refused = (code: RejectCode): Parsed => ({ code });

/**
 * A national number after +86 or a trunk zero. There 951x... and 106... are read as landlines of Ningxia and Beijing where the
 * length fits; without either they are service numbers (chineseDialled).
 */
function chineseNational(digits: string, mayBeLongService: boolean): Parsed {
  if (PLAIN_MOBILE.test(digits) || TOLL_SHARED.test(digits)) return found(`+86${digits}`);
  const area = areaCodeOf(digits);
  const known = CN_AREA_CODES.has(area);
  const subscriber = digits.slice(area.length);
  if (known && subscriberLengthFits(area, subscriber.length)) return subscriber.startsWith('0') ? refused('PHONE_NOT_ASSIGNABLE') : found(`+86${digits}`);
  const service = serviceClassOf(digits);
  if (service === 'CN-SHORT' || (service === 'CN-DOM' && mayBeLongService)) return found(`${service}:${digits}`);
  if (digits.length < 5) return refused('PHONE_TOO_SHORT');
  if (!known) return refused('PHONE_AREA_CODE_UNKNOWN');
  if (serviceClassOf(subscriber) !== 'CN-SHORT') return refused('PHONE_LENGTH_INVALID');
  // 010-95588 dials the nationwide number; 96xxx and 12345 differ from area to area
  return found(subscriber.startsWith('95') ? `CN-SHORT:${subscriber}` : `CN-SHORT:0${area}-${subscriber}`);
}

/** Digits as dialled inside China: trunk zero for landlines, none (or one too many) for mobiles. */
function chineseDialled(digits: string, areaApart: boolean): Parsed {
  if (/^0861[3-9]\d{9}$/.test(digits)) return found(`+${digits.slice(1)}`);
  if (digits.startsWith('0')) return chineseNational(digits.slice(1), false);
  if (PLAIN_MOBILE.test(digits) || TOLL_SHARED.test(digits)) return found(`+86${digits}`);
  const service = serviceClassOf(digits);
  if (service === 'CN-SHORT' || (service === 'CN-DOM' && !areaApart)) return found(`${service}:${digits}`);
  if (DIAL_THROUGH.test(digits)) return chineseDialled(digits.replace(DIAL_THROUGH, ''), false);
  if (digits.startsWith('86') && digits.length >= 11) return abroad86(digits, areaApart);
  if (digits.length < 7) return refused('PHONE_TOO_SHORT');
  return refused(digits.length <= 8 ? 'PHONE_AREA_CODE_MISSING' : 'PHONE_NOT_ASSIGNABLE');
}

/** Digits from China's country code on; a trunk zero behind it does not count. */
function abroad86(digits: string, areaApart: boolean): Parsed {
  return chineseNational(digits.slice(2).replace(/^0/, ''), !areaApart && digits.charAt(2) !== '0');
}

/** Digits after "+" or the international prefix 00 (ITU-T E.164: at most 15). */
function international(digits: string, areaApart: boolean): Parsed {
  if (digits.startsWith('86')) return abroad86(digits, areaApart);
  if (isServiceAbroad(digits)) return found(`+${digits}`);
  if (digits.length < 7) return refused('PHONE_TOO_SHORT');
  if (digits.startsWith('0') || digits.length > 17) return refused('PHONE_NOT_ASSIGNABLE');
  const parsed = parsePhoneNumberFromString(`+${digits}`, metadata);
  return parsed?.isPossible() === true ? found(parsed.number) : refused('PHONE_NOT_ASSIGNABLE');
}

function parse(number: string): Parsed {
  const digits = number.replace(/\D/g, '');
  const areaApart = AREA_APART.test(number);
  if (/^\(?\s?\+/.test(number)) return international(digits.replace(/^00/, ''), areaApart);
  if (digits.startsWith('00')) return international(digits.slice(2), areaApart);
  if (NORTH_AMERICAN.test(number)) return refused('PHONE_COUNTRY_MISSING');
  return /^\(?86[-) ]/.test(number) ? abroad86(digits, areaApart) : chineseDialled(digits, areaApart);
}

/** One whole number with wrong signs between its groups; two numbers with a sign between them stay two. */
function corrected(number: string): string {
  const groups = number.split(WRONG_SEPARATOR);
  if (groups.length < 2 || groups.some((group) => group.replace(/\D/g, '').length > 8)) return number;
  return WHOLE_NUMBER.test(number.replace(/\D/g, '')) ? groups.join('-') : number;
}

/** Without (张先生), (24小时), (工作日9:00-18:00) at the end; an extension or a second number in brackets stays. */
function withoutRemark(text: string): string {
  const found = BRACKETED.exec(text);
  const inside = found?.[1] ?? '';
  const isRemark = found !== null && (inside === '' || /[^\d\s+.-]/.test(inside)) && !/\d{5}/.test(inside.replace(/[\s-]/g, '')) && !BRACKETED_EXTENSION.test(inside);
  return isRemark ? text.slice(0, found.index) : text;
}

/** Takes labels, remarks and quotation marks away; leaves what should be one number, perhaps with an extension. */
function bared(text: string): string {
  let s = withoutRemark(unquoted(asciiDigits(plainDashes(text))).replace(/[[【]/gu, '(').replace(/[\]】]/gu, ')').replace(NUMBERED_LABEL, '').replace(LABEL, ''));
  if (!EXTENSION.test(s)) s = s.replace(TRAILING_REMARK, '');
  return corrected(s.replace(/(\d{7})\.0+$/, '$1').trim());
}

function isTwoNumbers(number: string): boolean {
  const parts = number.split(/[\s/]+/);
  return parts.length === 2 && parts.every((part) => 'value' in parse(part));
}

function normalisePhone(text: string, raw: string): NormaliseResult {
  if (PLAIN_MOBILE.test(raw)) return { forms: [exactForm('phone', `+86${raw}`)] };
  const service = CANONICAL_SERVICE.exec(text)?.[1];
  const bare = service ?? bared(text);
  if (bare === '') return rejection(/\d/.test(text) ? 'MASKED' : 'PHONE_NOT_NUMERIC');
  if (SCIENTIFIC.test(bare)) return rejection('SCIENTIFIC_NOTATION');
  if (MASKED.test(text)) return rejection('MASKED');
  const split = EXTENSION.exec(bare) ?? null;
  const dashed = split === null ? DASH_EXTENSION.exec(bare) : null;
  const number = dashed?.[1] ?? (split === null ? bare : bare.slice(0, split.index));
  const extension = dashed?.[2] ?? split?.[1];
  if (!NUMBER_SHAPE.test(number)) return rejection(SEVERAL.test(bare) ? 'SEVERAL_VALUES' : 'PHONE_NOT_NUMERIC');
  const digits = number.replace(/\D/g, '');
  if (digits.length > 4 && /^(\d)\1*$/.test(digits.replace(/^0+(?=.)/, '') || '0') && digits.startsWith('0')) return rejection('JUNK_VALUE');
  if (/^10+$/.test(digits) && digits.length > 5) return rejection('JUNK_VALUE');
  const parsed = parse(number);
  if ('code' in parsed) return rejection(SEVERAL.test(bare) || isTwoNumbers(number) ? 'SEVERAL_VALUES' : parsed.code);
  if (digits.length <= 6 && LETTER_BEFORE.test(text)) return rejection('PHONE_NOT_NUMERIC');
  if (extension === undefined) return { forms: [exactForm('phone', parsed.value)] };
  return {
    forms: [
      exactForm('phone', `${parsed.value};ext=${extension}`),
      weakForm('phone_base', parsed.value),
    ],
  };
}

export const phoneNormaliser: Normaliser = screened({
  kind: 'phone',
  version: 3,
  description: {
    en: 'telephone number, mobile or fixed, Chinese or foreign, with extension; service numbers dialled only in China',
    zh: '电话号码：手机、固话、境外号码、分机，以及仅限境内拨打的客服短号',
  },
  entropy: 'enumerable',
  weakForms: ['phone_base'],
  maxLength: 128,
  examples: () => [
    { raw: '138 0013 8000', canonical: '+8613800138000' },
    { raw: '＋８６　１３８ ００１３ ８０００', canonical: '+8613800138000' },
    { raw: '(+86)13800138000', canonical: '+8613800138000' },
    { raw: '手机：013800138000', canonical: '+8613800138000' },
    { raw: "'008613800138000", canonical: '+8613800138000' },
    { raw: '（０５１２）６５５５０１２３', canonical: '+8651265550123' },
    { raw: '010-65550123转8001', canonical: '+861065550123;ext=8001' },
    { raw: '00861-38001-38000', canonical: '+8613800138000' },
    { raw: '138_0013、8000', canonical: '+8613800138000' },
    { raw: '电话 一三八零零一三八零零零', canonical: '+8613800138000' },
    { raw: '400-655-0123-2', canonical: '+864006550123;ext=2' },
    { raw: '客服热线400-655-0123（24小时）', canonical: '+864006550123' },
    { raw: '张三 1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣', canonical: '+8613800138000' },
    { raw: '+86 10 6555 0123-802', canonical: '+861065550123;ext=802' },
    { raw: '客服电话：95588', canonical: 'CN-SHORT:95588' },
    { raw: '010-95588', canonical: 'CN-SHORT:95588' },
    { raw: '0871-96533', canonical: 'CN-SHORT:0871-96533' },
    { raw: '1010 9777', canonical: 'CN-DOM:10109777' },
    { raw: '00 44 20 7946 0123', canonical: '+442079460123' },
  ],
  rejects: () => [
    { raw: '138****8000', code: 'MASKED' },
    { raw: '1.38001E+10', code: 'SCIENTIFIC_NOTATION' },
    { raw: '未知', code: 'PLACEHOLDER' },
    { raw: '客服部', code: 'PHONE_NOT_NUMERIC' },
    { raw: '00000000000', code: 'JUNK_VALUE' },
    { raw: '+86', code: 'PHONE_TOO_SHORT' },
    { raw: '65550123', code: 'PHONE_AREA_CODE_MISSING' },
    { raw: '0512-6555', code: 'PHONE_LENGTH_INVALID' },
    { raw: '0345-6555012', code: 'PHONE_AREA_CODE_UNKNOWN' },
    { raw: '12345678901', code: 'PHONE_NOT_ASSIGNABLE' },
    { raw: '1 (385) 555-0143', code: 'PHONE_COUNTRY_MISSING' },
    { raw: '13800138000/13900139000', code: 'SEVERAL_VALUES' },
  ],
}, normalisePhone);
