/**
 * The 64 bytes that every message of the media type begins with (docs/protocol/wire.md). Fixed layout, big-endian. Counts are capped
 * and the length is compared before a single point is looked at.
 */
import { DomainError, isUuid } from '#kernel';

export const OPRF_BATCH_MAX = 4096;
export const OPRF_HOLDERS_MAX = 16;
export const COMMON_BYTES = 64;
export const POINT_BYTES = 32;
export const MODE_VOPRF = 0x01;
/** No mode of RFC 9497: these are 0, 1 and 2. */
export const MODE_FAST = 0x81;

const MAGIC = Uint8Array.of(0x54, 0x4c, 0x59, 0x4f); // "TLYO"
const VERSION = 2;
const SUITE_RISTRETTO255_SHA512 = 1;

/** One kind of message: what bytes 6 and 7 say, and what stands before and after the points. */
export interface OprfFrame {
  readonly mode: number;
  readonly message: number;
  readonly headerBytes: number;
  readonly trailerBytes: (quorumSize: number) => number;
}

export interface CommonFields {
  readonly manifestHash: Uint8Array;
  readonly batchId: Uint8Array;
  readonly quorum: readonly number[];
  readonly points: Uint8Array;
}

/** A message with its header and points written; the caller adds what is its own. */
export function writeHeader(frame: OprfFrame, fields: CommonFields, detail: number): Uint8Array {
  const n = fields.points.length / POINT_BYTES;
  if (!Number.isInteger(n) || n < 1 || n > OPRF_BATCH_MAX) throw malformed('count');
  const out = new Uint8Array(frame.headerBytes + fields.points.length + frame.trailerBytes(fields.quorum.length));
  const view = new DataView(out.buffer);
  out.set(MAGIC, 0);
  out.set([VERSION, SUITE_RISTRETTO255_SHA512, frame.mode, frame.message], 4);
  out.set(sized(fields.manifestHash, 32), 8);
  view.setUint32(40, n);
  out.set(sized(fields.batchId, 16), 44);
  view.setUint16(60, quorumMask(fields.quorum));
  out[62] = detail;
  out.set(fields.points, frame.headerBytes);
  return out;
}

/** Views into the message, not copies. @throws DomainError BAD_INPUT, LIMIT_EXCEEDED */
export function readHeader(frame: OprfFrame, message: Uint8Array): { fields: CommonFields; detail: number; trailer: Uint8Array } {
  if (message.length < frame.headerBytes + frame.trailerBytes(1)) throw malformed('length');
  const expected = [...MAGIC, VERSION, SUITE_RISTRETTO255_SHA512, frame.mode, frame.message];
  if (expected.some((byte, i) => message[i] !== byte)) throw malformed('header');
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const n = view.getUint32(40);
  if (n > OPRF_BATCH_MAX) throw new DomainError('LIMIT_EXCEEDED', 'batch holds too many points', { limit: OPRF_BATCH_MAX });
  const quorum = quorumOf(view.getUint16(60));
  const end = frame.headerBytes + n * POINT_BYTES;
  if (n < 1 || message.length !== end + frame.trailerBytes(quorum.length)) throw malformed('length');
  if (message[63] !== 0) throw malformed('reserved');
  return {
    fields: { manifestHash: message.subarray(8, 40), batchId: message.subarray(44, 60), quorum, points: message.subarray(frame.headerBytes, end) },
    detail: message[62] as number,
    trailer: message.subarray(end),
  };
}

/** Bit i-1 stands for holder i. */
export function quorumMask(quorum: readonly number[]): number {
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

export function sized(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw malformed('field length');
  return bytes;
}

export function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

export function malformed(field: string): DomainError {
  return new DomainError('BAD_INPUT', `oprf batch: ${field}`, { field });
}
