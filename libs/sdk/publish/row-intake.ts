/**
 * One row of a file becomes a candidate clue, a local record or a reject. Pure: what the vault and the network know
 * comes later.
 */
import { brandWarning, kindVersion, readIndicator, warningFor, type BrandFinding, type BrandIndex, type FederationPolicy, type Form, type SubjectRole } from '#indicators';
import { isTerm, type ClueTerms, type PartialTerms, type Profile } from './profile.js';
import { rowReason, type RowReject } from './row-reject.js';
import type { SourceRow } from '../input/source-file.js';

export interface Candidate {
  readonly line: number;
  readonly row: string;
  readonly kind: string;
  readonly kindVersion: string;
  /** The first is the exact form. */
  readonly forms: readonly [Form, ...Form[]];
  /** What a text is compared by, beside its form; empty for every other kind. */
  readonly bands: readonly string[];
  readonly terms: ClueTerms;
  readonly raw: string;
  /** ISO 8601 instant. */
  readonly firstSeen: string;
  readonly channel: string;
  readonly warning: string | null;
  /** Brands that the value imitates (docs/impersonation.md). */
  readonly imitates: readonly BrandFinding[];
}
export interface LocalRow {
  readonly line: number;
  readonly row: string;
  readonly kind: string;
  readonly raw: string;
  readonly notice: string;
}
export type Intake = { readonly candidate: Candidate } | { readonly local: LocalRow } | { readonly reject: RowReject };

export interface IntakeRules {
  readonly profile: Profile;
  readonly policy: FederationPolicy;
  readonly now: Date;
  /** Kind of rows that name none themselves: what the value column's name or the user says. */
  readonly valueKind: string | null;
  /** Brands that this member believes in; none: nothing is tested. */
  readonly brands: BrandIndex;
}

const CELL_TERMS = ['role', 'category', 'means', 'level', 'purpose', 'legal_basis', 'tlp'] as const;
const REQUIRED_TERMS = ['role', 'category', 'means', 'level', 'purpose', 'legalBasis', 'tlp'] as const;
const CLOCK_TOLERANCE_MS = 24 * 3600 * 1000;

export function takeIn({ line, cells, fault }: SourceRow, rules: IntakeRules): Intake {
  const row = cells?.row?.trim() ?? '';
  const refuse = (reason: { code: string; reason: string; reasonZh: string }): Intake => ({ reject: { line, row, ...reason } });
  if (cells === null) return refuse(rowReason('COLUMNS_INVALID'));
  if (row === '' || row.length > 100 || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(row)) return { reject: { line, row: '', ...rowReason('ROW_NAME_INVALID') } };
  if (fault !== undefined) return refuse(rowReason(fault));
  const raw = cells.value ?? '';
  const reading = readIndicator(raw, { word: cells.type ?? null, fallback: cells.type === undefined ? rules.valueKind : null, detect: false });
  if (reading.kind === null) return refuse(rowReason(reading.unknown));
  const { kind, result: normalised } = reading;
  if ('reject' in normalised) return refuse(normalised.reject);
  const bands = normalised.bands ?? [];
  if (normalised.bands?.length === 0) return refuse(rowReason('NOT_RAW'));
  const firstSeen = instantOf(cells.first_seen ?? '', rules.now);
  if (firstSeen === null) return refuse(rowReason('DATE_INVALID'));
  const terms = termsOf(cells, kind, rules.profile);
  if ('fault' in terms) return refuse(terms.fault);
  if (terms.terms.level === 'L0') return { local: { line, row, kind, raw, notice: 'LEVEL_L0' } };
  const near = rules.brands.test(kind, raw, normalised.forms[0].value);
  const role = terms.terms.role.toLowerCase() as SubjectRole;
  const warning = warningFor(normalised.forms[0], role, rules.policy) ?? (near.some(({ relation }) => relation === 'OWN') ? brandWarning(role, rules.policy) : null);
  if (warning?.refuse) return refuse({ code: warning.code, reason: warning.reason, reasonZh: warning.reasonZh });
  const channel = (cells.channel ?? '').trim().slice(0, 100);
  return { candidate: { line, row, kind, kindVersion: kindVersion(kind), forms: normalised.forms, bands, terms: terms.terms, raw, firstSeen, channel, warning: warning?.code ?? null,
    imitates: near.filter(({ relation }) => relation === 'IMITATES') } };
}

/** The row's own cells win over the profile's part for its kind, which wins over the profile. */
function termsOf(cells: NonNullable<SourceRow['cells']>, kind: string, profile: Profile): { terms: ClueTerms } | { fault: ReturnType<typeof rowReason> } {
  const own: Record<string, unknown> = {};
  for (const column of CELL_TERMS) {
    const cell = cells[column]?.trim();
    if (!cell) continue;
    const name = column === 'legal_basis' ? 'legalBasis' : column;
    own[name] = termOf(column, cell);
    if (!isTerm(name, own[name])) return { fault: rowReason('TERM_UNKNOWN', column) };
  }
  const terms: PartialTerms = { ...profile.terms, ...profile.byType[kind], ...own };
  const missing = REQUIRED_TERMS.filter((name) => terms[name] === undefined);
  return missing.length > 0 ? { fault: rowReason('TERM_MISSING', missing.join(', ')) } : { terms: terms as ClueTerms };
}

/** `means` is separated by ; or |, `legal_basis` is CODE or CODE:law:article. */
function termOf(column: (typeof CELL_TERMS)[number], cell: string): unknown {
  if (column === 'means') return [...new Set(cell.split(/[;|]/).map((code) => code.trim().toUpperCase()))].filter((code) => code !== '');
  if (column !== 'legal_basis') return cell.toUpperCase();
  const [code, law, article] = cell.split(':').map((part) => part.trim());
  return { code: code?.toUpperCase(), ...(law ? { law } : {}), ...(article ? { article } : {}) };
}

/** YYYY-MM-DD or an ISO 8601 instant with its zone, not in the future. */
function instantOf(cell: string, now: Date): string | null {
  const text = cell.trim();
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/.exec(text) ?? [];
  if (year === undefined) return null;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return null;
  const instant = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);
  return Number.isNaN(instant) || instant > now.getTime() + CLOCK_TOLERANCE_MS ? null : new Date(instant).toISOString();
}
