import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { bucketOf, lowOf, type Prefixes, prefixesOf } from './prefixes.js';
import { Snapshot } from './snapshot.js';
import { encodeSnapshot, SnapshotEncoder } from './snapshot-encoder.js';
import { highBits, SNAPSHOT_HEADER_BYTES, SNAPSHOT_TOKENS_MAX, snapshotLayout } from './snapshot-layout.js';

const group = new Uint8Array(16).fill(7);
const header = (f = 32) => ({ epoch: 5, group, f });

/** Distinct pseudo-random 64-bit prefixes, ascending. */
function prefixes(n: number, seed: string): Prefixes {
  const bytes = new Uint8Array(n * 16);
  for (let i = 0; i < n; i += 4) bytes.set(createHash('sha512').update(`${seed} ${i}`).digest().subarray(0, Math.min(64, (n - i) * 16)), i * 16);
  const { hi, lo } = prefixesOf(bytes);
  return sorted(Array.from(hi, (high, i) => [high, lo[i]!] as const));
}
function sorted(pairs: readonly (readonly [number, number])[]): Prefixes {
  const ascending = [...pairs].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return { hi: Uint32Array.from(ascending, ([hi]) => hi), lo: Uint32Array.from(ascending, ([, lo]) => lo) };
}
const anyPair = fc.tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 0xffffffff }));
const anyWidth = fc.integer({ min: 1, max: 32 });
/** What a snapshot means, without its coding. */
const keyOf = (hi: number, lo: number, h: number, f: number): string => `${bucketOf(hi, h)} ${lowOf(hi, lo, h, f)}`;

