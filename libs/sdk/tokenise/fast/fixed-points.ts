/**
 * Combined points that can no longer change, because they are on disk. Weights are drawn for these only, in the one method below: whoever
 * knows the weights before the points are fixed passes the check with any points (docs/protocol/fast-mode.md).
 */
import { fromBase64url, toBase64url, type DeferredCheck } from '#crypto';
import type { VectorReceipt } from '#protocol';
import type { BatchRecord, FastAnswerRecord } from '../../vault/vault-records.js';
import type { CryptoRunner } from '../crypto-task.js';

export interface BatchJournal {
  /** Returns when the record is on disk. */
  write(record: BatchRecord): Promise<void>;
}

export interface CombinedAnswer {
  readonly combiner: FastAnswerRecord['combiner'];
  readonly quorum: readonly number[];
  /** D; empty when the vectors do not combine. */
  readonly combined: Uint8Array;
  /** One of each holder of the quorum. */
  readonly receipts: readonly VectorReceipt[];
}

export class FixedPoints {
  private constructor(readonly record: BatchRecord, readonly answer: CombinedAnswer) {}

  /** Journals the answer, in place of any answer before it. */
  static async fix(journal: BatchJournal, record: BatchRecord, answer: CombinedAnswer): Promise<FixedPoints> {
    const { combiner, quorum, combined, receipts } = answer;
    const kept = receipts.map(({ holderIndex, answerSha256, signature }) => ({ holder: holderIndex, answerSha256: toBase64url(answerSha256), signature: toBase64url(signature) }));
    const fixed: BatchRecord = { ...record, fast: { answer: { combiner, quorum, combined: Buffer.from(combined).toString('base64'), receipts: kept }, verdict: null } };
    await journal.write(fixed);
    return new FixedPoints(fixed, answer);
  }

  /** The answer of an interrupted run, as it was journalled; null when there is none. */
  static ofJournal(record: BatchRecord): FixedPoints | null {
    const answer = record.fast?.answer;
    if (!answer) return null;
    const receipts = answer.receipts.map(({ holder, answerSha256, signature }) => ({ holderIndex: holder, answerSha256: fromBase64url(answerSha256), signature: fromBase64url(signature) }));
    return new FixedPoints(record, { combiner: answer.combiner, quorum: answer.quorum, combined: new Uint8Array(Buffer.from(answer.combined, 'base64')), receipts });
  }

  /** Fresh weights at each call. */
  drawCheck(runner: CryptoRunner, points: Uint8Array): Promise<DeferredCheck> {
    return runner.run({ op: 'draw', points, combined: this.answer.combined });
  }
}
