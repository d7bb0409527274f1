/**
 * Writes a snapshot from a sorted stream. Upper and lower halves grow at two places of the file at once, each through a window of
 * 64 KiB: memory does not depend on the number of tokens, which must be known before the first.
 */
import { CryptoInputError } from '../crypto.errors.js';
import { bucketOf, lowOf, type Prefixes } from './prefixes.js';
import { snapshotLayout, type SnapshotHeader, type SnapshotLayout, writeHeader } from './snapshot-layout.js';

const WINDOW_BYTES = 65_536;

/** Takes bytes at a position; positions of one half rise, the two halves take turns. The bytes are the encoder's: copy or write them before returning. */
export type PositionedSink = (bytes: Uint8Array, position: number) => void;

export class SnapshotEncoder {
  readonly layout: SnapshotLayout;
  private readonly upper: BitWindow;
  private readonly lower: BitWindow;
  private count = 0;
  private lastHi = 0;
  private lastLo = 0;

  /** @param header n tokens will come, no more and no fewer */
  constructor(header: SnapshotHeader, private readonly sink: PositionedSink) {
    this.layout = snapshotLayout(header);
    this.upper = new BitWindow(this.layout.upperAt, sink);
    this.lower = new BitWindow(this.layout.lowerAt, sink);
  }

  /** The next tokens, ascending by their first 64 bits. @throws CryptoInputError out of order, or one too many */
  push({ hi, lo }: Prefixes): void {
    const { n, h, f } = this.layout;
    if (hi.length !== lo.length || this.count + hi.length > n) throw new CryptoInputError('more tokens than announced');
    for (let i = 0; i < hi.length; i += 1) {
      const [high, low] = [hi[i] as number, lo[i] as number];
      if (high < this.lastHi || (high === this.lastHi && low < this.lastLo)) throw new CryptoInputError('tokens are not sorted');
      this.upper.setBit(bucketOf(high, h) + this.count);
      this.lower.append(lowOf(high, low, h, f), f);
      [this.lastHi, this.lastLo] = [high, low];
      this.count += 1;
    }
  }

  /** Writes what is left, and the header last: a file that was cut short has none. @throws CryptoInputError with tokens missing */
  finish(): SnapshotLayout {
    const { layout } = this;
    if (this.count !== layout.n) throw new CryptoInputError('fewer tokens than announced');
    this.upper.finish(layout.lowerAt);
    this.lower.finish(layout.bytes);
    this.sink(writeHeader(layout), 0);
    return layout;
  }
}

/** A stretch of a bit string that is written once it is full. */
class BitWindow {
  private readonly bytes = new Uint8Array(WINDOW_BYTES);
  /** First bit of the window. */
  private base = 0;
  private appended = 0;

  constructor(private readonly startsAt: number, private readonly sink: PositionedSink) {}

  setBit(bit: number): void {
    while (bit - this.base >= WINDOW_BYTES * 8) this.flush(WINDOW_BYTES);
    const at = bit - this.base;
    this.bytes[at >>> 3] = (this.bytes[at >>> 3] as number) | (1 << (at & 7));
  }

  append(value: number, width: number): void {
    for (let left = width, rest = value; left > 0;) {
      if (this.appended - this.base >= WINDOW_BYTES * 8) this.flush(WINDOW_BYTES);
      const at = this.appended - this.base;
      const room = Math.min(8 - (at & 7), left);
      this.bytes[at >>> 3] = (this.bytes[at >>> 3] as number) | ((rest & ((1 << room) - 1)) << (at & 7));
      rest >>>= room;
      left -= room;
      this.appended += room;
    }
  }

  finish(end: number): void {
    for (;;) {
      const left = end - this.startsAt - this.base / 8;
      if (left <= 0) return;
      this.flush(Math.min(left, WINDOW_BYTES));
    }
  }

  private flush(length: number): void {
    this.sink(this.bytes.subarray(0, length), this.startsAt + this.base / 8);
    this.bytes.fill(0);
    this.base += length * 8;
  }
}

/** All at once, for snapshots that fit into memory. */
export function encodeSnapshot(header: Omit<SnapshotHeader, 'n'>, prefixes: Prefixes): Uint8Array {
  const whole = { ...header, n: prefixes.hi.length };
  const out = new Uint8Array(snapshotLayout(whole).bytes);
  const encoder = new SnapshotEncoder(whole, (bytes, position) => out.set(bytes, position));
  encoder.push(prefixes);
  encoder.finish();
  return out;
}
