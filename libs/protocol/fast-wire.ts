/**
 * The messages of fast mode that baseline mode does not have (docs/protocol/fast-mode.md): a holder's signed vector, the check of a
 * batch by one element, its answer, and what a combiner hands on. What holders sign are detached JWS: the reader rebuilds header and
 * payload, so that a vector, a digest and 64 bytes are evidence for anybody who has the manifest.
 */
import type { Json } from '#kernel';
import {
  base64url, COMMON_BYTES, malformed, MODE_FAST, OPRF_HOLDERS_MAX, type OprfFrame, POINT_BYTES, readHeader, sized, writeHeader,
} from './oprf-header.js';
import { decodeRequest, encodeRequest, type OprfRequest, type OprfResponse, requestFrame, type SignedOprfRequest } from './oprf-wire.js';

export const OPRF_CHECK_PATH = '/oprf/check';
/** At the hub, as combiner. */
export const OPRF_COMBINE_PATH = '/v1/oprf/combine';
/** A holder's vector: who signs it says D_j = kappa_j * points, under this manifest and quorum. */
export const EVALUATION_TYP = 'tally-evaluation+1';
export const CHECK_TYP = 'tally-check+1';
export const CHECK_ANSWER_TYP = 'tally-check-answer+1';

const SIGNATURE_BYTES = 64;
const PROOF_BYTES = 64;
const DIGEST_BYTES = 32;
const RECEIPT_BYTES = DIGEST_BYTES + SIGNATURE_BYTES;

const CHECK = requestFrame('fast', 3);
const ANSWER = { mode: MODE_FAST, headerBytes: COMMON_BYTES };
const VECTOR: OprfFrame = { ...ANSWER, message: 2, trailerBytes: () => SIGNATURE_BYTES };
const CHECK_ANSWER: OprfFrame = { ...ANSWER, message: 4, trailerBytes: () => PROOF_BYTES + SIGNATURE_BYTES };
const COMBINED: OprfFrame = { ...ANSWER, message: 5, trailerBytes: (quorum) => quorum * RECEIPT_BYTES };

/** One holder's answer to a batch in fast mode. */
export interface FastVector extends Omit<OprfResponse, 'proof'> {
  /** ES256 of the holder's evidence key over evaluationStatement(): 64 bytes. */
  readonly signature: Uint8Array;
}

/** `points` is the one check element C*; the batch id names the batch that is checked. */
export type CheckRequest = OprfRequest;
export type SignedCheckRequest = SignedOprfRequest;

/** `points` is Z_j = kappa_j * C*, with an RFC 9497 proof of batch one under kappa_j * G. */
export interface CheckAnswer extends OprfResponse {
  /** ES256 of the holder's evidence key over checkAnswerStatement(): 64 bytes. */
  readonly signature: Uint8Array;
}

/** What a holder answered to a batch, without the vector: it is held to its digest. */
export interface VectorReceipt {
  readonly holderIndex: number;
  /** SHA-256 of the holder's vector: 32 bytes. */
  readonly answerSha256: Uint8Array;
  readonly signature: Uint8Array;
}

/** A combiner's answer: D = enc2(sum of the vectors), and the receipt of each holder of the quorum, ascending. */
export interface CombinedBatch extends Omit<OprfResponse, 'proof' | 'holderIndex'> {
  readonly receipts: readonly VectorReceipt[];
}

/** What a vector is about: everything that fixes it, and nothing of who asked. */
export interface EvaluationFacts {
  readonly manifestHash: Uint8Array;
  readonly quorum: readonly number[];
  readonly holderIndex: number;
}

export function evaluationStatement(facts: EvaluationFacts, n: number, pointsSha256: Uint8Array, answerSha256: Uint8Array): Json {
  return { ...factsOf(facts), answer: base64url(answerSha256), mode: 'fast', n, points: base64url(pointsSha256) };
}

