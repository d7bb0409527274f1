/**
 * Names in alphabets. The canonical spelling folds what writers vary without meaning anything: diacritics of Latin letters, dots of initials,
 * hyphens, `&`, articles, the spelling and the place of the legal form. The core takes the legal form away, and what else two writers of
 * one name do differently: spaces between words, numbers in words, country names.
 */
import { LEGAL_FORM_WORDS_MAX, LEGAL_FORMS, PREFIX_FORMS } from '../data/legal-forms.js';

const LATIN_LETTERS: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };
const INITIALS = /(?<![\p{L}\p{N}])(?:\p{L}\.){1,10}\p{L}?(?![\p{L}\p{N}])/gu;
const ARTICLES = new Set(['the']);

function plainLetters(text: string): string {
  return text.replace(/[^\u0000-\u007f]/gu, (char) => { // eslint-disable-line no-control-regex -- everything beyond ASCII
    const letter = LATIN_LETTERS[char];
    if (letter !== undefined) return letter;
    const parts = char.normalize('NFD');
    return /^[a-z]\p{M}+$/u.test(parts) ? parts.charAt(0) : char;
  }).replace(/(?<=[a-z])\p{M}+/gu, '');
}

/** The legal form that ends (or, for `first`, begins) the words, and how many words it takes. */
function formAt(words: readonly string[], first: boolean): { readonly form: string; readonly length: number } | null {
  for (let length = Math.min(LEGAL_FORM_WORDS_MAX, words.length - 1); length > 0; length--) {
    const form = LEGAL_FORMS.get((first ? words.slice(0, length) : words.slice(-length)).join(' '));
    if (form !== undefined && (!first || PREFIX_FORMS.has(form))) return { form, length };
  }
  return null;
}

function bare(words: readonly string[]): { readonly words: readonly string[]; readonly forms: readonly string[] } {
  const forms: string[] = [];
  let rest = words;
  for (let found = formAt(rest, false); found !== null; found = formAt(rest, false)) {
    forms.unshift(found.form);
    rest = rest.slice(0, -found.length);
  }
  const found = formAt(rest, true);
  return found === null ? { words: rest, forms } : { words: rest.slice(found.length), forms: [...forms, found.form] };
}

/** Before punctuation is dropped: dots of initials are no stops. Takes lower case. */
export function withoutInitialDots(name: string): string {
  return name.replace(INITIALS, (initials) => initials.replaceAll('.', ''));
}

/** Takes a lower-case name without quotes and stops; words parted by single blanks. Brackets and what is inside stay. */
export function latinName(name: string): string {
  const words = plainLetters(name).replace(/ ?& ?/g, ' and ').replace(/(?<=[\p{L}\p{N}])-(?=[\p{L}\p{N}])/gu, ' ').replace(/ ?([()]) ?/g, ' $1 ').split(' ').filter((word) => word !== '');
  const named = words.filter((word) => !ARTICLES.has(word));
  const { words: rest, forms } = bare(named.length > 0 ? named : words);
  return [...rest, ...forms].join(' ').replace(/ ?([()]) ?/g, '$1').trim();
}

const NUMBERS = ['zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen', '- - twenty thirty forty fifty sixty seventy eighty ninety'].map((list) => list.split(' '));
const ORDINALS: Readonly<Record<string, string>> = { first: '1st', second: '2nd', third: '3rd', fourth: '4th', fifth: '5th', sixth: '6th', seventh: '7th', eighth: '8th', ninth: '9th', tenth: '10th', fourty: '40' };
const SHORT_WORDS: Readonly<Record<string, string>> = { intl: 'international', natl: 'national', usa: 'us', mfg: 'manufacturing', assn: 'association', bros: 'brothers', dept: 'department', govt: 'government', univ: 'university' };

function numberOf(word: string): string {
  const unit = NUMBERS[0]?.indexOf(word) ?? -1;
  const ten = NUMBERS[1]?.indexOf(word) ?? -1;
  return unit >= 0 ? String(unit) : ten > 1 ? String(ten * 10) : ORDINALS[word] ?? SHORT_WORDS[word] ?? word;
}

/** What two writers of one name have in common: no legal form, no blanks. Takes a canonical name. */
export function latinCore(name: string): string {
  const words = bare(name.replace(/[()]/g, ' ').replace(/\bunited states(?: of america)?\b/g, 'us').replace(/\bunited kingdom\b/g, 'uk').split(' ').filter((word) => word !== '')).words.map(numberOf);
  const joined = words.flatMap((word, i) => {
    const before = words[i - 1] ?? '';
    if (/^[1-9]$/.test(word) && /^[2-9]0$/.test(before)) return [];
    const after = words[i + 1] ?? '';
    return [/^[2-9]0$/.test(word) && /^[1-9]$/.test(after) ? String(Number(word) + Number(after)) : word];
  });
  while (joined[joined.length - 1] === 'and') joined.pop();
  return joined.join('').replace(/[^\p{L}\p{N}]/gu, '');
}
