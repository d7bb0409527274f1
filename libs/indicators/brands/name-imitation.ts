/**
 * Chinese names against protected names. A stranger's name comes near a brand when it reads like it (look-alikes), holds its
 * own word, is it with another place, form or trade around it, or is it with a character slipped in.
 */
import { CN_COMMON_NAME_WORDS, CN_MONEY, CN_TRADE_WORDS } from '../data/cn-trade-words.js';
import type { Brand, BrandFinding, Imitation } from './brand.model.js';
import { shapeOf } from './look-alike.js';
import { legalFormOf, namePartsOf, type NameParts } from './name-parts.js';

interface Mark {
  readonly brand: Brand;
  readonly entry: string;
  readonly text: string;
  readonly shape: string;
  readonly strong: boolean;
}
interface OwnName extends NameParts {
  readonly brand: Brand;
  readonly entry: string;
  /** The canonical name without brackets. */
  readonly plain: string;
  readonly shape: string;
  readonly bodyShape: string;
  readonly strong: boolean;
}
type Found = Pick<BrandFinding, 'how' | 'strong' | 'entry'> & { readonly brand: Brand; readonly own?: boolean };

const HAN = /\p{Script=Han}/u;
const BRACKETS = /[()]/g;
/** What the exchanges put before and behind a short name: special treatment, ex-dividend, share class. */
const EXCHANGE_MARK = /^(?:\*?st|pt|xd|xr|dr)(?=\p{Script=Han})|(?<=\p{Script=Han})[ab]$/gu;
/** A short name is looked for with one character slipped in; shorter ones would be found everywhere. */
const INSERTED_MIN = 4;

export class NameImitations {
  private readonly own = new Map<string, OwnName>();
  private readonly byShape = new Map<string, OwnName[]>();
  private readonly byBody = new Map<string, OwnName[]>();
  /** First two characters of a mark's shape -> marks, longest first. */
  private readonly marks = new Map<string, Mark[]>();
  private readonly namesOf = new Map<Brand, OwnName[]>();
  /** First character of a short name -> short names that are looked for with something slipped in. */
  private readonly shortNames = new Map<string, Mark[]>();

  /** @param canonicalOf the canonical spelling of a name; null for what is none */
  constructor(brands: readonly Brand[], canonicalOf: (name: string) => string | null) {
    for (const brand of brands) {
      for (const name of brand.names) {
        const canonical = canonicalOf(name);
        if (canonical !== null && HAN.test(canonical)) this.addName(brand, name, canonical);
      }
      for (const mark of brand.marks) this.addMark({ brand, entry: mark, text: canonicalOf(mark) ?? mark, strong: true });
    }
    for (const list of this.marks.values()) list.sort((a, b) => b.text.length - a.text.length || Number(b.strong) - Number(a.strong));
  }

  isOwn(canonical: string): { readonly brand: Brand; readonly entry: string } | null {
    return this.own.get(canonical) ?? null;
  }

  /** At most one finding for each brand, the plainest first. */
  of(canonical: string): Found[] {
    const parts = namePartsOf(canonical);
    const found = new Map<Brand, Found>();
    const money = CN_MONEY.test(parts.bare);
    const add = ({ brand, entry }: Pick<Mark, 'brand' | 'entry'>, how: Imitation, plain: boolean): void => {
      const before = found.get(brand);
      const strong = plain || money;
      if (before === undefined || (strong && !before.strong)) found.set(brand, { brand, entry, how, strong });
    };
    const shape = shapeOf(canonical);
    for (const name of this.byShape.get(shapeOf(parts.bare)) ?? []) add(name, parts.bare === name.bare ? 'REGION_OR_FORM' : 'LOOK_ALIKE', true);
    for (const name of this.byBody.get(shapeOf(parts.body)) ?? []) add(name, parts.body === name.body ? 'REGION_OR_FORM' : 'LOOK_ALIKE', name.strong);
    this.contained(canonical, shape, canonical.indexOf(parts.body), add);
    this.slippedIn(canonical, shape, add);
    return [...found.values()].map((finding) => (this.isShortForm(canonical, finding.brand) ? { ...finding, how: null, own: true } : finding));
  }

