/**
 * The kernel's field arithmetic against BigInt, at the limits that docs/protocol/kernel.md proves: limbs of the largest size that an
 * operand may have, of either sign, in every lane. A carry that is lost or an accumulator that overflows shows here.
 */
import { createHash } from 'node:crypto';
import { type KernelExports, loadKernel } from './kernel.arena.js';

const P = 2n ** 255n - 19n;
const LIMBS = 20;
/** Sizes of a reduced element, limb by limb: 1u. */
const UNIT = Array.from({ length: LIMBS }, (_, i) => (i === 0 ? 4096 + 608 : i === 10 ? 4097 : 4096));
const mod = (value: bigint): bigint => ((value % P) + P) % P;
const valueOf = (limbs: readonly number[]): bigint => limbs.reduceRight((sum, limb) => (sum << 13n) + BigInt(limb), 0n);

/** Bytes that look random and are the same at every run. */
function* stream(seed: string): Generator<number, never> {
  for (let block = 0; ; block += 1) yield* createHash('sha512').update(`${seed} ${block}`).digest();
}
const times = (factor: number, sign: (i: number) => number): number[] => UNIT.map((unit, i) => factor * unit * sign(i));

/** Patterns of limbs up to `factor` u. */
function* extremes(factor: number, count: number, seed: string): Generator<number[]> {
  yield times(factor, () => 1);
  yield times(factor, () => -1);
  yield times(factor, (i) => (i % 2 === 0 ? 1 : -1));
  yield times(factor, (i) => (i % 2 === 0 ? -1 : 1));
  for (let at = 0; at < LIMBS; at += 1) {
    yield times(factor, (i) => (i === at ? 1 : 0));
    yield times(factor, (i) => (i === at ? -1 : 0));
    yield times(factor, (i) => (i >= at ? 1 : -1));
  }
  const chance = stream(seed);
  for (let n = 0; n < count; n += 1) {
    yield UNIT.map((unit) => {
      const draw = chance.next().value;
      const size = factor * unit;
      if (draw < 80) return size;
      if (draw < 160) return -size;
      return ((chance.next().value * 256 + chance.next().value) % (2 * size + 1)) - size;
    });
  }
}

