/**
 * What convicts a key-holder of a lie in fast mode (docs/protocol/fast-mode.md): a file that anybody who has pinned the holders can judge,
 * without believing the accuser. It holds blinded points, never a value, a blind or who asked. An honest holder cannot be accused:
 * a vector is a function of share, points and quorum, and a proof that holds fixes what the vector must add up to.
 */
import {
  type DeferredCheck, ELEMENT_BYTES, type Engine, fastPublicKey, firstRefused, fromBase64url, isProven, judgeVector, PointInvalidError, PROOF_BYTES, sameBytes, toBase64url, WEIGHT_BYTES, sha256,
} from '#crypto';
import { DomainError } from '#kernel';
import {
  CHECK_ANSWER_TYP, checkAnswerStatement, EVALUATION_TYP, type EvaluationFacts, evaluationStatement, OPRF_BATCH_MAX, type VectorReceipt,
} from '#protocol';
import type { TrustStore } from '../trust/trust-store.js';
import { trustManifest, type TrustedManifest } from '../trust/trusted-manifest.js';
import { signedByHolder } from './holder-signature.js';

const FAST_EVIDENCE_TYP = 'tally-fast-evidence+1';
const LIES = ['false-vector', 'refused-element', 'two-answers', 'false-proof'] as const;
export type Lie = (typeof LIES)[number];

/** Byte strings are base64url. */
export interface FastEvidence {
  readonly typ: typeof FAST_EVIDENCE_TYP;
  readonly lie: Lie;
  /** Index in the manifest. */
  readonly holder: number;
  readonly quorum: readonly number[];
  /** JWS General JSON. */
  readonly manifest: unknown;
  /** B; for false-proof the one check element. */
  readonly points: string;
  /** What the holder signed: its vector for these points, or its digest; for false-proof its answer and proof. */
  readonly answers: readonly { readonly vector?: string; readonly answerSha256?: string; readonly value?: string; readonly proof?: string; readonly signature: string }[];
  /** For false-vector: the weights, and the holder's proven answer to them. */
  readonly check?: { readonly weights: string; readonly value: string; readonly proof: string };
}

export interface SignedVector extends VectorReceipt {
  readonly vector: Uint8Array;
}

/** What an accusation is about. */
export interface Accused {
  readonly trusted: TrustedManifest;
  readonly holderIndex: number;
  readonly quorum: readonly number[];
}

export function falseVector(accused: Accused, points: Uint8Array, signed: SignedVector, check: DeferredCheck, answer: { readonly evaluated: Uint8Array; readonly proof: Uint8Array }): FastEvidence {
  const stated = { weights: toBase64url(check.weights), value: toBase64url(answer.evaluated), proof: toBase64url(answer.proof) };
  return { ...common(accused, 'false-vector', points), answers: [vectorOf(signed)], check: stated };
}

export function refusedElement(accused: Accused, points: Uint8Array, signed: SignedVector): FastEvidence {
  return { ...common(accused, 'refused-element', points), answers: [vectorOf(signed)] };
}

export function twoAnswers(accused: Accused, points: Uint8Array, receipts: readonly [VectorReceipt, VectorReceipt]): FastEvidence {
  const answers = receipts.map(({ answerSha256, signature }) => ({ answerSha256: toBase64url(answerSha256), signature: toBase64url(signature) }));
  return { ...common(accused, 'two-answers', points), answers };
}

export function falseProof(accused: Accused, challenge: Uint8Array, answer: { readonly evaluated: Uint8Array; readonly proof: Uint8Array; readonly signature: Uint8Array }): FastEvidence {
  const { evaluated, proof, signature } = answer;
  return { ...common(accused, 'false-proof', challenge), answers: [{ value: toBase64url(evaluated), proof: toBase64url(proof), signature: toBase64url(signature) }] };
}

function common({ trusted, holderIndex, quorum }: Accused, lie: Lie, points: Uint8Array) {
  return { typ: FAST_EVIDENCE_TYP, lie, holder: holderIndex, quorum, manifest: trusted.jws, points: toBase64url(points) } as const;
}

function vectorOf({ vector, signature }: SignedVector) {
  return { vector: toBase64url(vector), signature: toBase64url(signature) };
}

export interface Conviction {
  readonly lie: Lie;
  readonly holder: { readonly index: number; readonly id: string };
  readonly federation: string;
  readonly epoch: number;
  readonly generation: number;
  readonly points: number;
}

/**
 * Judges a file that comes from anybody.
 * @param trust with the holders' keys pinned out of band
 * @throws BAD_INPUT for another shape; KEY_NOT_TRUSTED, MANIFEST_INVALID, SIGNATURE_INVALID when what it rests on does not stand;
 * PROOF_INVALID when it does not convict the holder
 */
