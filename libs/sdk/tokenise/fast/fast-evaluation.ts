/**
 * One batch in fast mode (docs/protocol/fast-mode.md). The order is the security: combined points are journalled, then weights are drawn, then
 * the holders answer the check; tokens come out of the step that judged it. When it does not hold, the verdict and the evidence are on
 * disk before anything else happens, and the caller evaluates the same points again with proofs.
 */
import type { DeferredCheck, PreparedBatch } from '#crypto';
import { DomainError } from '#kernel';
import type { CheckAnswer } from '#protocol';
import type { EvidenceFolder } from '../../evidence/evidence-folder.js';
import type { SignedVector } from '../../evidence/fast-evidence.js';
import { HoldersFailed, type KeyHolderClient } from '../../transport/key-holder-client.js';
import type { TrustedManifest } from '../../trust/trusted-manifest.js';
import type { BatchRecord, FastVerdict } from '../../vault/vault-records.js';
import type { Accepted, CryptoRunner, TokenOrder } from '../crypto-task.js';
import { type FastBatch, type FastTransport, UnsignedAnswerError } from './fast-transport.js';
import { type Findings, findLiars } from './find-liars.js';
import { type BatchJournal, FixedPoints } from './fixed-points.js';

export interface FastEvaluationParts {
  readonly keyHolders: KeyHolderClient;
  readonly transport: FastTransport;
  readonly runner: CryptoRunner;
  readonly journal: BatchJournal;
  readonly evidence: EvidenceFolder;
  readonly trusted: TrustedManifest;
  /** PK of the trusted manifest. */
  readonly groupKey: Uint8Array;
  readonly now: () => Date;
}

export interface FastOrder {
  readonly record: BatchRecord;
  readonly prepared: PreparedBatch;
  readonly batch: FastBatch;
  readonly tokens: TokenOrder;
}

/** `accepted` is null when nothing of the answers may be used: the record says why. */
export interface FastResult {
  readonly accepted: Accepted | null;
  readonly record: BatchRecord;
  readonly verdict: FastVerdict;
}

type Verdict = Omit<FastVerdict, 'at'>;
const NOTHING_FOUND = { liars: [], lyingCombiner: null, undetermined: [], refusedBy: [] } as const;

export class FastEvaluation {
  constructor(private readonly parts: FastEvaluationParts) {}

  /** @throws what a quorum's refusals raise in baseline mode too: nothing was used then */
  async run(order: FastOrder): Promise<FastResult> {
    const before = order.record.fast?.verdict;
    if (before) return { accepted: null, record: order.record, verdict: before }; // a failed check that was recorded before a crash
    let resumed = FixedPoints.ofJournal(order.record);
    return this.parts.keyHolders.overQuorums(this.parts.trusted, async (quorum) => {
      const journalled = resumed?.answer.quorum.join() === quorum.join() ? resumed : null;
      resumed = null;
      try {
        return await this.withQuorum(order, quorum, journalled);
      } catch (error) {
        const verdict = verdictOf(error, quorum);
        if (verdict === null) throw error;
        return this.fail(order.record, verdict);
      }
    }, resumed?.answer.quorum);
  }

  private async withQuorum(order: FastOrder, quorum: readonly number[], journalled: FixedPoints | null): Promise<FastResult> {
    const { fixed, vectors } = journalled === null ? await this.combine(order, quorum) : { fixed: journalled, vectors: null };
    const check = await fixed.drawCheck(this.parts.runner, order.prepared.points);
    const checkAnswers = await this.parts.keyHolders.askEach(quorum, (index) => this.checkBy(index, quorum, order.batch, check));
    const answers = checkAnswers.map(({ holderIndex, points, proof }) => ({ holderIndex, evaluated: points, proof }));
    const { runner, trusted, groupKey } = this.parts;
    const outcome = await runner.run({
      op: 'accept-fast', ...order.tokens, batch: order.prepared, groupKey, combined: fixed.answer.combined, check, quorum, answers,
      holders: trusted.holders.map(({ index, publicKey }) => ({ index, publicKey })),
    });
    if (outcome.held) {
      const verdict: FastVerdict = { held: true, quorum, at: this.parts.now().toISOString(), ...NOTHING_FOUND };
      return { accepted: outcome.accepted, record: { ...order.record, fast: { answer: null, verdict } }, verdict };
    }
    const found = await findLiars({ batch: order.batch, trusted, answer: fixed.answer, check, checkAnswers, unproven: outcome.unproven, vectors }, this.parts.transport, runner);
    return this.fail(order.record, this.judged(order.record, fixed, found));
  }

