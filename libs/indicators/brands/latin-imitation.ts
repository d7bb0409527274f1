/** Latin names (an English name, the pinyin) against protected ones: word by word, letter by letter, and as they are drawn. */
import type { Brand, BrandFinding, Imitation } from './brand.model.js';
import { latinShapeOf } from './look-alike.js';

interface LatinName {
  readonly brand: Brand;
  readonly entry: string;
  readonly words: readonly string[];
  /** Letters and digits only. */
  readonly compact: string;
  readonly shape: string;
}
type Found = Pick<BrandFinding, 'how' | 'strong' | 'entry'> & { readonly brand: Brand; readonly own?: boolean };

const LEGAL_WORDS = new Set(('co company corp corporation inc incorporated ltd limited llc llp lp plc pte pty gmbh ag aktiengesellschaft sa sas sarl srl spa nv bv ab oy oyj as asa kk '
  + 'jsc ojsc pjsc oao ooo zao pao na group holding holdings the').split(' '));
const LEGAL_PHRASES = /\b(?:(?:open |closed |public )?joint stock company|limited liability company|public limited company|gesellschaft mit beschrankter haftung|societatea cu raspundere limitata|societe anonyme|sociedad anonima)\b/g;
/** Letters. Shorter marks are found as words of their own, and weakly. */
const MARK_MIN = 4;
const STRONG_MIN = 6;

function latinWords(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/&/g, ' and ').replace(/['’.]/g, '').replace(LEGAL_PHRASES, ' ');
  const words = joinedInitials(plain.match(/[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]+/gu) ?? []);
  const own = words.filter((word) => !LEGAL_WORDS.has(word));
  return own.length > 0 ? own : [...words];
}

/** `b v` and `o o o`: initials whose points became blanks. */
function joinedInitials(words: readonly string[]): string[] {
  const joined: string[] = [];
  words.forEach((word, i) => {
    if (i > 0 && word.length === 1 && words[i - 1]?.length === 1) joined[joined.length - 1] += word;
    else joined.push(word);
  });
  return joined;
}

export class LatinImitations {
  private readonly names: readonly LatinName[];

  constructor(brands: readonly Brand[]) {
    this.names = brands.flatMap((brand) => [...brand.latin, ...brand.names].flatMap((entry) => {
      const words = /\p{Script=Han}/u.test(entry) ? [] : latinWords(entry);
      const compact = words.join('');
      return compact.length < 3 ? [] : [{ brand, entry, words, compact, shape: latinShapeOf(compact) }];
    }));
  }

  /** @param text a name or an account, in any script; only its Latin words are looked at */
  of(text: string): Found[] {
    const words = latinWords(text);
    const compact = words.join('');
    if (compact.length < 3) return [];
    const pure = !/\p{Script=Han}/u.test(text);
    const shape = latinShapeOf(compact);
    const found = new Map<Brand, Found>();
    for (const name of this.names) {
      const finding = pure && compact === name.compact ? { how: null, strong: true, own: true } : this.judge(name, words, compact, shape, pure);
      const before = found.get(name.brand);
      if (finding !== null && (before === undefined || ('own' in finding) || (finding.strong && !before.strong && before.own !== true))) {
        found.set(name.brand, { brand: name.brand, entry: name.entry, ...finding });
      }
    }
    return [...found.values()];
  }

  private judge(name: LatinName, words: readonly string[], compact: string, shape: string, pure: boolean): { how: Imitation; strong: boolean } | null {
    const length = name.compact.length;
    if (pure && shape === name.shape) return { how: 'LOOK_ALIKE', strong: length >= MARK_MIN };
    if (containsWords(words, name.words)) return { how: pure ? 'CONTAINS' : 'LATIN', strong: length >= MARK_MIN };
    const joined = length >= STRONG_MIN && (compact.includes(name.compact) || shape.includes(name.shape));
    if (joined) return { how: compact.includes(name.compact) ? 'CONTAINS' : 'LOOK_ALIKE', strong: true };
    if (!pure || Math.abs(compact.length - length) > 2) return null;
    const slips = length >= 12 ? 2 : length >= 5 ? 1 : 0;
    return slips > 0 && distanceUpTo(compact, name.compact, slips) <= slips ? { how: 'MISSPELT', strong: length >= STRONG_MIN } : null;
  }
}

function containsWords(words: readonly string[], part: readonly string[]): boolean {
  for (let i = 0; i + part.length <= words.length; i++) if (part.every((word, j) => words[i + j] === word)) return true;
  return false;
}

/** Optimal string alignment distance (a swap of neighbours counts one), given up beyond `limit`. */
export function distanceUpTo(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let [before, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      next.push(least);
    }
    if (Math.min(...next) > limit) return limit + 1;
    [before, row] = [row, next];
  }
  return row[b.length] ?? limit + 1;
}
