/**
 * Fast mode on the member's side (docs/protocol/fast-mode.md): one check over random weights in place of a proof over every
 * point. Its strength hangs on an order of events: combined points are fixed first, weights are drawn afterwards and
 * serve once. Whoever knows the weights earlier passes the check with any points (fast-batch.spec.ts shows it).
 */
import { randomBytes } from 'node:crypto';
import { sameBytes } from '../bytes.js';
import { PointInvalidError, ProofInvalidError } from '../crypto.errors.js';
import type { Engine } from './engine.js';
import { type HolderAnswer, outputsOf, type PreparedBatch, verifyAnswer } from './member-batch.js';
import { lagrangeAtZero } from './shamir.js';
import { countElements, scalarBytes, WEIGHT_BYTES } from './suite.js';

/** kappa_j = lambda_j * k_j / 8: what holder j multiplies with. 8, because combiner, check and unblinding double. */
export function fastSecret(engine: Engine, share: Uint8Array, index: number, quorum: readonly number[]): Uint8Array {
  return engine.scalars.multiply(eighthOfLagrange(engine, index, quorum), share);
}

/** kappa_j * G, from the manifest's K_j: what its check is proven under. */
export function fastPublicKey(engine: Engine, publicKey: Uint8Array, index: number, quorum: readonly number[]): Uint8Array {
  return engine.multiply(eighthOfLagrange(engine, index, quorum), publicKey);
}

function eighthOfLagrange(engine: Engine, index: number, quorum: readonly number[]): Uint8Array {
  return engine.scalars.multiply(lagrangeAtZero(index, quorum), engine.scalars.invert(scalarBytes(8n)));
}

/** The question that a batch is checked by. Weights stay with the member until an answer is disputed. */
export interface DeferredCheck {
  /** n * 16 bytes. */
  readonly weights: Uint8Array;
  /** C* = sum e_i B_i: what the holders see. */
  readonly challenge: Uint8Array;
  /** D* = sum e_i D_i; null when a combined point does not decode or the sum vanishes, so that no answer fits. */
  readonly expected: Uint8Array | null;
}

/**
 * Draws fresh weights for combined points that can no longer change. From the system's randomness, never from a seed: a resumed run
 * draws again.
 */
export function drawCheck(engine: Engine, points: Uint8Array, combined: Uint8Array): DeferredCheck {
  const weights = new Uint8Array(randomBytes(countElements(points) * WEIGHT_BYTES));
  return checkWith(engine, weights, points, combined);
}

/** The same for given weights: the judge of evidence, and the specification that shows why they must be fresh. */
export function checkWith(engine: Engine, weights: Uint8Array, points: Uint8Array, combined: Uint8Array): DeferredCheck {
  return { weights, challenge: engine.weightedSum(weights, points), expected: combined.length === points.length ? sumOrNull(engine, weights, combined) : null };
}

export interface CheckToJudge {
  readonly check: DeferredCheck;
  readonly quorum: readonly number[];
  /** Of the verified manifest. */
  readonly holders: readonly { readonly index: number; readonly publicKey: Uint8Array }[];
  /** Z_j and its proof, one of each holder of the quorum. */
  readonly answers: readonly HolderAnswer[];
}

/** What came of a check. It holds when every proof holds and 2 * sum Z_j = D*. */
export interface CheckVerdict {
  readonly held: boolean;
  /** Holders without a proof that holds. */
  readonly unproven: readonly number[];
}

/** Whether the check holds, and whose answers have no valid proof: those are out whatever the sum says (docs/protocol/fast-mode.md). */
export function judgeCheck(engine: Engine, { check, quorum, holders, answers }: CheckToJudge): CheckVerdict {
  const unproven = quorum.filter((index) => {
    const answer = answers.find(({ holderIndex }) => holderIndex === index);
    const holder = holders.find((candidate) => candidate.index === index);
    return answer === undefined || holder === undefined || !isProven(engine, check.challenge, answer, fastPublicKey(engine, holder.publicKey, index, quorum));
  });
  if (unproven.length > 0 || check.expected === null) return { held: false, unproven };
  const values = quorum.map((index) => (answers.find(({ holderIndex }) => holderIndex === index) as HolderAnswer).evaluated);
  // Proven values cannot cancel: their sum is (k/8) * C*, and C* is not the identity.
  return { held: sameBytes(engine.combineDoubled(values), check.expected), unproven };
}

/** @param underKey public key that the answer must be proven under @returns false for a proof that does not hold; bad elements raise */
export function isProven(engine: Engine, challenge: Uint8Array, answer: HolderAnswer, underKey: Uint8Array): boolean {
  try {
    verifyAnswer(engine, challenge, answer, underKey);
    return true;
  } catch (error) {
    if (error instanceof ProofInvalidError) return false;
    throw error;
  }
}

export interface FastAnswersToAccept extends CheckToJudge {
  readonly batch: Pick<PreparedBatch, 'blinds' | 'inputs' | 'positions'>;
  /** PK of the verified manifest. */
  readonly groupKey: Uint8Array;
  /** D, n * 32 bytes: those that the check was drawn for. */
  readonly combined: Uint8Array;
}

/**
 * Judges the check, and only when it holds unblinds and finalises.
 * @returns y for the caller's inputs, in the caller's order: inputs.length * 64 bytes
 * @throws CheckFailedError; nothing of the batch may be used then
 */
export function acceptFast(engine: Engine, facts: FastAnswersToAccept): Uint8Array {
  const verdict = judgeCheck(engine, facts);
  if (!verdict.held) throw new CheckFailedError(verdict.unproven);
  return outputsOf(facts.batch, facts.combined, (inputs, blinds, points) => engine.finaliseAdditive(inputs, blinds, facts.groupKey, points));
}

/** A deferred check that does not hold. Who is to blame is found out afterwards: `holders` are those without a proof. */
export class CheckFailedError extends ProofInvalidError {
  constructor(readonly unproven: readonly number[]) {
    super(unproven[0] ?? 0, 'the check of the batch does not hold');
  }
}

/** What a holder's vector is worth beside its proven answer to the check. */
export type VectorFinding =
  | { readonly kind: 'consistent' }
  /** sum e_i D_ij is not Z_j: the vector is not kappa_j * B. */
  | { readonly kind: 'false' }
  /** An element that is not canonical, or is the identity; or another number of them (then at n). */
  | { readonly kind: 'refused'; readonly position: number };

/** @param value Z_j, proven */
export function judgeVector(engine: Engine, check: Pick<DeferredCheck, 'weights'>, vector: Uint8Array, value: Uint8Array): VectorFinding {
  const n = check.weights.length / WEIGHT_BYTES;
  if (vector.length !== n * 32) return { kind: 'refused', position: n };
  const refused = firstRefused(engine, vector);
  if (refused !== null) return { kind: 'refused', position: refused };
  const sum = sumOrNull(engine, check.weights, vector);
  return { kind: sum !== null && sameBytes(sum, value) ? 'consistent' : 'false' };
}

/** Position of the first element that may not occur in an answer; null when there is none. */
export function firstRefused(engine: Engine, vector: Uint8Array): number | null {
  try {
    engine.checkElements(vector);
    return null;
  } catch (error) {
    if (error instanceof PointInvalidError) return error.position;
    throw error;
  }
}

function sumOrNull(engine: Engine, weights: Uint8Array, points: Uint8Array): Uint8Array | null {
  try {
    return engine.weightedSum(weights, points);
  } catch (error) {
    if (error instanceof PointInvalidError) return null;
    throw error;
  }
}
