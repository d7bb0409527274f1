/**
 * A snapshot as its reader uses it. The bytes come from outside: everything is judged before a single query, so that no query can meet
 * a place that does not exist. Queries need no order; sorted ones walk memory forwards, which is what makes them fast.
 */
import { CryptoInputError } from '../crypto.errors.js';
import { lowOf, type Prefixes } from './prefixes.js';
import { readHeader, type SnapshotLayout } from './snapshot-layout.js';

/** Nearly every bucket holds so few. */
const LOOK_AHEAD = 3;

const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

export class Snapshot {
  private constructor(
    readonly layout: SnapshotLayout,
    /** starts[b] to starts[b+1] - 1 are the places of bucket b: 2^h + 1 entries. */
    private readonly starts: Uint32Array,
    /** Ascending within a bucket; LOOK_AHEAD entries longer than there are tokens. */
    private readonly lows: Uint32Array,
  ) {}

  /** @throws CryptoInputError for anything that encodeSnapshot() would not have written */
  static read(bytes: Uint8Array): Snapshot {
    const layout = readHeader(bytes);
    const starts = readStarts(wordsOf(bytes.subarray(layout.upperAt, layout.lowerAt)), layout);
    const lows = readLows(bytes.subarray(layout.lowerAt), layout);
    checkOrder(starts, lows);
    return new Snapshot(layout, starts, lows);
  }

  /** True for every token inside; for a foreign one with probability n / 2^(h+f). */
  has(hi: number, lo: number): boolean {
    return this.hitsOf({ hi: Uint32Array.of(hi), lo: Uint32Array.of(lo) }).length === 1;
  }

  /** Positions in `queries` of those that are inside, ascending. */
  hitsOf({ hi, lo }: Prefixes): Uint32Array {
    const { layout: { h, f }, starts, lows } = this;
    if (hi.length !== lo.length) throw new CryptoInputError('as many upper as lower halves');
    if (h === 0) return this.hitsOfOneBucket({ hi, lo });
    let hits = new Uint32Array(64);
    let found = 0;
    const [bucketShift, lowShift] = [32 - h, 32 - f];
    for (let i = 0; i < hi.length; i += 1) {
      const high = hi[i] as number;
      const bucket = high >>> bucketShift;
      const low = (((high << h) | ((lo[i] as number) >>> bucketShift)) >>> lowShift) >>> 0;
      const start = starts[bucket] as number;
      const end = starts[bucket + 1] as number;
      // Three places are compared whatever bucket they are of, and what looks like a hit is judged again: branches that no miss takes.
      if (lows[start] !== low && lows[start + 1] !== low && lows[start + 2] !== low && end - start <= LOOK_AHEAD) continue;
      if (!holds(lows, start, end, low)) continue;
      if (found === hits.length) hits = grown(hits);
      hits[found] = i;
      found += 1;
    }
    return hits.slice(0, found);
  }

  /** No token, or one. */
  private hitsOfOneBucket({ hi, lo }: Prefixes): Uint32Array {
    const { layout: { n, f }, lows } = this;
    const inside = (high: number, i: number): boolean => n > 0 && lowOf(high, lo[i] as number, 0, f) === lows[0];
    return Uint32Array.from([...hi.keys()].filter((i) => inside(hi[i] as number, i)));
  }
}

function holds(lows: Uint32Array, start: number, end: number, low: number): boolean {
  for (let at = start; at < end; at += 1) if (lows[at] === low) return true;
  return false;
}

/** Exactly n ones and 2^h zeros, nothing after them. */
function readStarts(words: Uint32Array, { n, h }: SnapshotLayout): Uint32Array {
  const buckets = 2 ** h;
  const starts = new Uint32Array(buckets + 1);
  const bits = n + buckets;
  let [bucket, seen] = [0, 0];
  for (let bit = 0; bit < bits; bit += 1) {
    if (((words[bit >>> 5] as number) >>> (bit & 31)) & 1) {
      seen += 1;
    } else if (bucket < buckets) {
      bucket += 1;
      starts[bucket] = seen;
    }
  }
  if (seen !== n || bucket !== buckets) throw new CryptoInputError('snapshot upper bits');
  checkPadding(words, bits);
  return starts;
}

function readLows(bytes: Uint8Array, { n, f }: SnapshotLayout): Uint32Array {
  const words = wordsOf(bytes);
  checkPadding(words, n * f);
  const lows = new Uint32Array(n + LOOK_AHEAD);
  if (f === 32) {
    lows.set(words.subarray(0, n));
    return lows;
  }
  const mask = 2 ** f - 1;
  for (let i = 0; i < n; i += 1) {
    const bit = i * f;
    const [word, shift] = [Math.floor(bit / 32), bit % 32];
    const first = (words[word] as number) >>> shift;
    lows[i] = (shift + f > 32 ? first | ((words[word + 1] as number) << (32 - shift)) : first) & mask;
  }
  return lows;
}

/** One spelling for one set: lows ascend within their bucket. */
function checkOrder(starts: Uint32Array, lows: Uint32Array): void {
  for (let bucket = 0; bucket + 1 < starts.length; bucket += 1) {
    const end = starts[bucket + 1] as number;
    for (let at = (starts[bucket] as number) + 1; at < end; at += 1) {
      if ((lows[at - 1] as number) > (lows[at] as number)) throw new CryptoInputError('snapshot lower bits');
    }
  }
}

function checkPadding(words: Uint32Array, bits: number): void {
  const whole = Math.floor(bits / 32);
  for (let word = whole; word < words.length; word += 1) {
    const kept = word === whole ? bits % 32 : 0;
    if ((words[word] as number) >>> kept !== 0) throw new CryptoInputError('snapshot padding');
  }
}

/** Little-endian words; a view where the machine and the alignment allow one. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  if (LITTLE_ENDIAN && bytes.byteOffset % 4 === 0) return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(i * 4, true));
}

function grown(hits: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(hits.length * 2);
  larger.set(hits);
  return larger;
}
