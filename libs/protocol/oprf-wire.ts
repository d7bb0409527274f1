/**
 * `application/vnd.tallystick.oprf`: one batch of blinded points and its answer (docs/protocol/wire.md draws
 * it). Fixed layout, big-endian. Counts are capped and the length is compared before a single point is looked at; what
 * the points are is judged by the engine, who may send them by the roster.
 */
import { DomainError, isUuid, type Json } from '#kernel';

export const OPRF_MEDIA_TYPE = 'application/vnd.tallystick.oprf';
export const OPRF_PATH = '/oprf/evaluate';
export const OPRF_BATCH_MAX = 4096;
export const OPRF_HOLDERS_MAX = 16;
export const BATCH_TYP = 'tally-batch+1';

const MAGIC = Uint8Array.of(0x54, 0x4c, 0x59, 0x4f); // "TLYO"
const VERSION = 1;
const SUITE_RISTRETTO255_SHA512 = 1;
const MODE_VOPRF = 1;
const REQUEST = 1;
const RESPONSE = 2;
const COMMON_BYTES = 64;
const REQUEST_HEADER_BYTES = 112;
const POINT_BYTES = 32;
const TRAILER_BYTES = 64; // the member's signature, the holder's proof
export const OPRF_REQUEST_MAX_BYTES = REQUEST_HEADER_BYTES + OPRF_BATCH_MAX * POINT_BYTES + TRAILER_BYTES;

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
 * rebuilds them from the batch. The quorum is left out so that a member may turn to other holders with the same signature.
 */
export function batchStatement(request: OprfRequest, pointsSha256: Uint8Array): Json {
  return {
    batch: base64url(request.batchId),
    budget: request.budget,
    manifest: base64url(request.manifestHash),
    member: request.memberId,
    n: request.points.length / POINT_BYTES,
    points: base64url(pointsSha256),
  };
}

export function encodeOprfRequest(request: SignedOprfRequest): Uint8Array {
  const out = new Uint8Array(REQUEST_HEADER_BYTES + request.points.length + TRAILER_BYTES);
  writeCommon(out, REQUEST, request, BUDGETS.indexOf(request.budget) + 1);
  out.set(uuidToBytes(request.memberId), COMMON_BYTES);
  out.set(sized(request.kid, 32), COMMON_BYTES + 16);
  out.set(request.points, REQUEST_HEADER_BYTES);
  out.set(sized(request.signature, TRAILER_BYTES), out.length - TRAILER_BYTES);
  return out;
}

/** Views into the message, not copies. @throws DomainError BAD_INPUT, LIMIT_EXCEEDED */
export function decodeOprfRequest(message: Uint8Array): SignedOprfRequest {
  const common = readCommon(message, REQUEST, REQUEST_HEADER_BYTES);
  const budget = BUDGETS[common.detail - 1];
  if (budget === undefined) throw malformed('budget');
  return {
    ...common.fields,
    budget,
    memberId: bytesToUuid(message.subarray(COMMON_BYTES, COMMON_BYTES + 16)),
    kid: message.subarray(COMMON_BYTES + 16, REQUEST_HEADER_BYTES),
    points: message.subarray(REQUEST_HEADER_BYTES, message.length - TRAILER_BYTES),
    signature: message.subarray(message.length - TRAILER_BYTES),
  };
}

export function encodeOprfResponse(response: OprfResponse): Uint8Array {
  const out = new Uint8Array(COMMON_BYTES + response.points.length + TRAILER_BYTES);
  writeCommon(out, RESPONSE, response, response.holderIndex);
  out.set(response.points, COMMON_BYTES);
  out.set(sized(response.proof, TRAILER_BYTES), out.length - TRAILER_BYTES);
  return out;
}

/** @throws DomainError BAD_INPUT, LIMIT_EXCEEDED */
export function decodeOprfResponse(message: Uint8Array): OprfResponse {
  const common = readCommon(message, RESPONSE, COMMON_BYTES);
  if (common.detail < 1 || common.detail > OPRF_HOLDERS_MAX) throw malformed('holder');
  return {
    ...common.fields,
    holderIndex: common.detail,
    points: message.subarray(COMMON_BYTES, message.length - TRAILER_BYTES),
    proof: message.subarray(message.length - TRAILER_BYTES),
  };
}

type CommonFields = Pick<OprfRequest, 'manifestHash' | 'batchId' | 'quorum' | 'points'>;

function writeCommon(out: Uint8Array, message: number, fields: CommonFields, detail: number): void {
  const n = fields.points.length / POINT_BYTES;
  if (!Number.isInteger(n) || n < 1 || n > OPRF_BATCH_MAX) throw malformed('count');
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  out.set(MAGIC, 0);
  out.set([VERSION, SUITE_RISTRETTO255_SHA512, MODE_VOPRF, message], 4);
  out.set(sized(fields.manifestHash, 32), 8);
  view.setUint32(40, n);
  out.set(sized(fields.batchId, 16), 44);
  view.setUint16(60, quorumMask(fields.quorum));
  out[62] = detail;
}

function readCommon(message: Uint8Array, kind: number, header: number): { fields: Omit<CommonFields, 'points'>; detail: number } {
  if (message.length < header + TRAILER_BYTES) throw malformed('length');
  const expected = [...MAGIC, VERSION, SUITE_RISTRETTO255_SHA512, MODE_VOPRF, kind];
  if (expected.some((byte, i) => message[i] !== byte)) throw malformed('header');
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const n = view.getUint32(40);
  if (n > OPRF_BATCH_MAX) throw new DomainError('LIMIT_EXCEEDED', 'batch holds too many points', { limit: OPRF_BATCH_MAX });
  if (n < 1 || message.length !== header + n * POINT_BYTES + TRAILER_BYTES) throw malformed('length');
  if (message[63] !== 0) throw malformed('reserved');
  return {
    fields: { manifestHash: message.subarray(8, 40), batchId: message.subarray(44, 60), quorum: quorumOf(view.getUint16(60)) },
    detail: message[62] as number,
  };
}

/** Bit i-1 stands for holder i. */
function quorumMask(quorum: readonly number[]): number {
  const mask = quorum.reduce((bits, index) => bits | (index >= 1 && index <= OPRF_HOLDERS_MAX ? 1 << (index - 1) : 0), 0);
  if (quorum.length === 0 || quorumOf(mask).length !== quorum.length) throw malformed('quorum');
  return mask;
}

function quorumOf(mask: number): number[] {
  const quorum = Array.from({ length: OPRF_HOLDERS_MAX }, (_, i) => i + 1).filter((index) => (mask & (1 << (index - 1))) !== 0);
  if (quorum.length === 0) throw malformed('quorum');
  return quorum;
}

export function uuidToBytes(uuid: string): Uint8Array {
  if (!isUuid(uuid)) throw malformed('uuid');
  return new Uint8Array(Buffer.from(uuid.replaceAll('-', ''), 'hex'));
}

export function bytesToUuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  if (!isUuid(uuid)) throw malformed('uuid');
  return uuid;
}

function sized(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw malformed('field length');
  return bytes;
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function malformed(field: string): DomainError {
  return new DomainError('BAD_INPUT', `oprf batch: ${field}`, { field });
}