describe('snapshot', () => {
  it('answers as the set of top h+f bits does, for any tokens, widths and queries', () => {
    fc.assert(fc.property(fc.array(anyPair, { maxLength: 200 }), anyWidth, fc.array(anyPair, { maxLength: 50 }), (pairs, f, foreign) => {
      const tokens = sorted(pairs);
      const sut = Snapshot.read(encodeSnapshot(header(f), tokens));
      const h = highBits(pairs.length);
      const inside = new Set(pairs.map(([hi, lo]) => keyOf(hi, lo, h, f)));
      const queries = sorted([...pairs, ...foreign]);
      const expected = [...queries.hi.keys()].filter((i) => inside.has(keyOf(queries.hi[i]!, queries.lo[i]!, h, f)));
      expect([...sut.hitsOf(queries)]).toEqual(expected);
      for (const [hi, lo] of pairs) expect(sut.has(hi, lo)).toBe(true);
      for (const [hi, lo] of foreign) expect(sut.has(hi, lo)).toBe(inside.has(keyOf(hi, lo, h, f)));
    }), { numRuns: 300 });
  });
  it('cuts a 64-bit prefix into bucket and low bits without loss', () => {
    fc.assert(fc.property(anyPair, fc.integer({ min: 0, max: 30 }), anyWidth, ([hi, lo], h, f) => {
      const whole = (BigInt(hi) << 32n) | BigInt(lo);
      expect(BigInt(bucketOf(hi, h))).toBe(whole >> BigInt(64 - h));
      expect(BigInt(lowOf(hi, lo, h, f))).toBe((whole >> BigInt(64 - h - f)) & ((1n << BigInt(f)) - 1n));
    }));
  });
  it('is the same whatever pieces its tokens came in, across the windows of the writer', () => {
    const tokens = prefixes(40_000, 'pieces');
    const whole = encodeSnapshot(header(), tokens);
    const out = new Uint8Array(whole.length);
    const encoder = new SnapshotEncoder({ ...header(), n: 40_000 }, (bytes, position) => out.set(bytes, position));
    for (let from = 0; from < 40_000; from += 3_333) encoder.push({ hi: tokens.hi.subarray(from, from + 3_333), lo: tokens.lo.subarray(from, from + 3_333) });
    expect(encoder.finish().bytes).toBe(whole.length);
    expect(Buffer.compare(out, whole)).toBe(0);
    expect(Snapshot.read(whole).hitsOf(tokens)).toHaveLength(40_000);
  });
  it('costs two bits a token beside the low bits, and names what it is of', () => {
    const sut = Snapshot.read(encodeSnapshot(header(), prefixes(16_384, 'size')));
    expect(sut.layout).toMatchObject({ epoch: 5, n: 16_384, h: 14, f: 32, group });
    expect((sut.layout.bytes * 8) / 16_384 - 32).toBeLessThan(2.05);
    const tenMillion = snapshotLayout({ ...header(), n: 10_000_000 });
    expect(tenMillion.bytes).toBe(42_298_608); // 33.8 bits a token
    expect((tenMillion.bytes * 8) / 10_000_000).toBeCloseTo(33.8, 1);
  });
  it('passes foreign tokens at the rate n / 2^(h+f), measured with f = 6 and f = 12', () => {
    const n = 20_000;
    const queries = 100_000;
    const [tokens, foreign] = [prefixes(n, 'rate'), prefixes(queries, 'foreign')];
    for (const f of [6, 12]) {
      const sut = Snapshot.read(encodeSnapshot(header(f), tokens));
      const expected = queries * (1 - (1 - 2 ** -f) ** (n / 2 ** sut.layout.h));
      expect(Math.abs(sut.hitsOf(foreign).length - expected)).toBeLessThan(6 * Math.sqrt(expected) + 1);
    }
    // With f = 32 the same formula gives 2.8e-10 at 10^7 tokens, 2.3e-10 at a power of two.
    expect(10_000_000 / 2 ** (highBits(10_000_000) + 32)).toBeCloseTo(2.78e-10, 12);
  });
  it('chooses h = round(log2 n) exactly', () => {
    expect([0, 1, 2, 3, 5, 6, 11, 12, 10_000_000, SNAPSHOT_TOKENS_MAX].map(highBits)).toEqual([0, 0, 1, 2, 2, 3, 3, 4, 23, 30]);
    expect([759_250_124, 759_250_125].map(highBits)).toEqual([29, 30]); // 2^29.5 = 759250124.99
  });
  it('refuses tokens out of order, one too many and one too few', () => {
    const tokens = prefixes(10, 'order');
    expect(() => encodeSnapshot(header(), { hi: tokens.hi.toReversed(), lo: tokens.lo.toReversed() })).toThrow('sorted');
    expect(() => new SnapshotEncoder({ ...header(), n: 9 }, () => undefined).push(tokens)).toThrow('more tokens');
    expect(() => new SnapshotEncoder({ ...header(), n: 9 }, () => undefined).finish()).toThrow('fewer tokens');
    for (const wrong of [{ n: -1 }, { n: SNAPSHOT_TOKENS_MAX + 1 }, { f: 0 }, { f: 33 }, { epoch: -1 }, { group: group.subarray(1) }]) {
      expect(() => snapshotLayout({ ...header(), n: 1, ...wrong })).toThrow('header');
    }
  });

  describe('read from strangers', () => {
    const good = encodeSnapshot(header(), prefixes(50, 'strict'));
    const changed = (at: number, value: number): Uint8Array => {
      const bytes = good.slice();
      bytes[at] = value;
      return bytes;
    };

    it('is read as fifty tokens or refused, whichever byte is changed', () => {
      fc.assert(fc.property(fc.integer({ min: 0, max: good.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, value) => {
        const bytes = changed(at, value);
        let sut: Snapshot;
        try {
          sut = Snapshot.read(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'BAD_INPUT' });
          return;
        }
        expect(sut.layout.n).toBe(50); // other low bits, another epoch or group
      }), { numRuns: 500 });
    });
    it('is refused when cut, longer, or with another count, width, version or reserved byte', () => {
      for (let n = 0; n < good.length; n += 1) expect(() => Snapshot.read(good.subarray(0, n))).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
      expect(() => Snapshot.read(new Uint8Array([...good, 0]))).toThrow();
      for (const [at, value] of [[0, 0], [4, 2], [5, 7], [6, 31], [7, 1], [12, 51], [15, 0xff]] as const) expect(() => Snapshot.read(changed(at, value))).toThrow();
    });
    it('is refused with other than n ones and 2^h zeros, with padding set, and with lows that do not ascend', () => {
      const { lowerAt, h } = snapshotLayout({ ...header(), n: 50 });
      const lastUpper = SNAPSHOT_HEADER_BYTES + Math.floor((50 + 2 ** h) / 8);
      expect(() => Snapshot.read(changed(SNAPSHOT_HEADER_BYTES, (good[SNAPSHOT_HEADER_BYTES] as number) ^ 1))).toThrow('upper');
      expect(() => Snapshot.read(changed(lastUpper, (good[lastUpper] as number) | 0x80))).toThrow('padding');
      expect(() => Snapshot.read(encodeSnapshot(header(3), prefixes(50, 'pad')).map((byte, at, all) => (at === all.length - 1 ? byte | 0x80 : byte)))).toThrow('padding');
      const twoInOneBucket = encodeSnapshot(header(), { hi: Uint32Array.of(0, 0, 0xffffffff, 0xffffffff), lo: Uint32Array.of(1, 2 ** 31, 0, 2 ** 31) });
      const swapped = twoInOneBucket.slice();
      const at = snapshotLayout({ ...header(), n: 4 }).lowerAt;
      swapped.set(twoInOneBucket.subarray(at, at + 4), at + 4);
      swapped.set(twoInOneBucket.subarray(at + 4, at + 8), at);
      expect(() => Snapshot.read(swapped)).toThrow('lower');
      expect(lowerAt).toBeGreaterThan(lastUpper);
    });
    it('reads bytes at any alignment', () => {
      const shifted = new Uint8Array(good.length + 1);
      shifted.set(good, 1);
      expect(Snapshot.read(shifted.subarray(1)).hitsOf(prefixes(50, 'strict'))).toHaveLength(50);
      expect(() => Snapshot.read(randomBytes(500))).toThrow();
    });
  });
});
