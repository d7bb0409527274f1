/** Calls of the definer functions that look across members (migrations/match-functions.ts). They return classes and counts only. */
import { DomainError, type ClueId, type MemberId, type PublicationId } from '#kernel';
import type { SystemScope, Tx } from '#platform/database';
import type { Band } from '#protocol';
import { bandOf, type CheckAnswer, type CheckResult, type SliceMatched, type StatedPurpose, type TextsMatched } from './overlap.model.js';

interface CheckRow {
  disclosureId: string; remaining: number; place: number; others: number; exact: boolean | null; categories: CheckAnswer['categories']; levels: CheckAnswer['levels'];
  impersonated: boolean; firstSeen: Date | null; lastSeen: Date | null;
}
const QUOTA = 'TL429';

export class MatchingRepository {
  /** For the worker: matches the next clues of a finished publication, in its own transaction. */
  async matchSlice(tx: SystemScope, memberId: MemberId, publicationId: PublicationId, slice: number): Promise<SliceMatched> {
    const [row] = await tx.query<SliceMatched>('select examined, opened, done from match.match_slice($1, $2, $3)', [memberId, publicationId, slice]);
    if (!row) throw new Error('match_slice gave no row');
    return row;
  }

  /** For the worker: brings up to date what everybody sees on the next clues of a member whose standing changed; `lastClue` is null after the last. */
  async standingSlice(tx: SystemScope, memberId: MemberId, after: ClueId | null, slice: number): Promise<{ readonly examined: number; readonly lastClue: ClueId | null }> {
    const [row] = await tx.query<{ examined: number; lastClue: ClueId | null }>(
      'select examined, last_clue as "lastClue" from match.standing_slice($1, $2, $3)', [memberId, after, slice]);
    if (!row) throw new Error('standing_slice gave no row');
    return row;
  }

  /** For the worker: the texts among the next clues of a finished publication; `lastClue` is null after the last. */
  async matchTextSlice(tx: SystemScope, memberId: MemberId, publicationId: PublicationId, after: ClueId | null, slice: number): Promise<TextsMatched> {
    const [row] = await tx.query<TextsMatched>('select examined, opened, last_clue as "lastClue" from match.match_text_slice($1, $2, $3, $4)', [memberId, publicationId, after, slice]);
    if (!row) throw new Error('match_text_slice gave no row');
    return row;
  }

  /** For the worker: the same for the texts of a member whose standing changed. */
  async standingTextSlice(tx: SystemScope, memberId: MemberId, after: ClueId | null, slice: number): Promise<Omit<TextsMatched, 'opened'>> {
    const [row] = await tx.query<Omit<TextsMatched, 'opened'>>('select examined, last_clue as "lastClue" from match.standing_text_slice($1, $2, $3)', [memberId, after, slice]);
    if (!row) throw new Error('standing_text_slice gave no row');
    return row;
  }

  /** How many of the publication's clues others hold at this moment. */
  async atOnce(tx: Tx, publicationId: PublicationId): Promise<Band> {
    const [row] = await tx.query<{ n: number }>('select match.at_once($1) as n', [publicationId]);
    return bandOf(row?.n ?? 0);
  }

  /** After own clues were marked retracted: returns how many own overlaps are no longer open. */
  async withdraw(tx: Tx, clueIds: readonly ClueId[]): Promise<number> {
    const [row] = await tx.query<{ n: number }>('select match.withdraw($1::uuid[]) as n', [clueIds]);
    await tx.execute('select match.withdraw_texts($1::uuid[])', [clueIds]);
    return row?.n ?? 0;
  }

  /**
   * Debits, answers and records in one function. Tokens: 32 lower-case hex digits each.
   * @param former the same values' tokens in the epoch before, as many, or null: a value is answered over both
   * @throws DomainError QUOTA_EXHAUSTED
   */
  async check(tx: Tx, stated: StatedPurpose, tokens: readonly string[], former: readonly string[] | null = null): Promise<CheckResult> {
    const { code, law, article } = stated.legalBasis;
    const rows = await tx.query<CheckRow>(
      `select disclosure_id as "disclosureId", remaining, place, others, exact, categories, array(select 'L' || l from unnest(levels) l order by l) as levels, impersonated,
           first_seen as "firstSeen", last_seen as "lastSeen"
         from match.check_tokens($1, $2, $3, $4, $5, $6) order by place`,
      [stated.purpose, code, law ?? null, article ?? null, tokens.join(''), former === null ? null : former.join('')]).catch(quotaOrRethrow);
    const first = rows[0];
    if (!first) throw new Error('check_tokens gave no row');
    return {
      disclosureId: first.disclosureId, remaining: first.remaining,
      answers: rows.map(({ place, others, exact, categories, levels, impersonated, firstSeen, lastSeen }) => ({
        index: place - 1, band: bandOf(others), strength: exact === null ? null : exact ? 'EXACT' : 'WEAK', categories, levels, impersonated, firstSeen, lastSeen })),
    };
  }
}

function quotaOrRethrow(error: unknown): never {
  const fault = error as { code?: unknown; driverError?: { code?: unknown } };
  if (fault.code === QUOTA || fault.driverError?.code === QUOTA) throw new DomainError('QUOTA_EXHAUSTED', 'checks of today are used up', { quota: 'checks-per-day' });
  throw error;
}
