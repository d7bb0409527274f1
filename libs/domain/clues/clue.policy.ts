/** May this clue be shared? Product rules only (docs/recognition-codes.md); the shape has been read before. Pure. */
import { CATEGORIES, lawCodeOf, LAWS, LEGAL_BASES, LEVELS, MEANS, ROLES, TLPS, type Category, type Level, type Means, type MeansCode, type Role, type StatedBasis } from '#protocol';
import type { ClueStatement, Refusal } from './clue.model.js';

/** Clocks of publishers may run ahead by this much. */
const CLOCK_AHEAD_MS = 24 * 3_600_000;

/** The first rule a clue breaks, or null when it may be shared. */
export function judgeClue(clue: ClueStatement, now: Date): Refusal | null {
  const category: Category = CATEGORIES[clue.category];
  if (!category.shareable) return { code: 'CATEGORY_NOT_SHAREABLE', field: 'category' };
  if (LEVELS[clue.level].rank === 0) return { code: 'POLICY_FORBIDS', field: 'level' };
  if (!TLPS[clue.tlp].publishable) return { code: 'POLICY_FORBIDS', field: 'tlp' };
  return judgeGuard(clue, category) ?? judgeLevel(clue) ?? judgeBasis(clue.legalBasis, category) ?? judgeDates(clue, now);
}

/** Means of the clue that count for its category. A guarded category takes only means made for it. */
export function recognisedMeans(clue: Pick<ClueStatement, 'category' | 'means'>): readonly MeansCode[] {
  const { guarded }: Category = CATEGORIES[clue.category];
  return clue.means.filter((code) => {
    const { categories }: Means = MEANS[code];
    return categories === null ? !guarded : categories.includes(clue.category);
  });
}

/** The law of telecom fraud is not stretched over other trades; a duty without its law and article is no basis. */
export function judgeBasis(basis: StatedBasis, category: Pick<Category, 'onlineFraud'> | null): Refusal | null {
  const { law, article } = basis;
  if (LEGAL_BASES[basis.code].needsArticle && (!law || !article)) return { code: 'BASIS_NOT_APPLICABLE', field: 'legalBasis.article' };
  const code = law ? lawCodeOf(law) : null;
  if (code !== null && LAWS[code].onlineFraudOnly && category !== null && !category.onlineFraud) {
    return { code: 'BASIS_NOT_APPLICABLE', field: 'legalBasis.law' };
  }
  return null;
}

export function isMatchable(role: Role): boolean {
  return ROLES[role].matchable;
}

/** Days after publication on which a clue of this level is no longer used. */
export function lifetimeDays(level: Level): number {
  return LEVELS[level].days;
}

// Lawful complainants: complaining is a right, so the trade has to be shown, and somebody who trades in it.
function judgeGuard(clue: ClueStatement, category: Category): Refusal | null {
  if (!category.guarded) return null;
  if (clue.role !== 'AGENT') return { code: 'EVIDENCE_INSUFFICIENT', field: 'role' };
  return recognisedMeans(clue).length > 0 ? null : { code: 'EVIDENCE_INSUFFICIENT', field: 'means' };
}

function judgeLevel(clue: ClueStatement): Refusal | null {
  const means = recognisedMeans(clue);
  switch (clue.level) {
    case 'L4':
      return clue.authorityReference ? null : { code: 'EVIDENCE_INSUFFICIENT', field: 'authorityReference' };
    case 'L3': {
      if (!clue.approver) return { code: 'EVIDENCE_INSUFFICIENT', field: 'approver' };
      if (means.length < 1) return { code: 'EVIDENCE_INSUFFICIENT', field: 'means' };
      const complete = means.every((code) => (MEANS[code] as Means).evidence.every((field) => clue.evidence.includes(field)));
      return complete ? null : { code: 'EVIDENCE_INSUFFICIENT', field: 'evidence' };
    }
    default:
      return means.length >= LEVELS[clue.level].rank ? null : { code: 'EVIDENCE_INSUFFICIENT', field: 'means' };
  }
}

function judgeDates(clue: ClueStatement, now: Date): Refusal | null {
  const last = Date.parse(clue.lastSeen);
  if (Date.parse(clue.firstSeen) > last) return { code: 'BAD_INPUT', field: 'firstSeen' };
  return last > now.getTime() + CLOCK_AHEAD_MS ? { code: 'BAD_INPUT', field: 'lastSeen' } : null;
}
