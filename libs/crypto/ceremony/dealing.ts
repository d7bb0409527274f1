/**
 * What one holder deals in a key ceremony (docs/protocol/ceremonies.md): a random polynomial, committed to by its coefficients times G
 * (Feldman), and its value at each receiver's index. A refresh deals x * g(x) and commits to g only: its constant is zero by construction,
 * for there is no commitment in which another constant could stand.
 */
import { randomBytes } from 'node:crypto';
import { sameBytes } from '../bytes.js';
import { ProofInvalidError } from '../crypto.errors.js';
import type { Engine } from '../voprf/engine.js';
import { commitmentAt, evaluatePolynomial } from '../voprf/shamir.js';
import { isCanonicalScalar, scalarBytes } from '../voprf/suite.js';

export type CeremonyKind = 'generate' | 'refresh' | 'reshare';

/** Points a dealer commits to: t, and t - 1 in a refresh. */
export function commitmentCount(kind: CeremonyKind, threshold: number): number {
  return kind === 'refresh' ? threshold - 1 : threshold;
}

/** @param constant the secret that is dealt on (resharing); a uniform scalar otherwise */
export function drawCoefficients(engine: Engine, count: number, constant?: Uint8Array): Uint8Array[] {
  return Array.from({ length: count }, (_, k) => (k === 0 && constant !== undefined ? constant.slice() : engine.scalars.reduce(randomBytes(64))));
}

/** Feldman commitments: coefficient * G for each, 32 bytes, constant term first. */
export function commitTo(engine: Engine, coefficients: readonly Uint8Array[]): Uint8Array[] {
  return coefficients.map((coefficient) => engine.multiplyBase(coefficient));
}

/** f(index) for generation and resharing, index * g(index) for a refresh. */
export function shareAt(engine: Engine, kind: CeremonyKind, coefficients: readonly Uint8Array[], index: number): Uint8Array {
  const value = evaluatePolynomial(engine, coefficients, index);
  return kind === 'refresh' ? engine.scalars.multiply(scalarBytes(BigInt(index)), value) : value;
}

/** The public side of shareAt: what `share * G` must be. @throws PointInvalidError when the dealer's points cancel out at this index */
function committedShare(engine: Engine, kind: CeremonyKind, points: readonly Uint8Array[], index: number): Uint8Array {
  const value = commitmentAt(engine, points, index);
  return kind === 'refresh' ? engine.multiply(scalarBytes(BigInt(index)), value) : value;
}

/** Whether a share that arrived is the one its dealer committed to. Never throws: whatever is wrong with it is the dealer's affair. */
export function shareFits(engine: Engine, kind: CeremonyKind, points: readonly Uint8Array[], index: number, share: Uint8Array): boolean {
  if (!isCanonicalScalar(share)) return false;
  try {
    return sameBytes(engine.multiplyBase(share), committedShare(engine, kind, points, index));
  } catch {
    return false; // zero, or points that cancel out
  }
}

/**
 * Commitments as they may stand in a ceremony: the right number, valid points, and no index at which they cancel out (a dealer could choose
 * that, and the share there would be zero).
 * @throws ProofInvalidError naming the dealer
 */
export function checkCommitments(engine: Engine, kind: CeremonyKind, points: readonly Uint8Array[], expected: CommitmentRule): void {
  if (points.length !== commitmentCount(kind, expected.threshold)) throw new ProofInvalidError(expected.dealer, 'number of commitments');
  try {
    for (const point of points) engine.checkElements(point);
    for (const index of expected.receivers) committedShare(engine, kind, points, index);
  } catch {
    throw new ProofInvalidError(expected.dealer, 'commitments that no share can fit');
  }
  if (expected.constant !== null && !sameBytes(points[0] as Uint8Array, expected.constant)) throw new ProofInvalidError(expected.dealer, 'deals something else than its share');
}

export interface CommitmentRule {
  /** Index of the dealer, for the error. */
  readonly dealer: number;
  readonly threshold: number;
  /** Indices of those who receive a share. */
  readonly receivers: readonly number[];
  /** What the constant must be committed as: lambda_i * K_i when resharing; null where it is the dealer's choice or does not exist. */
  readonly constant: Uint8Array | null;
}