export function verifyFastEvidence(file: unknown, trust: TrustStore, engine: Engine): Conviction {
  const evidence = parse(file);
  const trusted = trustManifest(evidence.manifest, trust, null, engine, null);
  const { manifest, hash, holders } = trusted;
  const holder = holders.find(({ index }) => index === evidence.holder);
  const known = evidence.quorum.every((index) => holders.some((candidate) => candidate.index === index));
  if (holder === undefined || !known || evidence.quorum.length !== manifest.threshold || !evidence.quorum.includes(holder.index)) throw malformed('quorum');
  const points = bytes(evidence.points, ELEMENT_BYTES);
  const facts = { manifestHash: hash, quorum: [...evidence.quorum].sort((a, b) => a - b), holderIndex: holder.index };
  const signed: SignedCheck = (typ, statement, signature) => {
    if (!signedByHolder(trust, holder.id, { typ, statement, signature: bytes(signature) })) throw new DomainError('SIGNATURE_INVALID', 'not signed by the holder', { holder: holder.id });
  };
  const underKey = fastPublicKey(engine, holder.publicKey, holder.index, facts.quorum);
  if (!JUDGES[evidence.lie]({ engine, evidence, facts, points, signed, underKey })) throw new DomainError('PROOF_INVALID', 'the evidence does not convict the holder', { holder: holder.index });
  return {
    lie: evidence.lie, holder: { index: holder.index, id: holder.id }, federation: manifest.federation, epoch: manifest.epoch, generation: manifest.generation, points: points.length / ELEMENT_BYTES,
  };
}

type SignedCheck = (typ: string, statement: Parameters<typeof signedByHolder>[2]['statement'], signature: unknown) => void;
interface Trial {
  readonly engine: Engine;
  readonly evidence: FastEvidence;
  readonly facts: EvaluationFacts;
  readonly points: Uint8Array;
  readonly signed: SignedCheck;
  readonly underKey: Uint8Array;
}

/** True when the holder lied. Signatures are verified on the way. */
const JUDGES: Readonly<Record<Lie, (trial: Trial) => boolean>> = {
  'false-vector': (trial) => {
    const vector = signedVector(trial);
    const { weights, value, proof } = trial.evidence.check ?? {};
    const stated = { weights: bytes(weights, WEIGHT_BYTES), value: bytes(value, ELEMENT_BYTES), proof: bytes(proof, PROOF_BYTES) };
    const challenge = challengeOf(trial.engine, stated.weights, trial.points);
    const answer = { holderIndex: trial.facts.holderIndex, evaluated: stated.value, proof: stated.proof };
    return isProven(trial.engine, challenge, answer, trial.underKey) && judgeVector(trial.engine, stated, vector, stated.value).kind !== 'consistent';
  },
  'refused-element': (trial) => {
    const vector = signedVector(trial);
    return vector.length !== trial.points.length || firstRefused(trial.engine, vector) !== null;
  },
  'two-answers': ({ evidence, facts, points, signed }) => {
    if (evidence.answers.length !== 2) throw malformed('answers');
    const digests = evidence.answers.map(({ answerSha256, signature }) => {
      const digest = bytes(answerSha256, 32);
      signed(EVALUATION_TYP, evaluationStatement(facts, points.length / ELEMENT_BYTES, sha256(points), digest), signature);
      return digest;
    });
    return !sameBytes(digests[0]!, digests[1]!);
  },
  'false-proof': ({ engine, evidence, facts, points, signed, underKey }) => {
    const { value, proof, signature } = onlyAnswer(evidence);
    if (points.length !== ELEMENT_BYTES || firstRefused(engine, points) !== null) throw malformed('points'); // no honest holder answers it
    const answer = { holderIndex: facts.holderIndex, evaluated: bytes(value), proof: bytes(proof) };
    signed(CHECK_ANSWER_TYP, checkAnswerStatement(facts, points, answer.evaluated, answer.proof), signature);
    return !isProven(engine, points, answer, underKey);
  },
};

function signedVector({ evidence, facts, points, signed }: Trial): Uint8Array {
  const { vector, signature } = onlyAnswer(evidence);
  const answer = bytes(vector);
  signed(EVALUATION_TYP, evaluationStatement(facts, points.length / ELEMENT_BYTES, sha256(points), sha256(answer)), signature);
  return answer;
}

function challengeOf(engine: Engine, weights: Uint8Array, points: Uint8Array): Uint8Array {
  if (weights.length / WEIGHT_BYTES !== points.length / ELEMENT_BYTES) throw malformed('weights');
  try {
    return engine.weightedSum(weights, points);
  } catch (error) {
    if (error instanceof PointInvalidError) throw malformed('points');
    throw error;
  }
}

function parse(file: unknown): FastEvidence {
  const evidence = (typeof file === 'object' && file !== null ? file : {}) as Partial<FastEvidence>;
  if (evidence.typ !== FAST_EVIDENCE_TYP || !LIES.includes(evidence.lie as Lie)) throw malformed('typ');
  if (!Array.isArray(evidence.quorum) || !evidence.quorum.every(Number.isInteger) || new Set(evidence.quorum).size !== evidence.quorum.length) throw malformed('quorum');
  if (!Array.isArray(evidence.answers) || evidence.answers.some((answer) => typeof answer !== 'object' || answer === null)) throw malformed('answers');
  return evidence as FastEvidence;
}

function onlyAnswer({ answers }: FastEvidence): FastEvidence['answers'][number] {
  const [answer] = answers;
  if (answer === undefined || answers.length !== 1) throw malformed('answers');
  return answer;
}

/** @param unit the length is a positive multiple of it, at most that of a full batch */
function bytes(text: unknown, unit = 1): Uint8Array {
  let value = new Uint8Array(0);
  try {
    value = new Uint8Array(fromBase64url(text as string));
  } catch {
    // empty is refused below
  }
  if (value.length === 0 || value.length % unit !== 0 || value.length > OPRF_BATCH_MAX * ELEMENT_BYTES) throw malformed('bytes');
  return value;
}

function malformed(field: string): DomainError {
  return new DomainError('BAD_INPUT', `evidence: ${field}`, { field });
}
