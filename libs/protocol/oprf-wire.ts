/**
 * `application/vnd.tallystick.oprf`: one batch of blinded points and its answer (docs/protocol/wire.md draws
 * it). Who may send a batch is judged by the roster, what the points are by the engine. Fast mode sends the same request
 * with a mode of its own; its other messages are in fast-wire.ts.
 */
import type { Json } from '#kernel';
import {
  base64url, bytesToUuid, COMMON_BYTES, malformed, MODE_FAST, MODE_VOPRF, OPRF_BATCH_MAX, OPRF_HOLDERS_MAX, type OprfFrame, POINT_BYTES, readHeader, sized, uuidToBytes, writeHeader,
} from './oprf-header.js';

export { bytesToUuid, OPRF_BATCH_MAX, OPRF_HOLDERS_MAX, quorumMask, uuidToBytes } from './oprf-header.js';

export const OPRF_MEDIA_TYPE = 'application/vnd.tallystick.oprf';
export const OPRF_PATH = '/oprf/evaluate';
export const BATCH_TYP = 'tally-batch+1';

const REQUEST_HEADER_BYTES = 120;
const SIGNED_AT_OFFSET = 112;
const TRAILER_BYTES = 64; // the member's signature, the holder's proof
/** How far the signed time of a batch may lie from a holder's clock: behind it, and ahead of it. */
export const BATCH_TIME_BEHIND_MS = 300_000;
export const BATCH_TIME_AHEAD_MS = 60_000;
export const OPRF_REQUEST_MAX_BYTES = REQUEST_HEADER_BYTES + OPRF_BATCH_MAX * POINT_BYTES + TRAILER_BYTES;
/** Of any answer: points, and at most a receipt of 96 bytes for each holder. Refusals are shorter. */
export const OPRF_ANSWER_MAX_BYTES = COMMON_BYTES + OPRF_BATCH_MAX * POINT_BYTES + OPRF_HOLDERS_MAX * 96;

/** How a batch is blinded and vouched for: RFC 9497 as it stands, or additive blinding with a deferred check. */
export const EVALUATION_MODES = ['baseline', 'fast'] as const;
export type EvaluationMode = (typeof EVALUATION_MODES)[number];
const MODE_BYTE: Readonly<Record<EvaluationMode, number>> = { baseline: MODE_VOPRF, fast: MODE_FAST };

export function requestFrame(mode: EvaluationMode, message = 1): OprfFrame {
  return { mode: MODE_BYTE[mode], message, headerBytes: REQUEST_HEADER_BYTES, trailerBytes: () => TRAILER_BYTES };
}
const RESPONSE: OprfFrame = { mode: MODE_VOPRF, message: 2, headerBytes: COMMON_BYTES, trailerBytes: () => TRAILER_BYTES };

/** By the mode byte alone; the decoder of that mode judges the rest. A message too short for one counts as baseline. */
export function evaluationModeOf(message: Uint8Array): EvaluationMode {
  return message[6] === MODE_FAST ? 'fast' : 'baseline';
}

/** Which of the member's three counters is charged (docs/threat-model.md). */
export const BUDGETS = ['publish', 'enrolment', 'daily'] as const;
export type Budget = (typeof BUDGETS)[number];

export interface OprfRequest {
  /** SHA-256 of the manifest's canonical payload: 32 bytes. */
  readonly manifestHash: Uint8Array;
  /** 16 bytes; a UUID's. Never used again for other bytes. */
  readonly batchId: Uint8Array;
  /** Indices of the holders that answer this batch, ascending. */
  readonly quorum: readonly number[];
  readonly budget: Budget;
  /** The member's id: a UUID. */
  readonly memberId: string;
  /** Thumbprint of the evidence key that signs: 32 bytes. */
  readonly kid: Uint8Array;
  /** When the member signed, milliseconds since 1970: each sending is signed anew, so that a recorded one is worth nothing. */
  readonly signedAtMs: number;
  readonly points: Uint8Array;
}
export interface SignedOprfRequest extends OprfRequest {
  /** ES256 (raw r || s) over batchStatement(): 64 bytes. */
  readonly signature: Uint8Array;
}

