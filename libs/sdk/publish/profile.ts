/**
 * The profile: what a file does not say about its rows (role, category, means, level, purpose, legal basis, TLP), once
 * for the file and, below `byType`, for one kind. A row that neither file nor profile covers is refused, never defaulted.
 */
import { createHash } from 'node:crypto';
import { DomainError, canonicalBytes, type Json } from '#kernel';
import { INDICATOR_KINDS } from '#indicators';
import {
  CATEGORIES, LEGAL_BASES, LEVELS, MEANS, PROOF_FIELDS, PURPOSES, ROLES, TLPS, isCode,
  type CategoryCode, type Level, type MeansCode, type ProofField, type Purpose, type Role, type StatedBasis, type Tlp,
} from '#protocol';

export interface ClueTerms {
  readonly role: Role;
  readonly category: CategoryCode;
  readonly means: readonly MeansCode[];
  readonly level: Level;
  readonly purpose: Purpose;
  readonly legalBasis: StatedBasis;
  readonly tlp: Tlp;
  readonly approver?: string;
  readonly authorityReference?: string;
  readonly evidence?: readonly ProofField[];
}
export type PartialTerms = Partial<ClueTerms>;
export interface Profile {
  readonly terms: PartialTerms;
  readonly byType: Readonly<Record<string, PartialTerms>>;
  /** SHA-256 of the canonical profile, hex: another profile is another publication. */
  readonly digest: string;
}

const CHECKS: Readonly<Record<keyof ClueTerms, (value: unknown) => boolean>> = {
  role: (value) => isCode(ROLES, value),
  category: (value) => isCode(CATEGORIES, value),
  means: (value) => isListOf(MEANS, value),
  level: (value) => isCode(LEVELS, value),
  purpose: (value) => isCode(PURPOSES, value),
  legalBasis: isStatedBasis,
  tlp: (value) => isCode(TLPS, value),
  approver: isShortText,
  authorityReference: isShortText,
  evidence: (value) => isListOf(PROOF_FIELDS, value),
};

/** @throws PROFILE_INVALID naming every faulty field at once */
export function parseProfile(value: unknown): Profile {
  if (!isObject(value)) throw new DomainError('PROFILE_INVALID', 'profile is not an object', { faults: ['not an object'] });
  const { byType = {}, ...terms } = value;
  const faults = faultsOf(terms, '');
  if (!isObject(byType)) faults.push('byType');
  for (const [kind, part] of Object.entries(isObject(byType) ? byType : {})) {
    if (!(INDICATOR_KINDS as readonly string[]).includes(kind) || !isObject(part)) faults.push('byType');
    else faults.push(...faultsOf(part, `byType.${kind}.`));
  }
  if (faults.length > 0) throw new DomainError('PROFILE_INVALID', 'profile', { faults });
  const digest = createHash('sha256').update(canonicalBytes(value as Json)).digest('hex');
  return { terms: terms as PartialTerms, byType: byType as Profile['byType'], digest };
}

function faultsOf(terms: Record<string, unknown>, prefix: string): string[] {
  return Object.entries(terms)
    .filter(([name, value]) => !Object.hasOwn(CHECKS, name) || !CHECKS[name as keyof ClueTerms](value))
    .map(([name]) => (Object.hasOwn(CHECKS, name) ? `${prefix}${name}` : `${prefix}(unknown field)`));
}

export function isTerm(name: keyof ClueTerms, value: unknown): boolean {
  return CHECKS[name](value);
}

export function isStatedBasis(value: unknown): value is StatedBasis {
  if (!isObject(value) || !isCode(LEGAL_BASES, value.code)) return false;
  const optional = (text: unknown): boolean => text === undefined || text === null || isShortText(text);
  const cited = typeof value.law === 'string' && typeof value.article === 'string';
  return optional(value.law) && optional(value.article) && (cited || !LEGAL_BASES[value.code].needsArticle)
    && Object.keys(value).every((name) => ['code', 'law', 'article'].includes(name));
}

function isListOf(table: object, value: unknown): boolean {
  return Array.isArray(value) && value.length <= 32 && new Set(value).size === value.length && value.every((code) => isCode(table, code));
}
function isShortText(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.trim() === value && value.length <= 200;
}
function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
