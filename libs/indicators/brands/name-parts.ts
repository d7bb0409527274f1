/**
 * Takes a canonical Chinese organisation name apart as the naming rules build it (SAMR order 82 of 2023, article 8):
 * place, the firm's own word, trade, legal form. What is left between place and trade is what a stranger would borrow.
 */
import { CN_PLACE_NAMES } from '../data/cn-place-names.js';
import { CN_TRADE_WORDS } from '../data/cn-trade-words.js';

export interface NameParts {
  /** Without legal form, 集团 and bracketed places. */
  readonly bare: string;
  /** The bare name without the places before it. */
  readonly body: string;
  /** The body without trade words: the firm's own word; empty when nothing is left. */
  readonly core: string;
}

const LEGAL_FORM = /(?:\(?(?:普通|特殊普通|有限)合伙\)?|股份有限公司|有限责任公司|有限公司|股份公司|总公司|分公司|公司)$/u;
const PLACE_SUFFIX = /^(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区|自治州|地区|盟)/u;
/** A county or district that no list names: two or three characters and what it is called by. */
const COUNTY = /^\p{Script=Han}{2,3}(?:市|县|区|旗)(?=\p{Script=Han}{2})/u;
const PLACE_MAX = 5;
const TRADE_MAX = 8;

export function namePartsOf(canonical: string): NameParts {
  const bare = canonical.replace(/\(([^()]*)\)/gu, (_, inside: string) => (isPlace(inside) ? '' : inside)).replace(LEGAL_FORM, '').replace(/(?:\(?集团\)?|控股|股份)+$/u, '');
  const body = withoutPlaces(bare);
  return { bare, body, core: withoutTrades(body) };
}

/** 有限公司, 股份有限公司, ...; empty when the name has none. */
export function legalFormOf(canonical: string): string {
  return LEGAL_FORM.exec(canonical)?.[0] ?? '';
}

function isPlace(text: string): boolean {
  return CN_PLACE_NAMES.has(text) || CN_PLACE_NAMES.has(text.replace(/[省市]$/u, ''));
}

function withoutPlaces(name: string): string {
  let rest = name;
  for (;;) {
    const place = leadingPlace(rest);
    if (place === 0) return rest;
    rest = rest.slice(place);
  }
}

/** Length of the place at the start; 0 when there is none, or when nothing would be left. */
function leadingPlace(name: string): number {
  for (let length = Math.min(PLACE_MAX, name.length - 2); length >= 2; length--) {
    if (!CN_PLACE_NAMES.has(name.slice(0, length))) continue;
    const suffix = PLACE_SUFFIX.exec(name.slice(length))?.[0].length ?? 0;
    return name.length - length - suffix >= 2 ? length + suffix : length;
  }
  const county = COUNTY.exec(name)?.[0].length ?? 0;
  return name.length - county >= 2 ? county : 0;
}

/** Trade words are taken from the end while something is left: of 农业银行 the word 农业 stays, of 银行 nothing does. */
function withoutTrades(body: string): string {
  let rest = body;
  for (;;) {
    const trade = trailingTrade(rest);
    if (trade === 0) return rest;
    if (trade === rest.length) return rest === body ? '' : rest;
    rest = rest.slice(0, rest.length - trade);
  }
}

function trailingTrade(text: string): number {
  for (let length = Math.min(TRADE_MAX, text.length); length >= 1; length--) if (CN_TRADE_WORDS.has(text.slice(text.length - length))) return length;
  return 0;
}