export function checkStatement(request: CheckRequest): Json {
  return {
    at: request.signedAtMs, batch: base64url(request.batchId), budget: request.budget, challenge: base64url(request.points), manifest: base64url(request.manifestHash),
    member: request.memberId, quorum: [...request.quorum],
  };
}

export function checkAnswerStatement(facts: EvaluationFacts, challenge: Uint8Array, value: Uint8Array, proof: Uint8Array): Json {
  return { ...factsOf(facts), challenge: base64url(challenge), proof: base64url(proof), value: base64url(value) };
}

function factsOf({ manifestHash, quorum, holderIndex }: EvaluationFacts) {
  return { holder: holderIndex, manifest: base64url(manifestHash), quorum: [...quorum] };
}

export function encodeFastVector(vector: FastVector): Uint8Array {
  const out = writeHeader(VECTOR, vector, vector.holderIndex);
  out.set(sized(vector.signature, SIGNATURE_BYTES), out.length - SIGNATURE_BYTES);
  return out;
}

/** @throws DomainError BAD_INPUT, LIMIT_EXCEEDED, as all decoders here */
export function decodeFastVector(message: Uint8Array): FastVector {
  const { fields, detail, trailer } = readHeader(VECTOR, message);
  return { ...fields, holderIndex: holder(detail), signature: trailer };
}

export function encodeCheckRequest(request: SignedCheckRequest): Uint8Array {
  sized(request.points, POINT_BYTES);
  return encodeRequest(CHECK, request);
}

export function decodeCheckRequest(message: Uint8Array): SignedCheckRequest {
  const request = decodeRequest(CHECK, message);
  sized(request.points, POINT_BYTES);
  return request;
}

export function encodeCheckAnswer(answer: CheckAnswer): Uint8Array {
  sized(answer.points, POINT_BYTES);
  const out = writeHeader(CHECK_ANSWER, answer, answer.holderIndex);
  out.set(sized(answer.proof, PROOF_BYTES), out.length - PROOF_BYTES - SIGNATURE_BYTES);
  out.set(sized(answer.signature, SIGNATURE_BYTES), out.length - SIGNATURE_BYTES);
  return out;
}

export function decodeCheckAnswer(message: Uint8Array): CheckAnswer {
  const { fields, detail, trailer } = readHeader(CHECK_ANSWER, message);
  sized(fields.points, POINT_BYTES);
  return { ...fields, holderIndex: holder(detail), proof: trailer.subarray(0, PROOF_BYTES), signature: trailer.subarray(PROOF_BYTES) };
}

export function encodeCombinedBatch(combined: CombinedBatch): Uint8Array {
  if (combined.receipts.map(({ holderIndex }) => holderIndex).join() !== combined.quorum.join()) throw malformed('receipts');
  const out = writeHeader(COMBINED, combined, 0);
  let at = out.length - combined.receipts.length * RECEIPT_BYTES;
  for (const { answerSha256, signature } of combined.receipts) {
    out.set(sized(answerSha256, DIGEST_BYTES), at);
    out.set(sized(signature, SIGNATURE_BYTES), at + DIGEST_BYTES);
    at += RECEIPT_BYTES;
  }
  return out;
}

export function decodeCombinedBatch(message: Uint8Array): CombinedBatch {
  const { fields, detail, trailer } = readHeader(COMBINED, message);
  if (detail !== 0) throw malformed('detail');
  const receipts = fields.quorum.map((holderIndex, i) => {
    const receipt = trailer.subarray(i * RECEIPT_BYTES, (i + 1) * RECEIPT_BYTES);
    return { holderIndex, answerSha256: receipt.subarray(0, DIGEST_BYTES), signature: receipt.subarray(DIGEST_BYTES) };
  });
  return { ...fields, receipts };
}

function holder(detail: number): number {
  if (detail < 1 || detail > OPRF_HOLDERS_MAX) throw malformed('holder');
  return detail;
}
