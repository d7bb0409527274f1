/**
 * Shamir sharing over the scalar field, Feldman commitments and Lagrange coefficients at zero. Indices of holders and the
 * coefficients are public (BigInt is fine); shares and polynomials pass through the engine's constant-time scalars.
 */
import { sameBytes } from '../bytes.js';
import { CryptoInputError, ManifestInvalidError } from '../crypto.errors.js';
import type { Engine } from './engine.js';
import { GROUP_ORDER, scalarBytes } from './suite.js';

const HOLDERS_MAX = 16;

/** lambda_j = product over m in S, m != j, of m / (m - j), mod l: little-endian scalar. */
export function lagrangeAtZero(index: number, quorum: readonly number[]): Uint8Array {
  checkQuorum(quorum);
  if (!quorum.includes(index)) throw new CryptoInputError('holder is not in the quorum');
  let numerator = 1n;
  let denominator = 1n;
  for (const other of quorum) {
    if (other === index) continue;
    numerator = modulo(numerator * BigInt(other));
    denominator = modulo(denominator * BigInt(other - index));
  }
  return scalarBytes(modulo(numerator * power(denominator, GROUP_ORDER - 2n)));
}

/** Distinct indices from 1 to 16. @throws CryptoInputError */
export function checkQuorum(quorum: readonly number[]): void {
  const inRange = quorum.every((index) => Number.isInteger(index) && index >= 1 && index <= HOLDERS_MAX);
  if (quorum.length === 0 || !inRange || new Set(quorum).size !== quorum.length) throw new CryptoInputError('a quorum is a set of holder indices');
}

/** What holder j multiplies with: lambda_j * k_j. */
export function partialSecret(engine: Engine, share: Uint8Array, index: number, quorum: readonly number[]): Uint8Array {
  return engine.scalars.multiply(lagrangeAtZero(index, quorum), share);
}

/** The key its proof stands under: lambda_j * K_j. */
export function partialPublicKey(engine: Engine, publicKey: Uint8Array, index: number, quorum: readonly number[]): Uint8Array {
  return engine.multiply(lagrangeAtZero(index, quorum), publicKey);
}

export interface DealtKey {
  readonly publicKey: Uint8Array;
  /** a_0*G (the group key) to a_{t-1}*G. */
  readonly commitments: readonly Uint8Array[];
  readonly shares: readonly { readonly index: number; readonly secret: Uint8Array; readonly publicKey: Uint8Array }[];
}

/**
 * A key made in one place: tests and demonstrations only (the caller says so and refuses in production).
 * @param coefficients a_0 .. a_{t-1}, each a uniform non-zero scalar
 */
export function dealShares(engine: Engine, coefficients: readonly Uint8Array[], holders: number): DealtKey {
  if (coefficients.length < 1 || holders < coefficients.length || holders > HOLDERS_MAX) throw new CryptoInputError('threshold and holders do not fit');
  const commitments = coefficients.map((coefficient) => engine.multiplyBase(coefficient));
  const shares = Array.from({ length: holders }, (_, i) => {
    const secret = evaluatePolynomial(engine, coefficients, i + 1);
    return { index: i + 1, secret, publicKey: engine.multiplyBase(secret) };
  });
  return { publicKey: commitments[0] as Uint8Array, commitments, shares };
}

/** The public facts of a group key, as a manifest states them. */
export interface GroupKeyFacts {
  readonly threshold: number;
  readonly publicKey: Uint8Array;
  readonly commitments: readonly Uint8Array[];
  readonly holders: readonly { readonly index: number; readonly publicKey: Uint8Array }[];
}

/**
 * Every K_j on the committed polynomial, PK its constant, and sum lambda_j*K_j = PK for every quorum of t. A K_j off the polynomial
 * would pass every proof and silently yield wrong tokens: a tag on whoever used it.
 * @throws ManifestInvalidError naming the check and the holder
 */
export function checkGroupKey(engine: Engine, key: GroupKeyFacts): void {
  const { threshold, holders, commitments } = key;
  if (threshold < 1 || commitments.length !== threshold || holders.length < threshold) throw new ManifestInvalidError('threshold');
  checkQuorumFacts(holders.map((holder) => holder.index));
  for (const point of [key.publicKey, ...commitments, ...holders.map((holder) => holder.publicKey)]) refuseBadPoint(engine, point);
  if (!sameBytes(commitments[0] as Uint8Array, key.publicKey)) throw new ManifestInvalidError('group key is not the commitment of the constant');
  for (const holder of holders) {
    const expected = commitmentAt(engine, commitments, holder.index);
    if (!sameBytes(expected, holder.publicKey)) throw new ManifestInvalidError('holder key is off the committed polynomial', holder.index);
  }
  for (const quorum of subsets(holders, threshold)) {
    const indices = quorum.map((holder) => holder.index);
    const parts = quorum.map((holder) => partialPublicKey(engine, holder.publicKey, holder.index, indices));
    if (!sameBytes(sumPoints(engine, parts), key.publicKey)) throw new ManifestInvalidError('quorum does not yield the group key');
  }
}

/** sum_k C_k * index^k by Horner: C_0 + i*(C_1 + i*(...)). */
export function commitmentAt(engine: Engine, commitments: readonly Uint8Array[], index: number): Uint8Array {
  const x = scalarBytes(BigInt(index));
  return commitments.slice(0, -1).reduceRight(
    (acc, commitment) => engine.addEach(commitment, engine.multiply(x, acc)), commitments.at(-1) as Uint8Array);
}

/** f(index) modulo the group order by Horner; coefficients from the constant term up, 32 bytes each. */
export function evaluatePolynomial(engine: Engine, coefficients: readonly Uint8Array[], index: number): Uint8Array {
  const x = scalarBytes(BigInt(index));
  return coefficients.slice(0, -1).reduceRight(
    (acc, coefficient) => engine.scalars.add(coefficient, engine.scalars.multiply(x, acc)), coefficients.at(-1) as Uint8Array);
}

function checkQuorumFacts(indices: readonly number[]): void {
  try {
    checkQuorum(indices);
  } catch {
    throw new ManifestInvalidError('holder indices');
  }
}

function refuseBadPoint(engine: Engine, point: Uint8Array): void {
  try {
    if (point.length !== 32) throw new RangeError('length');
    engine.checkElements(point);
  } catch {
    throw new ManifestInvalidError('point encoding');
  }
}

/** @throws PointInvalidError for an element that is not one, or when a sum is the identity */
export function sumPoints(engine: Engine, points: readonly Uint8Array[]): Uint8Array {
  return points.reduce((a, b) => engine.addEach(a, b));
}

function subsets<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, i) => subsets(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]));
}

function modulo(value: bigint): bigint {
  const rest = value % GROUP_ORDER;
  return rest < 0n ? rest + GROUP_ORDER : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = base, e = exponent; e > 0n; e >>= 1n, b = (b * b) % GROUP_ORDER) if ((e & 1n) === 1n) result = (result * b) % GROUP_ORDER;
  return result;
}
