/**
 * Layout of a snapshot: the sorted top h+f bits of n tokens, Elias-Fano coded (P. Elias, J. ACM 21(2), 1974; docs/protocol/snapshots.md).
 *
 *   0  4  magic "TLYS"            12  4  n                       everything little-endian, bits from the lowest of each byte
 *   4  1  version 1               16 16  group (UUID; zeros: the whole federation)
 *   5  1  h = round(log2 n)       32     upper: n + 2^h bits, bit (bucket_i + i) is set for the i-th token; padded to 8 bytes
 *   6  1  f, 1 to 32              ..     lower: n * f bits, the f bits below the bucket; padded to 8 bytes
 *   7  1  0
 *   8  4  epoch
 *
 * A token's bucket are its top h bits. h follows from n, so that a few bytes cannot ask a reader for gigabytes.
 */
import { sameBytes } from '../bytes.js';
import { CryptoInputError } from '../crypto.errors.js';

export const SNAPSHOT_HEADER_BYTES = 32;
/** 10^9 tokens are 4.2 GB: above that a group is split. */
export const SNAPSHOT_TOKENS_MAX = 1_000_000_000;
export const SNAPSHOT_LOW_BITS = 32;

const MAGIC = Uint8Array.of(0x54, 0x4c, 0x59, 0x53);
const VERSION = 1;

export interface SnapshotHeader {
  readonly epoch: number;
  /** 16 bytes. */
  readonly group: Uint8Array;
  /** Tokens. */
  readonly n: number;
  /** Low bits kept of each token, 1 to 32: a foreign token passes with probability n / 2^(h+f). */
  readonly f: number;
}

export interface SnapshotLayout extends SnapshotHeader {
  readonly h: number;
  readonly upperAt: number;
  readonly lowerAt: number;
  readonly bytes: number;
}

/** round(log2 n), decided exactly: up where n^2 > 2^(2k+1). 0 for n below 2. */
export function highBits(n: number): number {
  if (n < 2) return 0;
  const floor = 31 - Math.clz32(n);
  return BigInt(n) ** 2n > 1n << BigInt(2 * floor + 1) ? floor + 1 : floor;
}

/** @throws CryptoInputError for counts and widths outside the format */
export function snapshotLayout({ epoch, group, n, f }: SnapshotHeader): SnapshotLayout {
  const whole = (value: number, least: number, most: number): boolean => Number.isInteger(value) && value >= least && value <= most;
  if (!whole(n, 0, SNAPSHOT_TOKENS_MAX) || !whole(f, 1, 32) || !whole(epoch, 0, 0xffffffff) || group.length !== 16) throw new CryptoInputError('snapshot header');
  const h = highBits(n);
  const lowerAt = SNAPSHOT_HEADER_BYTES + padded(n + 2 ** h);
  return { epoch, group, n, f, h, upperAt: SNAPSHOT_HEADER_BYTES, lowerAt, bytes: lowerAt + padded(n * f) };
}

/** 32 bytes (docs/protocol/snapshots.md). */
export function writeHeader(layout: SnapshotLayout): Uint8Array {
  const out = new Uint8Array(SNAPSHOT_HEADER_BYTES);
  const view = new DataView(out.buffer);
  out.set(MAGIC, 0);
  out.set([VERSION, layout.h, layout.f, 0], 4);
  view.setUint32(8, layout.epoch, true);
  view.setUint32(12, layout.n, true);
  out.set(layout.group, 16);
  return out;
}

/** @throws CryptoInputError unless the bytes are exactly as long as their header says, in its one spelling */
export function readHeader(bytes: Uint8Array): SnapshotLayout {
  if (bytes.length < SNAPSHOT_HEADER_BYTES || !sameBytes(bytes.subarray(0, 4), MAGIC) || bytes[4] !== VERSION) throw new CryptoInputError('not a snapshot');
  const view = new DataView(bytes.buffer, bytes.byteOffset, SNAPSHOT_HEADER_BYTES);
  const layout = snapshotLayout({ epoch: view.getUint32(8, true), group: bytes.slice(16, 32), n: view.getUint32(12, true), f: bytes[6] as number });
  if (bytes[5] !== layout.h || bytes[7] !== 0 || bytes.length !== layout.bytes) throw new CryptoInputError('snapshot length or header');
  return layout;
}

/** Bytes for so many bits, to a multiple of 8: 64-bit and 32-bit views stay aligned. */
function padded(bits: number): number {
  return Math.ceil(bits / 64) * 8;
}