describe('the field of the kernel', () => {
  let kernel: KernelExports;
  let at: { a: number; b: number; out: number };
  beforeAll(async () => {
    kernel = await loadKernel();
    const heap = kernel.heapStart();
    at = { a: heap, b: heap + 160, out: heap + 320 };
  });
  const view = (): DataView => new DataView(kernel.memory.buffer);
  const place = (pointer: number, lane: number, i: number): number => pointer + 16 * (i >> 1) + 4 * lane + 2 * (i & 1);
  const write = (pointer: number, lane: number, limbs: readonly number[]): void => limbs.forEach((limb, i) => view().setInt16(place(pointer, lane, i), limb, true));
  const read = (pointer: number, lane: number): number[] => UNIT.map((_, i) => view().getInt16(place(pointer, lane, i), true));
  const isReduced = (limbs: readonly number[], value: bigint): boolean => (
    mod(valueOf(limbs) - value) === 0n && limbs.every((limb, i) => Math.abs(limb) <= (UNIT[i] as number)));
  /** Rows of operands for which the result is wrong or not 1u; run over quads, each lane another row. */
  const wrongRows = (rows: number[][][], run: () => void, expected: (row: number[][]) => bigint): number[][][] => {
    const wrong: number[][][] = [];
    for (let from = 0; from < rows.length; from += 4) {
      const quad = [0, 1, 2, 3].map((lane) => rows[Math.min(from + lane, rows.length - 1)] as number[][]);
      quad.forEach((row, lane) => row.forEach((limbs, operand) => write(operand === 0 ? at.a : at.b, lane, limbs)));
      run();
      quad.forEach((row, lane) => { if (!isReduced(read(at.out, lane), expected(row))) wrong.push(row); });
    }
    return wrong;
  };
  const products = (left: number, right: number): number[][][] => {
    const rows = [...extremes(left, 60, `l${left}`)].flatMap((a, i) => [...extremes(right, 4, `r${right} ${i}`)].filter((_, j) => (i + j) % 9 === 0).map((b) => [a, b]));
    rows.push(...[1, -1].flatMap((s) => [1, -1].map((t) => [times(left, () => s), times(right, () => t)])));
    return wrongRows(rows, () => kernel.fieldMultiply(at.out, at.a, at.b), ([a, b]) => valueOf(a as number[]) * valueOf(b as number[]));
  };

  it.each([[1, 1], [2, 2], [3, 2], [2, 3], [4, 1], [1, 6], [6, 1]])('multiplies limbs of %d u by limbs of %d u', (left, right) => {
    expect(products(left, right)).toEqual([]);
  });

  it('overflows beyond what the formulas use: the limits above are near the true ones', () => expect(products(3, 3)).not.toEqual([]));

  it.each([1, 2])('squares limbs of %d u', (size) => {
    expect(wrongRows([...extremes(size, 300, `s${size}`)].map((a) => [a]), () => kernel.fieldSquare(at.out, at.a), ([a]) => valueOf(a as number[]) ** 2n)).toEqual([]);
  });

  it('squares with a factor of two', () => {
    const rows = [...extremes(1, 300, 'double')].map((a) => [a, a.map((limb) => 2 * limb)]);
    expect(wrongRows(rows, () => kernel.fieldSquareOf(at.out, at.a, at.b), ([a]) => 2n * valueOf(a as number[]) ** 2n)).toEqual([]);
  });

  it('settles sums of up to 6 u', () => {
    expect(wrongRows([...extremes(6, 300, 'settle')].map((a) => [a]), () => kernel.fieldSettle(at.out, at.a), ([a]) => valueOf(a as number[]))).toEqual([]);
  });

  it('gives the one canonical encoding of every representation', () => {
    const edges = [0n, 1n, 2n, 18n, 19n, 20n, P - 1n, P, P + 1n, P + 18n, 2n ** 255n - 1n, 2n ** 255n, 2n * P - 1n, 2n * P, 2n * P + 1n, -1n, -19n, -P, 1n - 2n * P, 2n ** 259n - 1n, -(2n ** 258n)];
    const balanced = (value: bigint): number[] => {
      let rest = value;
      return UNIT.map((_, i) => {
        const digit = i === LIMBS - 1 ? rest : ((rest + 4096n) & 8191n) - 4096n;
        rest = (rest - digit) >> 13n;
        return Number(digit);
      });
    };
    /** The same value written otherwise: 8192 moved between neighbours. */
    const redundant = (limbs: number[], n: number): number[] => limbs.map((limb, i) => limb + (i < 19 && (i + n) % 3 === 0 ? 8192 : 0) - (i > 0 && (i - 1 + n) % 3 === 0 ? 1 : 0));
    for (const edge of edges) for (const limbs of [balanced(edge), redundant(balanced(edge), 0), redundant(balanced(edge), 1)]) {
      expect(valueOf(limbs)).toBe(edge);
      write(at.a, 2, limbs);
      kernel.fieldCanonical(at.out, at.a, 2);
      const bytes = new Uint8Array(kernel.memory.buffer).slice(at.out, at.out + 32);
      expect(BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)).toBe(mod(edge));
    }
    for (const size of [1, 2, 4]) for (const limbs of extremes(size, 200, `canonical ${size}`)) {
      write(at.a, 1, limbs);
      kernel.fieldCanonical(at.out, at.a, 1);
      const bytes = new Uint8Array(kernel.memory.buffer).slice(at.out, at.out + 32);
      expect(BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)).toBe(mod(valueOf(limbs)));
    }
  });

  it('reads 32 bytes without bit 255', () => {
    const chance = stream('bytes');
    const samples = [new Uint8Array(32), new Uint8Array(32).fill(255), ...Array.from({ length: 300 }, () => Uint8Array.from({ length: 32 }, () => chance.next().value))];
    samples.forEach((bytes, n) => {
      new Uint8Array(kernel.memory.buffer).set(bytes, at.b);
      kernel.fieldFromBytes(at.a, at.b, n % 4);
      expect(valueOf(read(at.a, n % 4))).toBe(BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`) & (2n ** 255n - 1n));
    });
  });
});
