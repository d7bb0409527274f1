/**
 * Which column of a file is which field. Own words first, then `--map`; a column that names a kind (电话, url) is the value column of that kind
 * where no column says `value`. Nothing is guessed: two columns for one field, or two that could hold the value, are refused. What is not
 * needed is ignored for a look (`values`), and refused for a publication (`clues`): there a misspelt `levle` would publish at another level.
 */
import { DomainError } from '#kernel';
import { COLUMNS, meaningOf, REQUIRED_COLUMNS, type Column, type ColumnMeaning } from './input-columns.js';

export type ColumnMap = Readonly<Partial<Record<Column, string>>>;
export interface HeaderRules {
  readonly purpose: 'clues' | 'values';
  /** Field -> the file's own name of its column. */
  readonly map: ColumnMap;
  /** The kind of every value, said by the user. */
  readonly kind: string | null;
  readonly ignoreUnknown: boolean;
}
export interface HeaderMap {
  /** Field -> place of its column. */
  readonly places: ReadonlyMap<Column, number>;
  /** How many cells a row must have. */
  readonly width: number;
  /** Kind of the value column as its name, or the user, says it. */
  readonly valueKind: string | null;
  readonly ignored: number;
}

/** @throws HEADER_INVALID with counts and our own field names; the file's names are not echoed, one may be a value */
export function headerMap(names: readonly string[], rules: HeaderRules, file: string): HeaderMap {
  const places = new Map<Column, number>();
  const meanings = names.map((name) => meaningOf(name));
  const trimmed = names.map((name) => name.trim());
  const fault = (fields: Record<string, number | readonly string[]>): never => {
    throw new DomainError('HEADER_INVALID', 'header', { file, missing: [], unknown: 0, repeated: 0, ...fields });
  };
  for (const [field, name] of Object.entries(rules.map) as [Column, string][]) {
    const at = trimmed.indexOf(name.trim());
    if (at < 0 || trimmed.indexOf(name.trim(), at + 1) >= 0) fault({ notMapped: [field] });
    places.set(field, at);
  }
  const taken = new Set(places.values());
  let repeated = 0;
  meanings.forEach(({ field }, at) => {
    if (field === null || taken.has(at) || rules.map[field] !== undefined) return;
    const before = places.get(field);
    if (before === undefined) places.set(field, at);
    else if (trimmed[before] !== field && trimmed[at] === field) places.set(field, at);
    else if (trimmed[before] !== field || trimmed[at] === field) repeated += 1;
  });
  const valueKind = rules.kind ?? kindOfValue(meanings, places, fault);
  const required = rules.purpose === 'values' ? (['value'] as const) : REQUIRED_COLUMNS;
  const missing = required.filter((field) => !places.has(field) && !(field === 'type' && valueKind !== null));
  const unknown = names.length - new Set(places.values()).size;
  const refused = rules.purpose === 'clues' && !rules.ignoreUnknown ? unknown : 0;
  if (missing.length + refused + repeated > 0) fault({ missing, unknown: refused, repeated, ...(missing.length > 0 ? { known: COLUMNS } : {}) });
  return { places, width: names.length, valueKind, ignored: unknown };
}

/** Gives the value column its place where only a column's kind tells it. */
function kindOfValue(meanings: readonly ColumnMeaning[], places: Map<Column, number>, fault: (fields: Record<string, number>) => never): string | null {
  const at = places.get('value');
  if (at !== undefined) return meanings[at]?.kind ?? null;
  for (const certainty of [2, 1] as const) {
    const found = meanings.flatMap((meaning, place) => (meaning.certainty === certainty ? [place] : []));
    if (found.length > 1) fault({ valueColumns: found.length });
    const [place] = found;
    if (place === undefined) continue;
    places.set('value', place);
    return meanings[place]?.kind ?? null;
  }
  return null;
}
