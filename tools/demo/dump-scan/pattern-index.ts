/**
 * Finds any of some millions of patterns in streams of bytes. Each pattern is keyed by one window of 8 of its bytes: of
 * its end, middle and start, the one that fewest other patterns share (thousands of phones begin alike). A bitmap in
 * front answers nearly every position with one look; candidates are confirmed byte for byte against the pattern rebuilt
 * from its value, so a pattern costs some 20 bytes of memory and not its own length.
 */
import { encodingsOf, PLAIN_ENCODING } from './patterns.js';

const KEY_BYTES = 8;
const FILTER_BITS = 27;
/** A window shared by more patterns than this is a poor key while another one is to be had. */
const CROWDED = 8;

const mix = (low: number, high: number): number => {
  let h = Math.imul(low ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(high, 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 13;
  h = Math.imul(h, 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
};

const isWordByte = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122));

export interface Finding {
  readonly value: number;
  readonly encoding: number;
}

export class PatternIndex {
  private readonly filter = new Uint32Array(2 ** (FILTER_BITS - 5));
  private readonly heads: Uint32Array;
  private readonly next: Uint32Array;
  private readonly anchor: Uint16Array;
  /** Hash and first word of the window: together as good as the window itself, so that few candidates are rebuilt. */
  private readonly hashes: Uint32Array;
  private readonly words: Uint32Array;
  private readonly encodingCount = encodingsOf('12345678').length;
  private readonly shift: number;
  /** The longest pattern: how many bytes two neighbouring chunks must share. */
  longest = 0;

  constructor(private readonly values: readonly string[]) {
    const patterns = values.length * this.encodingCount;
    const bits = Math.max(4, Math.ceil(Math.log2(patterns + 1)));
    this.shift = 32 - bits;
    this.heads = new Uint32Array(2 ** bits);
    this.next = new Uint32Array(patterns + 1);
    this.anchor = new Uint16Array(patterns + 1);
    this.hashes = new Uint32Array(patterns + 1);
    this.words = new Uint32Array(patterns + 1);
    values.forEach((value, id) => {
      encodingsOf(value).forEach((bytes, encoding) => {
        if (bytes.length >= KEY_BYTES) this.insert(bytes, id * this.encodingCount + encoding + 1);
      });
    });
  }

  private insert(bytes: Buffer, owner: number): void {
    this.longest = Math.max(this.longest, bytes.length);
    const end = bytes.length - KEY_BYTES;
    let best = { anchor: end, hash: 0, crowd: Number.POSITIVE_INFINITY };
    for (const anchor of [end, end >> 1, 0]) {
      const hash = mix(bytes.readUInt32LE(anchor), bytes.readUInt32LE(anchor + 4));
      const crowd = this.crowdAt(hash);
      if (crowd < best.crowd) best = { anchor, hash, crowd };
      if (crowd < CROWDED) break;
    }
    const bit = best.hash >>> (32 - FILTER_BITS);
    this.filter[bit >>> 5]! |= 1 << (bit & 31);
    const slot = best.hash >>> this.shift;
    this.next[owner] = this.heads[slot]!;
    this.heads[slot] = owner;
    this.anchor[owner] = best.anchor;
    this.hashes[owner] = best.hash;
    this.words[owner] = bytes.readUInt32LE(best.anchor);
  }

  private crowdAt(hash: number): number {
    let crowd = 0;
    for (let owner = this.heads[hash >>> this.shift]!; owner !== 0 && crowd < 64; owner = this.next[owner]!) crowd += 1;
    return crowd;
  }

  /**
   * Calls `found` for every pattern that starts in [from, to) and lies whole inside the bytes.
   * Windows are looked at over all bytes, because a pattern may be keyed by its end.
   */
  scan(bytes: Buffer, from: number, to: number, found: (finding: Finding) => void): void {
    const last = bytes.length - KEY_BYTES;
    if (last < 0) return;
    let low = bytes.readUInt32LE(0);
    let high = bytes.readUInt32LE(4);
    for (let at = 0; ; ) {
      const hash = (low | high) === 0 ? 0 : mix(low, high); // zero pages are most of a data directory
      const bit = hash >>> (32 - FILTER_BITS);
      if (hash !== 0 && (this.filter[bit >>> 5]! & (1 << (bit & 31))) !== 0) this.confirm(bytes, at, low, hash, from, to, found);
      if (at === last) return;
      at += 1;
      low = ((low >>> 8) | (high << 24)) >>> 0;
      high = ((high >>> 8) | (bytes[at + 7]! << 24)) >>> 0;
    }
  }

  private confirm(bytes: Buffer, at: number, low: number, hash: number, from: number, to: number, found: (finding: Finding) => void): void {
    for (let owner = this.heads[hash >>> this.shift]!; owner !== 0; owner = this.next[owner]!) {
      if (this.hashes[owner] !== hash || this.words[owner] !== low) continue;
      const start = at - this.anchor[owner]!;
      if (start < from || start >= to) continue;
      const value = Math.floor((owner - 1) / this.encodingCount);
      const encoding = (owner - 1) % this.encodingCount;
      const pattern = encodingsOf(this.values[value]!)[encoding]!;
      if (start + pattern.length > bytes.length || bytes.compare(pattern, 0, pattern.length, start, start + pattern.length) !== 0) continue;
      if (encoding === PLAIN_ENCODING && this.isInsideLongerWord(bytes, start, pattern.length)) continue;
      found({ value, encoding });
    }
  }

  /**
   * A short run of letters and digits inside a longer one (8 digits in the hex of a ciphertext) says nothing; chance
   * alone gives some in 100 MB. From 12 bytes on chance gives none, and every match counts.
   */
  private isInsideLongerWord(bytes: Buffer, at: number, length: number): boolean {
    return length < 12 && (isWordByte(bytes[at - 1]) || isWordByte(bytes[at + length]));
  }
}
