/** Do two names of one entity meet, and do two entities stay apart: by the full form, by the core where the full one does not. */
import { normalise } from '#indicators';
import path from 'node:path';
import { readCsv } from '../scenario/evaluate.js';

export interface PairFigures {
  readonly name: string;
  readonly same: number;
  readonly found: number;
  readonly different: number;
  readonly merged: number;
  readonly precision: number;
  readonly recall: number;
}
interface JudgedPair {
  readonly same: boolean;
  readonly full: boolean;
  readonly core: boolean;
  /** `info`: not to be had from the names alone. */
  readonly info: boolean;
}

export function judgeSameEntity(shared: string): PairFigures[] {
  const chinese = pairsOf(shared, 'name-pairs-cn.csv');
  const english = pairsOf(shared, 'name-pairs-en.csv');
  const derivable = [...chinese, ...english].filter(({ info }) => !info);
  return [
    figuresOf('cn full', chinese.filter(({ info }) => !info), 'full'), figuresOf('cn full or core', chinese.filter(({ info }) => !info), 'core'),
    figuresOf('cn with short names of the exchange (info), full or core', chinese, 'core'),
    figuresOf('en full', english, 'full'), figuresOf('en full or core', english, 'core'),
    figuresOf('both full', derivable, 'full'), figuresOf('both full or core', derivable, 'core'),
  ];
}

function pairsOf(shared: string, file: string): JudgedPair[] {
  return readCsv(path.join(shared, 'names', file)).map((row) => {
    const [a, b] = [formsOf(row['name_a'] ?? ''), formsOf(row['name_b'] ?? '')];
    const full = a[0] !== undefined && a[0] === b[0];
    return { same: row['label'] === 'same', info: row['level'] === 'info', full, core: full || a.slice(1).some((form) => b.slice(1).includes(form)) };
  });
}

function formsOf(name: string): string[] {
  const result = normalise('org_name', name);
  return 'forms' in result ? result.forms.map(({ value }) => value) : [];
}

function figuresOf(name: string, pairs: readonly JudgedPair[], by: 'full' | 'core'): PairFigures {
  const same = pairs.filter((pair) => pair.same);
  const different = pairs.filter((pair) => !pair.same);
  const found = same.filter((pair) => pair[by]).length;
  const merged = different.filter((pair) => pair[by]).length;
  return { name, same: same.length, found, different: different.length, merged, precision: found / Math.max(1, found + merged), recall: found / Math.max(1, same.length) };
}