  private contained(text: string, shape: string, bodyAt: number, add: (mark: Mark, how: Imitation, strong: boolean) => void): void {
    for (let i = 0; i + 2 <= shape.length; i++) {
      for (const mark of this.marks.get(shape.slice(i, i + 2)) ?? []) {
        if (!shape.startsWith(mark.shape, i)) continue;
        const exact = text.startsWith(mark.text, i);
        // 安徽众诚: the second half of a place and what follows it is nobody's word.
        if (!exact && mark.text.length < 3 && i < bodyAt) continue;
        add(mark, exact ? 'CONTAINS' : 'LOOK_ALIKE', mark.strong);
      }
    }
  }

  private slippedIn(text: string, shape: string, add: (mark: Mark, how: Imitation, strong: boolean) => void): void {
    for (let i = 0; i < shape.length; i++) {
      for (const mark of this.shortNames.get(shape[i] ?? '') ?? []) {
        if (i + mark.shape.length + 1 > shape.length || text.startsWith(mark.text, i)) continue;
        const window = shape.slice(i, i + mark.shape.length + 1);
        if (window.endsWith(mark.shape.slice(-1)) && isWithOneMore(window, mark.shape)) add(mark, 'INSERTED', mark.strong);
      }
    }
  }

  /** 山东海化 of 山东海化股份有限公司: nothing is added, the firm's own word stays, and no other legal form is taken. */
  private isShortForm(canonical: string, brand: Brand): boolean {
    const text = canonical.replace(BRACKETS, '').replace(EXCHANGE_MARK, '');
    const form = legalFormOf(text);
    return (this.namesOf.get(brand) ?? []).some(({ core, plain }) => core !== '' && text.length < plain.length && (form === '' || form === legalFormOf(plain))
       && text.includes(core.slice(0, 2)) && isSubsequence(text, plain));
  }

  private addName(brand: Brand, entry: string, canonical: string): void {
    const parts = namePartsOf(canonical);
    const { bare, body, core } = parts;
    const strong = core !== '' && !isCommon(core);
    const name: OwnName = { brand, entry, plain: canonical.replace(BRACKETS, ''), ...parts, strong, shape: shapeOf(bare), bodyShape: shapeOf(body) };
    this.own.set(canonical, name);
    push(this.namesOf, brand, name);
    push(this.byShape, name.shape, name);
    if (core !== '') push(this.byBody, name.bodyShape, name);
    if (brand.marks.length === 0 && core.length >= 2) this.addMark({ brand, entry, text: core, strong });
    if (bare.length >= INSERTED_MIN) this.addMark({ brand, entry, text: bare, strong: true });
    for (const text of new Set([bare, ...(strong ? [body] : [])])) {
      if (text.length >= INSERTED_MIN) push(this.shortNames, shapeOf(text)[0] ?? '', { brand, entry, text, shape: shapeOf(text), strong: true });
    }
  }

  private addMark(mark: Omit<Mark, 'shape'>): void {
    const shape = shapeOf(mark.text);
    if (shape.length >= 2) push(this.marks, shape.slice(0, 2), { ...mark, shape });
  }
}

function isCommon(core: string): boolean {
  return CN_COMMON_NAME_WORDS.has(core) || CN_TRADE_WORDS.has(core);
}

/** Whether `longer` is `text` with exactly one character put in. */
function isWithOneMore(longer: string, text: string): boolean {
  let i = 0;
  while (i < text.length && longer[i] === text[i]) i++;
  return longer.slice(i + 1) === text.slice(i);
}

function isSubsequence(short: string, long: string): boolean {
  let at = 0;
  for (const char of short) {
    at = long.indexOf(char, at);
    if (at < 0) return false;
    at += char.length;
  }
  return true;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
