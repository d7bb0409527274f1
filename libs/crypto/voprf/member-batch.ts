/**
 * The member's side of one batch: how it is prepared in either mode, and how the answers of baseline mode are accepted
 * (docs/protocol/README.md; fast-batch.ts accepts those of fast mode). Runs well in a worker thread: byte arrays in, byte arrays
 * out, no state. Nothing of an answer is used before its holder's proof was verified.
 */
import { compareBytes, sha256 } from '../bytes.js';
import { AnswersRefusedError, CryptoInputError, PointInvalidError, ProofInvalidError, type RefusedAnswer } from '../crypto.errors.js';
import { type BatchSecrets, checkBatchSecrets, deriveBlinds, orderKey, paddingInput } from './derivation.js';
import type { Engine } from './engine.js';
import { checkQuorum, partialPublicKey } from './shamir.js';
import { BATCH_MAX, MODE_VOPRF, OUTPUT_BYTES, scalarBytes } from './suite.js';

/** Bulk batches are padded to a multiple of 64, single look-ups to 8. */
export const PADDING_BULK = 64;
export const PADDING_SINGLE = 8;

/** s*H(x) as RFC 9497 has it, or 2H(x) + 4sG for fast mode. One batch id serves one of them only. */
export type Blinding = 'multiplicative' | 'additive';

export interface PreparedBatch {
  readonly blinding: Blinding;
  /** What goes on the wire: n * 32 bytes, deduplicated, shuffled, padded. */
  readonly points: Uint8Array;
  readonly n: number;
  /** SHA-256(points): what the member signs, what holders charge by, what a journal compares before it sends again. */
  readonly pointsHash: Uint8Array;
  /** n * 32 bytes; secret. Derived anew at each resume, need not be stored. */
  readonly blinds: Uint8Array;
  /** x in wire order, padding included. */
  readonly inputs: readonly Uint8Array[];
  /** positions[k] = where the caller's k-th input stands on the wire (equal inputs share one). */
  readonly positions: Uint32Array;
}

export interface BatchToPrepare extends BatchSecrets {
  /** x of encodeInput(), at most 4096 distinct. */
  readonly inputs: readonly Uint8Array[];
  readonly padTo?: number;
  /** Absent = multiplicative. */
  readonly blinding?: Blinding;
}

/** Deterministic: the same inputs, seed, manifest and batch id give the same bytes. */
export function prepareBatch(engine: Engine, batch: BatchToPrepare): PreparedBatch {
  checkBatchSecrets(batch);
  const ordered = inWireOrder(batch);
  const padTo = batch.padTo ?? PADDING_BULK;
  const n = Math.min(BATCH_MAX, Math.ceil(ordered.length / padTo) * padTo);
  if (ordered.length === 0 || ordered.length > BATCH_MAX) throw new CryptoInputError('a batch holds 1 to 4096 distinct inputs');
  const real = new Map(ordered.map((x, i) => [keyOf(x), i]));
  const inputs = [...ordered, ...Array.from({ length: n - ordered.length }, (_, i) => paddingInput(batch, i))];
  const blinds = deriveBlinds(engine, batch, inputs);
  const blinding = batch.blinding ?? 'multiplicative';
  const points = blinding === 'additive' ? engine.blindAdditive(inputs, blinds) : engine.blind(MODE_VOPRF, inputs, blinds);
  const positions = Uint32Array.from(batch.inputs, (x) => real.get(keyOf(x)) as number);
  return { blinding, points, n, pointsHash: sha256(points), blinds, inputs, positions };
}

export interface HolderAnswer {
  readonly holderIndex: number;
  /** lambda_j * k_j * points. */
  readonly evaluated: Uint8Array;
  readonly proof: Uint8Array;
}

export interface AnswersToAccept {
  readonly batch: Pick<PreparedBatch, 'blinding' | 'points' | 'n' | 'blinds' | 'inputs' | 'positions'>;
  /** Of the verified manifest: index and K_j of each holder. */
  readonly holders: readonly { readonly index: number; readonly publicKey: Uint8Array }[];
  readonly quorum: readonly number[];
  readonly answers: readonly HolderAnswer[];
  /** PK of the manifest: needed for a batch of fast mode that fell back to proofs. */
  readonly groupKey?: Uint8Array;
}

