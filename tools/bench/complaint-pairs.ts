/**
 * Near-duplicate complaints on labelled texts, by the very bands that the agent tokenises. English: CFPB pairs, near duplicates against
 * different letters about the same issue; "borderline" pairs (a quarter to a half of their pieces shared) are told apart. Chinese: every pair of two
 * texts of one template against every pair of two templates.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { bandsOf, plainText, textPiecesOf } from '#indicators';

/** Equal bands of each pair. */
interface PairBands {
  readonly same: readonly number[];
  readonly different: readonly number[];
  readonly borderline: readonly number[];
}
export interface CurvePoint {
  readonly bands: number;
  readonly rows: number;
  /** Equal bands that make a match. */
  readonly least: number;
  readonly chinese: { readonly recall: number; readonly precision: number; readonly falseShare: number };
  readonly english: { readonly recall: number; readonly precision: number; readonly borderlineShare: number; readonly strictPrecision: number };
}

export function complaintCurve(shared: string, settings: readonly { readonly bands: number; readonly rows: number }[], leasts: readonly number[]): CurvePoint[] {
  const chinese = readCsv(shared, 'zh-synthetic.csv').map(({ template = '', text = '' }) => ({ template, pieces: textPiecesOf(plainText(text)) }));
  const english = new Map(readCsv(shared, 'cfpb-narratives.csv').map(({ complaint_id: id = '', narrative = '' }) => [id, textPiecesOf(plainText(narrative))]));
  const pairs = readCsv(shared, 'cfpb-pairs.csv');
  return settings.flatMap(({ bands, rows }) => {
    const zh = chinesePairs(chinese.map(({ template, pieces }) => ({ template, bands: bandsOf(pieces, bands, rows) })));
    const en = englishPairs(new Map([...english].map(([id, pieces]) => [id, bandsOf(pieces, bands, rows)])), pairs);
    return leasts.map((least) => pointOf(bands, rows, least, zh, en));
  });
}

function pointOf(bands: number, rows: number, least: number, zh: PairBands, en: PairBands): CurvePoint {
  const hits = (equal: readonly number[]): number => equal.filter((n) => n >= least).length;
  const share = (equal: readonly number[]): number => hits(equal) / Math.max(1, equal.length);
  const precision = (right: number, wrong: number): number => right / Math.max(1, right + wrong);
  return {
    bands, rows, least,
    chinese: { recall: share(zh.same), precision: precision(hits(zh.same), hits(zh.different)), falseShare: share(zh.different) },
    english: {
      recall: share(en.same), precision: precision(hits(en.same), hits(en.different)), borderlineShare: share(en.borderline),
      strictPrecision: precision(hits(en.same), hits(en.different) + hits(en.borderline)),
    },
  };
}

function chinesePairs(texts: readonly { readonly template: string; readonly bands: readonly string[] }[]): PairBands {
  const found = { same: [] as number[], different: [] as number[], borderline: [] as number[] };
  texts.forEach((a, i) => {
    for (const b of texts.slice(0, i)) (a.template === b.template ? found.same : found.different).push(equalBands(a.bands, b.bands));
  });
  return found;
}

function englishPairs(texts: ReadonlyMap<string, readonly string[]>, pairs: readonly Record<string, string>[]): PairBands {
  const of = (label: string): number[] => pairs.filter((pair) => pair['label'] === label)
    .map(({ id_a: a = '', id_b: b = '' }) => equalBands(texts.get(a) ?? [], texts.get(b) ?? []));
  return { same: of('near_duplicate'), different: of('different'), borderline: of('borderline') };
}

function equalBands(a: readonly string[], b: readonly string[]): number {
  return a.filter((band, i) => band === b[i]).length;
}

function readCsv(shared: string, file: string): Record<string, string>[] {
  return parse(readFileSync(path.join(shared, 'complaints', file)), { columns: true });
}