export interface OprfResponse {
  readonly manifestHash: Uint8Array;
  readonly batchId: Uint8Array;
  readonly quorum: readonly number[];
  readonly holderIndex: number;
  readonly points: Uint8Array;
  /** RFC 9497 batch proof under lambda_j*K_j: c || s, 64 bytes. */
  readonly proof: Uint8Array;
}

/**
 * What the member signs: the payload of a JWS with typ `tally-batch+1` whose parts do not travel, because the reader
 * rebuilds them from the batch. Quorum and time are inside: who sees a batch on its way can neither turn it to other holders
 * nor send it again later, and so cannot spend the member's budget (docs/protocol/budgets.md).
 * The mode is a member of it for fast mode only, so that no relay turns a batch of one mode into the other.
 */
export function batchStatement(request: OprfRequest, pointsSha256: Uint8Array, mode: EvaluationMode = 'baseline'): Json {
  return {
    ...(mode === 'fast' ? { mode } : {}),
    at: request.signedAtMs,
    batch: base64url(request.batchId),
    budget: request.budget,
    manifest: base64url(request.manifestHash),
    member: request.memberId,
    n: request.points.length / POINT_BYTES,
    points: base64url(pointsSha256),
    quorum: [...request.quorum],
  };
}

export function encodeOprfRequest(request: SignedOprfRequest, mode: EvaluationMode = 'baseline'): Uint8Array {
  return encodeRequest(requestFrame(mode), request);
}

export function encodeRequest(frame: OprfFrame, request: SignedOprfRequest): Uint8Array {
  const out = writeHeader(frame, request, BUDGETS.indexOf(request.budget) + 1);
  out.set(uuidToBytes(request.memberId), COMMON_BYTES);
  out.set(sized(request.kid, 32), COMMON_BYTES + 16);
  new DataView(out.buffer).setBigUint64(SIGNED_AT_OFFSET, BigInt(request.signedAtMs));
  out.set(sized(request.signature, TRAILER_BYTES), out.length - TRAILER_BYTES);
  return out;
}

/** Views into the message, not copies. @throws DomainError BAD_INPUT, LIMIT_EXCEEDED */
export function decodeOprfRequest(message: Uint8Array, mode: EvaluationMode = 'baseline'): SignedOprfRequest {
  return decodeRequest(requestFrame(mode), message);
}

export function decodeRequest(frame: OprfFrame, message: Uint8Array): SignedOprfRequest {
  const common = readHeader(frame, message);
  const budget = BUDGETS[common.detail - 1];
  const signedAtMs = Number(new DataView(message.buffer, message.byteOffset, message.byteLength).getBigUint64(SIGNED_AT_OFFSET));
  if (budget === undefined) throw malformed('budget');
  if (!Number.isSafeInteger(signedAtMs)) throw malformed('signed time');
  return {
    ...common.fields,
    budget,
    memberId: bytesToUuid(message.subarray(COMMON_BYTES, COMMON_BYTES + 16)),
    kid: message.subarray(COMMON_BYTES + 16, SIGNED_AT_OFFSET),
    signedAtMs,
    signature: common.trailer,
  };
}

export function encodeOprfResponse(response: OprfResponse): Uint8Array {
  const out = writeHeader(RESPONSE, response, response.holderIndex);
  out.set(sized(response.proof, TRAILER_BYTES), out.length - TRAILER_BYTES);
  return out;
}

/** @throws DomainError BAD_INPUT, LIMIT_EXCEEDED */
export function decodeOprfResponse(message: Uint8Array): OprfResponse {
  const common = readHeader(RESPONSE, message);
  if (common.detail < 1 || common.detail > OPRF_HOLDERS_MAX) throw malformed('holder');
  return { ...common.fields, holderIndex: common.detail, proof: common.trailer };
}