  /** @throws CombinerFalseError for what an honest hub cannot have given */
  private async combine(order: FastOrder, quorum: readonly number[]): Promise<{ readonly fixed: FixedPoints; readonly vectors: readonly SignedVector[] | null }> {
    const { transport, runner, journal } = this.parts;
    const byHub = await transport.combined(quorum, order.batch);
    if (byHub === 'false') throw new CombinerFalseError();
    if (byHub !== null) return { fixed: await FixedPoints.fix(journal, order.record, { combiner: 'hub', quorum, ...byHub }), vectors: null };
    const vectors = await transport.vectors(quorum, order.batch);
    const combined = await runner.run({ op: 'combine', vectors: vectors.map(({ vector }) => vector) });
    return { fixed: await FixedPoints.fix(journal, order.record, { combiner: 'member', quorum, combined, receipts: vectors }), vectors };
  }

  private async checkBy(index: number, quorum: readonly number[], batch: FastBatch, { challenge }: DeferredCheck): Promise<CheckAnswer> {
    try {
      return await this.parts.transport.check(index, quorum, batch, challenge);
    } catch (error) {
      // A holder whose ledger was restored does not know the batch any more: begin again, with new weights.
      if (codeOf(error) === 'STATE_CONFLICT') throw new DomainError('KEY_HOLDERS_UNAVAILABLE', 'the holder does not know the batch', { holder: index }, { cause: error });
      throw error;
    }
  }

  private judged(record: BatchRecord, { answer }: FixedPoints, { evidence, unsigned, undetermined, combinerLied }: Findings): Verdict {
    const convicted = evidence.map((file) => ({ holder: file.holder, lie: file.lie, evidence: this.parts.evidence.keep(record.batchId, file) }));
    const liars = [...convicted, ...unsigned.map((holder) => ({ holder, lie: 'unsigned-answer', evidence: null }))];
    return { held: false, quorum: answer.quorum, liars, lyingCombiner: combinerLied ? answer.combiner : null, undetermined, refusedBy: [] };
  }

  private async fail(record: BatchRecord, found: Verdict): Promise<FastResult> {
    const verdict = { ...found, at: this.parts.now().toISOString() };
    const failed: BatchRecord = { ...record, fast: { answer: null, verdict } };
    await this.parts.journal.write(failed);
    return { accepted: null, record: failed, verdict };
  }
}

class CombinerFalseError extends Error {}

/** What ends fast mode for a batch without a check; null for everything that another quorum, or the caller, deals with. */
function verdictOf(error: unknown, quorum: readonly number[]): Verdict | null {
  if (error instanceof CombinerFalseError) return { held: false, quorum, ...NOTHING_FOUND, lyingCombiner: 'hub' };
  if (!(error instanceof HoldersFailed)) return null;
  const unsigned = error.failures.filter((failure) => failure.error instanceof UnsignedAnswerError);
  const refusing = error.failures.filter((failure) => codeOf(failure.error) === 'POLICY_FORBIDS');
  if (unsigned.length === 0 && refusing.length === 0) return null;
  const liars = unsigned.map(({ index }) => ({ holder: index, lie: 'unsigned-answer', evidence: null }));
  return { held: false, quorum, ...NOTHING_FOUND, liars, refusedBy: refusing.map(({ index }) => index) };
}

function codeOf(error: unknown): string {
  return error instanceof DomainError ? error.code : 'INTERNAL';
}
