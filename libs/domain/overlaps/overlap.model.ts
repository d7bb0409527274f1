import type { ClueId, OverlapId } from '#kernel';
import { BANDS, type Band, type CategoryCode, type Level, type Purpose, type StatedBasis, type Strength } from '#protocol';

/** Why somebody asks; on record with every answer. */
export interface StatedPurpose {
  readonly purpose: Purpose;
  readonly legalBasis: StatedBasis;
}

/** One of the member's own forms that others hold too. Bands and classes, never who. */
export interface Overlap {
  readonly id: OverlapId;
  readonly clueId: ClueId;
  readonly kind: string;
  readonly strength: Strength;
  /** How many other members. */
  readonly others: Band;
  readonly categories: readonly CategoryCode[];
  readonly levels: readonly Level[];
  /** Effective level: two independent members on the indicator itself corroborate each other (L2). */
  readonly level: Level;
  /** Somebody holds it in the role IMPERSONATED: it is the victim of a false use. */
  readonly impersonated: boolean;
  readonly firstSeen: Date | null;
  readonly lastSeen: Date | null;
  readonly state: 'OPEN' | 'WITHDRAWN';
  readonly openedAt: Date;
  readonly changedAt: Date;
}

/** The same shape whether a token is unknown, expired, retracted or not for this member. */
export interface CheckAnswer {
  /** Place in the list that was asked, from 0. */
  readonly index: number;
  readonly band: Band;
  readonly strength: Strength | null;
  readonly categories: readonly CategoryCode[];
  readonly levels: readonly Level[];
  readonly impersonated: boolean;
  readonly firstSeen: Date | null;
  readonly lastSeen: Date | null;
}

export interface CheckResult {
  readonly disclosureId: string;
  /** Tokens that may still be asked today (UTC). */
  readonly remaining: number;
  readonly answers: readonly CheckAnswer[];
}

/** Something that this party can look up has changed. */
export interface PartyEvent {
  /** Starts at 1, no gaps. */
  readonly seq: number;
  readonly kind: string;
  readonly subjectId: string;
  readonly at: Date;
}

export interface SliceMatched {
  readonly examined: number;
  readonly opened: number;
  readonly done: boolean;
}

export interface TextsMatched {
  readonly examined: number;
  readonly opened: number;
  readonly lastClue: ClueId | null;
}

/** 0, 1, 2 = two or more. */
export function bandOf(count: number): Band {
  return BANDS[Math.min(count, 2)] as Band;
}
