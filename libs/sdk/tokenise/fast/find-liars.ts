/**
 * Who lied when a check does not hold (docs/protocol/fast-mode.md). A holder is accused of what it signed and nothing else; the combiner
 * only when its points are not what the signed vectors add up to.
 */
import { type DeferredCheck, sameBytes } from '#crypto';
import type { CheckAnswer } from '#protocol';
import { type Accused, falseProof, falseVector, type FastEvidence, refusedElement, type SignedVector, twoAnswers } from '../../evidence/fast-evidence.js';
import type { TrustedManifest } from '../../trust/trusted-manifest.js';
import type { CryptoRunner } from '../crypto-task.js';
import { type FastBatch, type FastTransport, UnsignedAnswerError } from './fast-transport.js';
import type { CombinedAnswer } from './fixed-points.js';

export interface Dispute {
  readonly batch: FastBatch;
  readonly trusted: TrustedManifest;
  readonly answer: CombinedAnswer;
  readonly check: DeferredCheck;
  readonly checkAnswers: readonly CheckAnswer[];
  /** Holders whose answer to the check is not proven. */
  readonly unproven: readonly number[];
  /** Those that the member combined itself, if it still holds them. */
  readonly vectors: readonly SignedVector[] | null;
}

export interface Findings {
  readonly evidence: readonly FastEvidence[];
  /** Holders that signed nothing when asked again. */
  readonly unsigned: readonly number[];
  readonly undetermined: readonly number[];
  readonly combinerLied: boolean;
}

export async function findLiars(dispute: Dispute, transport: FastTransport, runner: CryptoRunner): Promise<Findings> {
  const { answer, unproven } = dispute;
  const evidence: FastEvidence[] = unproven.map((index) => falseProof(accusedOf(dispute, index), dispute.check.challenge, checkAnswerOf(dispute, index)));
  const unsigned: number[] = [];
  const undetermined: number[] = [];
  const vectors: SignedVector[] = [];
  for (const index of answer.quorum) {
    const signed = await vectorOf(dispute, index, transport);
    if (signed === 'unsigned') unsigned.push(index);
    else if (signed === 'silent') undetermined.push(index);
    else if (contradicts(dispute, signed)) evidence.push(twoAnswers(accusedOf(dispute, index), dispute.batch.points, [receiptOf(dispute, index), signed]));
    else vectors.push(signed);
  }
  evidence.push(...await falseVectors(dispute, vectors, runner));
  return { evidence, unsigned, undetermined, combinerLied: await combinedFalsely(dispute, vectors, runner) };
}

/** The vector that the combiner was given: held still, or asked for again. */
async function vectorOf({ vectors, answer, batch }: Dispute, index: number, transport: FastTransport): Promise<SignedVector | 'unsigned' | 'silent'> {
  const held = vectors?.find(({ holderIndex }) => holderIndex === index);
  if (held !== undefined) return held;
  return transport.vector(index, answer.quorum, batch).catch((error: unknown) => (error instanceof UnsignedAnswerError ? 'unsigned' : 'silent'));
}

async function falseVectors(dispute: Dispute, vectors: readonly SignedVector[], runner: CryptoRunner): Promise<FastEvidence[]> {
  const proven = vectors.filter(({ holderIndex }) => !dispute.unproven.includes(holderIndex));
  const answers = proven.map(({ vector, holderIndex }) => ({ vector, value: checkAnswerOf(dispute, holderIndex).evaluated }));
  const findings = await runner.run({ op: 'judge-vectors', weights: dispute.check.weights, answers });
  return findings.flatMap((finding, i) => {
    const signed = proven[i]!;
    const accused = accusedOf(dispute, signed.holderIndex);
    if (finding.kind === 'consistent') return [];
    if (finding.kind === 'refused') return [refusedElement(accused, dispute.batch.points, signed)];
    return [falseVector(accused, dispute.batch.points, signed, dispute.check, checkAnswerOf(dispute, signed.holderIndex))];
  });
}

/** Only with every vector at hand can it be said what they add up to. */
async function combinedFalsely({ answer }: Dispute, vectors: readonly SignedVector[], runner: CryptoRunner): Promise<boolean> {
  if (vectors.length !== answer.quorum.length) return false;
  return !sameBytes(await runner.run({ op: 'combine', vectors: vectors.map(({ vector }) => vector) }), answer.combined);
}

function contradicts(dispute: Dispute, signed: SignedVector): boolean {
  return !sameBytes(receiptOf(dispute, signed.holderIndex).answerSha256, signed.answerSha256);
}

function receiptOf({ answer }: Dispute, index: number): CombinedAnswer['receipts'][number] {
  return answer.receipts.find(({ holderIndex }) => holderIndex === index)!;
}

function checkAnswerOf({ checkAnswers }: Dispute, index: number) {
  const { points, proof, signature } = checkAnswers.find(({ holderIndex }) => holderIndex === index)!;
  return { evaluated: points, proof, signature };
}

function accusedOf({ trusted, answer }: Dispute, holderIndex: number): Accused {
  return { trusted, holderIndex, quorum: answer.quorum };
}
