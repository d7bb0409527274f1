/**
 * Impersonation on labelled name pairs: one name of a pair is the protected brand, with nothing declared but that name, the other is
 * tested. Chinese: pairs made as imitations must be told, spellings and short forms of the name itself must not; two real names, one of
 * which holds the other, are counted apart (a brand's owner names its affiliates). English: the file's "same" holds misspelt names, so
 * "own or imitating" is compared with "same".
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { BrandIndex, normalise, type BrandFinding } from '#indicators';

export interface Figures {
  readonly name: string;
  readonly told: number;
  readonly missed: number;
  readonly falselyTold: number;
  readonly negatives: number;
  readonly precision: number;
  readonly recall: number;
}
export interface NamePairReport {
  readonly figures: readonly Figures[];
  /** Relation of the Chinese file -> how many pairs were told strongly, weakly, as the brand's own, not at all. */
  readonly byRelation: Readonly<Record<string, Readonly<Record<'strong' | 'weak' | 'own' | 'none', number>>>>;
}
interface Pair { readonly name_a: string; readonly name_b: string; readonly label: string; readonly relation?: string }
type Outcome = 'strong' | 'weak' | 'own' | 'none';

const MADE_AS_IMITATION = new Set(['contains_brand_derived', 'lookalike_impersonation_derived', 'region_swap_derived']);
const TWO_REAL_ONE_INSIDE = 'contains_brand_real';

export function judgeNamePairs(shared: string): NamePairReport {
  const chinese = rowsOf(shared, 'name-pairs-cn.csv').map((row) => ({ ...row, outcome: outcomeOf(row.name_a, row.name_b) }));
  const english = rowsOf(shared, 'name-pairs-en.csv').map((row) => ({ ...row, outcome: outcomeOf(row.name_b, row.name_a) }));
  const byRelation: Record<string, Record<Outcome, number>> = {};
  for (const { relation = '', outcome } of chinese) (byRelation[relation] ??= { strong: 0, weak: 0, own: 0, none: 0 })[outcome] += 1;
  const labelled = chinese.filter(({ relation }) => relation !== TWO_REAL_ONE_INSIDE);
  const isImitation = ({ relation = '' }: Pair): boolean => MADE_AS_IMITATION.has(relation);
  return {
    byRelation,
    figures: [
      figuresOf('cn: told at all', labelled, isImitation, ({ outcome }) => outcome === 'strong' || outcome === 'weak'),
      figuresOf('cn: told to the owner', labelled, isImitation, ({ outcome }) => outcome === 'strong'),
      figuresOf('cn: told at all, real names inside others as false', chinese, isImitation, ({ outcome }) => outcome === 'strong' || outcome === 'weak'),
      figuresOf('en: own or imitating', english, ({ label }) => label === 'same', ({ outcome }) => outcome !== 'none'),
    ],
  };
}

function outcomeOf(brandName: string, tested: string): Outcome {
  const index = new BrandIndex([{ brandId: 'b', owner: 'o', names: [brandName], marks: [], latin: [], numbers: [], domains: [], accounts: [] }]);
  const result = normalise('org_name', tested);
  const [finding]: readonly (BrandFinding | undefined)[] = 'forms' in result ? index.test('org_name', tested, result.forms[0].value) : [];
  if (finding === undefined) return 'none';
  return finding.relation === 'OWN' ? 'own' : finding.strong ? 'strong' : 'weak';
}

function figuresOf<T extends Pair>(name: string, rows: readonly T[], positive: (row: T) => boolean, told: (row: T) => boolean): Figures {
  const right = rows.filter((row) => positive(row) && told(row)).length;
  const wrong = rows.filter((row) => !positive(row) && told(row)).length;
  const positives = rows.filter(positive).length;
  return {
    name, told: right, missed: positives - right, falselyTold: wrong, negatives: rows.length - positives, precision: right / Math.max(1, right + wrong), recall: right / Math.max(1, positives),
  };
}

function rowsOf(shared: string, file: string): Pair[] {
  return parse(readFileSync(path.join(shared, 'names', file)), { columns: true });
}
