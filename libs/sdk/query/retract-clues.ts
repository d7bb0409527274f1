/** Taking clues back: they stop matching at once, everybody who was answered gets an event. */
import { randomUUID } from 'node:crypto';
import { DomainError, type ClueId } from '#kernel';
import { RETRACTION_REASONS, isCode, type RetractionReason } from '#protocol';
import { assertRetractionOf } from '../publish/chunk-answer.js';
import { DOCUMENTS } from '../transport/documents.js';
import type { HubClient } from '../transport/hub-client.js';
import { del, put, vaultKey, type Vault } from '../vault/vault.js';

export interface RetractedClue {
  readonly clueId: string;
  /** RETRACTED, or why not. */
  readonly outcome: string;
  readonly rows: readonly string[];
}

/** @throws NOT_FOUND when no row of that name is in the vault */
export async function cluesOfRow(vault: Vault, row: string): Promise<ClueId[]> {
  const found = [...new Set((await vault.cluesOfRow(row)).map(({ clueId }) => clueId))];
  if (found.length === 0) throw new DomainError('NOT_FOUND', 'no clue of that row in the vault', { what: 'row' });
  return found;
}

/** Takes clues back at the hub, then marks them in the vault; a clue that the vault does not know is retracted all the same. @throws BAD_INPUT for an unknown reason; DIGEST_MISMATCH for an answer about other clues */
export async function retractClues(hub: HubClient, vault: Vault, clueIds: readonly ClueId[], reason: string): Promise<RetractedClue[]> {
  if (!isCode(RETRACTION_REASONS, reason)) throw new DomainError('BAD_INPUT', 'unknown reason', { option: '--reason', allowed: Object.keys(RETRACTION_REASONS) as RetractionReason[] });
  const input = { clueIds, reason, idempotencyKey: randomUUID() };
  const { retractClues: answer } = await hub.graphql<{ retractClues: { items: { clueId: string; outcome: string }[] } }>(DOCUMENTS.retractClues, { input });
  assertRetractionOf(clueIds, answer.items);
  const out: RetractedClue[] = [];
  for (const { clueId, outcome } of answer.items) {
    const record = await vault.clue(clueId);
    const rows = [...new Set((await vault.rowsOf(clueId as ClueId)).map(({ row }) => row))];
    if (record && outcome !== 'NOT_FOUND') await vault.write([put(vaultKey.clue(clueId), { ...record, state: 'RETRACTED' }), del(vaultKey.exact(record.indexKey))]);
    out.push({ clueId, outcome, rows });
  }
  return out;
}