/**
 * Verifies each holder's proof under lambda_j*K_j, adds, unblinds, finalises. One proof that does not hold, and nothing is added up.
 * @returns y for the caller's inputs, in the caller's order: inputs.length * 64 bytes
 * @throws AnswersRefusedError naming every holder without a proof that holds
 */
export function acceptAnswers(engine: Engine, { batch, holders, quorum, answers, groupKey }: AnswersToAccept): Uint8Array {
  checkQuorum(quorum);
  const byHolder = new Map(answers.map((answer) => [answer.holderIndex, answer]));
  if (byHolder.size !== quorum.length || answers.length !== quorum.length) throw new CryptoInputError('one answer of each holder of the quorum');
  const refused: RefusedAnswer[] = [];
  const verified = quorum.map((index) => {
    const answer = byHolder.get(index);
    const holder = holders.find((candidate) => candidate.index === index);
    if (answer === undefined || holder === undefined) throw new CryptoInputError('one answer of each holder of the quorum');
    try {
      verifyAnswer(engine, batch.points, answer, partialPublicKey(engine, holder.publicKey, index, quorum));
    } catch (error) {
      if (!(error instanceof ProofInvalidError)) throw error;
      refused.push({ holder: index, fault: error.fault });
    }
    return answer.evaluated;
  });
  if (refused.length > 0) throw new AnswersRefusedError(refused);
  const combined = verified.reduce((a, b) => engine.addEach(a, b));
  if (batch.blinding === 'multiplicative') return outputsOf(batch, combined, (inputs, blinds, points) => engine.finalise(inputs, blinds, points));
  if (groupKey === undefined) throw new CryptoInputError('additive blinds come off under the group key');
  const quarters = engine.evaluate(engine.scalars.invert(scalarBytes(4n)), combined); // (k/4) * B_i, as fast mode's combiner gives it
  return outputsOf(batch, quarters, (inputs, blinds, points) => engine.finaliseAdditive(inputs, blinds, groupKey, points));
}

type Finalise = (inputs: readonly Uint8Array[], blinds: Uint8Array, points: Uint8Array) => Uint8Array;

/** Finalises what stands on the wire and deals it out in the caller's order. Padding stands last and is not finalised. */
export function outputsOf(batch: Pick<PreparedBatch, 'blinds' | 'inputs' | 'positions'>, points: Uint8Array, finalise: Finalise): Uint8Array {
  const real = batch.positions.reduce((most, position) => Math.max(most, position + 1), 0);
  const wire = finalise(batch.inputs.slice(0, real), batch.blinds.subarray(0, real * 32), points.subarray(0, real * 32));
  const out = new Uint8Array(batch.positions.length * OUTPUT_BYTES);
  batch.positions.forEach((position, k) => out.set(wire.subarray(position * OUTPUT_BYTES, (position + 1) * OUTPUT_BYTES), k * OUTPUT_BYTES));
  return out;
}

/** One holder's answer: strict decoding, then the RFC 9497 batch proof. */
export function verifyAnswer(engine: Engine, points: Uint8Array, answer: HolderAnswer, underKey: Uint8Array): void {
  if (answer.evaluated.length !== points.length) throw new ProofInvalidError(answer.holderIndex, 'answer has another length', 'refused-element');
  try {
    if (engine.verify(underKey, points, answer.evaluated, answer.proof)) return;
  } catch (error) {
    if (!(error instanceof PointInvalidError)) throw error;
    throw new ProofInvalidError(answer.holderIndex, 'answer holds a refused element', 'refused-element');
  }
  throw new ProofInvalidError(answer.holderIndex);
}

function inWireOrder(batch: BatchToPrepare): Uint8Array[] {
  const distinct = new Map(batch.inputs.map((x) => [keyOf(x), x]));
  return [...distinct.values()]
    .map((x) => ({ x, key: orderKey(batch, x) }))
    .sort((a, b) => compareBytes(a.key, b.key))
    .map(({ x }) => x);
}

function keyOf(x: Uint8Array): string {
  return Buffer.from(x.buffer, x.byteOffset, x.byteLength).toString('latin1');
}

/** The k-th output, 64 bytes: a view, not a copy. */
export function outputAt(outputs: Uint8Array, k: number): Uint8Array {
  return outputs.subarray(k * OUTPUT_BYTES, (k + 1) * OUTPUT_BYTES);
}
