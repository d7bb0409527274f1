/**
 * The rule of the blinding journal (docs/protocol/derivations.md): a batch that was interrupted goes out again byte for byte, or it is
 * another batch. A blind used for two inputs would reveal both; so the old batch id lives on only for the very same
 * inputs, in the same order, under the same manifest, in the same mode of evaluation. Anything else takes fresh bytes.
 */
import { DomainError } from '#kernel';
import type { EvaluationMode } from '#protocol';
import type { BatchRecord } from '../vault/vault-records.js';

export interface BatchFacts {
  /** base64url */
  readonly manifestHash: string;
  /** Keyed digest of the inputs in order. */
  readonly inputsDigest: string;
  readonly mode: EvaluationMode;
}

/** The journalled batch id if the batch is still the same, else the fresh one. */
export function batchIdFor(facts: BatchFacts, record: BatchRecord | undefined, freshBatchId: string): { readonly batchId: string; readonly resumed: boolean } {
  const sameMode = (record?.fast === undefined ? 'baseline' : 'fast') === facts.mode;
  const same = record?.state === 'unverified' && sameMode && record.manifestHash === facts.manifestHash && record.inputsDigest === facts.inputsDigest;
  return same ? { batchId: record.batchId, resumed: true } : { batchId: freshBatchId, resumed: false };
}

/** The last look before a resumed batch is sent. @throws VAULT_INVALID when its points are not the journalled ones */
export function assertSamePoints(record: BatchRecord, pointsHash: string): void {
  if (record.pointsHash !== pointsHash) throw new DomainError('VAULT_INVALID', 'journalled batch does not come out alike', { reason: 'blinding journal' });
}
