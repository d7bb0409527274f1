/**
 * What a hub says of the clues of a chunk, or of a retraction, is judged before it changes the vault: an answer about other clues, or one
 * that puts a clue in the place of another's indicator, would take away raw values, and have a later retraction take back the wrong clue.
 */
import { DomainError, type ErrorCode, isUuid } from '#kernel';
import type { Vault } from '../vault/vault.js';
import type { ChunkRecord, ClueRecord } from '../vault/vault-records.js';

const RETRACTION_OUTCOMES: ReadonlySet<string> = new Set(['RETRACTED', 'ALREADY_RETRACTED', 'NOT_FOUND']);

/** What the hub said to a chunk. */
export interface ChunkAnswer {
  readonly accepted: number;
  readonly alreadyKnown: number;
  readonly refused: readonly { readonly clueId: string; readonly code: ErrorCode }[];
  /** [clue id sent, the own live clue that the hub holds on that token]. */
  readonly known: readonly (readonly [string, string])[];
  /** The hub's own id for a publication by mutation, which is finished at once; null for bulk. */
  readonly hubPublicationId: string | null;
}

/** @throws DIGEST_MISMATCH for clues that the chunk does not hold */
export function answerTo({ clueIds }: ChunkRecord, answer: ChunkAnswer): ChunkAnswer {
  const sent = new Set<string>(clueIds);
  const about = [...answer.refused.map(({ clueId }) => clueId), ...answer.known.map(([clueId]) => clueId)];
  if (!about.every((clueId) => sent.has(clueId)) || !answer.known.every(([, existing]) => isUuid(existing))) throw foreign();
  return answer;
}

/** @throws DIGEST_MISMATCH when the vault knows that `existing` is another indicator than `sent` */
export async function assertSameIndicator(vault: Pick<Vault, 'clue' | 'openClue'>, sentId: string, sent: ClueRecord, existingId: string): Promise<void> {
  const existing = await vault.clue(existingId);
  if (existing === undefined) return;
  const otherToken = existing.epoch === sent.epoch && existing.forms[0]?.token !== sent.forms[0]?.token;
  const [one, two] = [vault.openClue(sentId, sent), vault.openClue(existingId, existing)];
  const otherValue = one !== null && two !== null && one.canonical !== two.canonical;
  if (existing.kind !== sent.kind || otherToken || otherValue) throw foreign();
}

/** @throws DIGEST_MISMATCH for an answer to a retraction about other clues than those asked, or about none of one */
export function assertRetractionOf(asked: readonly string[], items: readonly { readonly clueId: string; readonly outcome: string }[]): void {
  const left = new Set(asked);
  const each = items.every(({ clueId, outcome }) => left.delete(clueId) && RETRACTION_OUTCOMES.has(outcome));
  if (!each || left.size > 0) throw foreign();
}

function foreign(): DomainError {
  return new DomainError('DIGEST_MISMATCH', 'the hub answered about other clues', { reason: 'answer' });
}
