// Multiples of points. Signed windows of four bits; a table entry is taken by reading all of them under masks, so that neither a
// branch nor an address depends on a digit. The same code serves public scalars.
import { HALF, ONE, TWO } from './constants';
import { ENTRY_BYTES, FIELD, POINT, TABLE, temporary } from './layout';
import { addAffine, addCached, cache, double, neutral } from './point';
import { copy } from './field';

/** 64 digits of [-8, 8], for four scalars of 32 bytes below 2^253; `step` 0 takes one scalar for all lanes. */
export function recode(digits: usize, scalars: usize, step: usize): void {
  for (let lane: usize = 0; lane < 4; lane++) {
    const scalar = scalars + lane * step;
    let carry: i32 = 0;
    for (let i: usize = 0; i < 64; i++) {
      const nibble = <i32>((load<u8>(scalar + (i >> 1)) >> <u8>((i & 1) << 2)) & 15) + carry;
      carry = i < 63 ? (nibble + 8) >> 4 : 0;
      store<i32>(digits + 16 * i + 4 * lane, nibble - (carry << 4));
    }
  }
}

/** table = 1p to 8p, cached. */
export function multiplesOf(table: usize, p: usize): void {
  cache(table, p);
  double(MULTIPLE, p, true);
  cache(table + POINT, MULTIPLE);
  for (let j: usize = 2; j < 8; j++) {
    addCached(MULTIPLE, MULTIPLE, table, true);
    cache(table + j * POINT, MULTIPLE);
  }
}

const MULTIPLE = temporary(42);                     // to 45
const ENTRY = temporary(33);                        // to 36

/** ENTRY = digit * P from a table of multiples, lane by lane. */
function selectCached(table: usize, digit: v128): void {
  const sign = i32x4.shr_s(digit, 31), size = i32x4.sub(v128.xor(digit, sign), sign);
  const m0 = i32x4.eq(size, i32x4.splat(0)), m1 = i32x4.eq(size, i32x4.splat(1)), m2 = i32x4.eq(size, i32x4.splat(2));
  const m3 = i32x4.eq(size, i32x4.splat(3)), m4 = i32x4.eq(size, i32x4.splat(4)), m5 = i32x4.eq(size, i32x4.splat(5));
  const m6 = i32x4.eq(size, i32x4.splat(6)), m7 = i32x4.eq(size, i32x4.splat(7)), m8 = i32x4.eq(size, i32x4.splat(8));
  for (let k: usize = 0; k < POINT; k += 16) {
    const t = table + k;
    let word = v128.or(v128.and(v128.load(t), m1), v128.and(v128.load(t, 640), m2));
    word = v128.or(word, v128.or(v128.and(v128.load(t, 1280), m3), v128.and(v128.load(t, 1920), m4)));
    word = v128.or(word, v128.or(v128.and(v128.load(t, 2560), m5), v128.and(v128.load(t, 3200), m6)));
    word = v128.or(word, v128.or(v128.and(v128.load(t, 3840), m7), v128.and(v128.load(t, 4480), m8)));
    v128.store(ENTRY + k, word);
  }
  for (let k: usize = 0; k < FIELD; k += 16) {
    const neutralSum = v128.and(v128.load(ONE + k), m0);
    const sum = v128.or(v128.load(ENTRY + k), neutralSum), difference = v128.or(v128.load(ENTRY + k, 160), neutralSum);
    const exchange = v128.and(v128.xor(sum, difference), sign);
    v128.store(ENTRY + k, v128.xor(sum, exchange));
    v128.store(ENTRY + k, v128.xor(difference, exchange), 160);
    v128.store(ENTRY + k, v128.or(v128.load(ENTRY + k, 320), v128.and(v128.load(TWO + k), m0)), 320);
    v128.store(ENTRY + k, i16x8.sub(v128.xor(v128.load(ENTRY + k, 480), sign), sign), 480);
  }
}

/** out = the multiple of p that the digits name. */
export function multiple(out: usize, p: usize, digits: usize): void {
  multiplesOf(TABLE, p);
  neutral(out);
  for (let i: i32 = 63; i >= 0; i--) {
    if (i < 63) for (let j = 0; j < 4; j++) double(out, out, j === 3);
    selectCached(TABLE, v128.load(digits + 16 * <usize>i));
    addCached(out, out, ENTRY, i === 0);
  }
}

/** sum += the multiples of each of `quads` tables by its digits (64 a table); `windows` from below are not zero. */
export function sumOfMultiples(sum: usize, tables: usize, digits: usize, quads: usize, windows: i32): void {
  neutral(sum);
  for (let i = windows - 1; i >= 0; i--) {
    if (i < windows - 1) for (let j = 0; j < 4; j++) double(sum, sum, j === 3);
    for (let q: usize = 0; q < quads; q++) {
      selectCached(tables + q * 8 * POINT, v128.load(digits + q * 1024 + 16 * <usize>i));
      addCached(sum, sum, ENTRY, true);
    }
  }
}

/** ENTRY = digit * 16^w * P from the entries of one window, the same for all lanes; affine and halved. */
function selectAffine(entries: usize, digit: v128): void {
  const sign = i32x4.shr_s(digit, 31), size = i32x4.sub(v128.xor(digit, sign), sign);
  const m0 = i32x4.eq(size, i32x4.splat(0)), m1 = i32x4.eq(size, i32x4.splat(1)), m2 = i32x4.eq(size, i32x4.splat(2));
  const m3 = i32x4.eq(size, i32x4.splat(3)), m4 = i32x4.eq(size, i32x4.splat(4)), m5 = i32x4.eq(size, i32x4.splat(5));
  const m6 = i32x4.eq(size, i32x4.splat(6)), m7 = i32x4.eq(size, i32x4.splat(7)), m8 = i32x4.eq(size, i32x4.splat(8));
  for (let k: usize = 0; k < 30; k++) {
    const t = entries + 4 * k;
    let word = v128.or(v128.and(v128.load32_splat(t), m1), v128.and(v128.load32_splat(t, 120), m2));
    word = v128.or(word, v128.or(v128.and(v128.load32_splat(t, 240), m3), v128.and(v128.load32_splat(t, 360), m4)));
    word = v128.or(word, v128.or(v128.and(v128.load32_splat(t, 480), m5), v128.and(v128.load32_splat(t, 600), m6)));
    word = v128.or(word, v128.or(v128.and(v128.load32_splat(t, 720), m7), v128.and(v128.load32_splat(t, 840), m8)));
    v128.store(ENTRY + 16 * k, word);
  }
  for (let k: usize = 0; k < FIELD; k += 16) {
    const neutralSum = v128.and(v128.load(HALF + k), m0);
    const sum = v128.or(v128.load(ENTRY + k), neutralSum), difference = v128.or(v128.load(ENTRY + k, 160), neutralSum);
    const exchange = v128.and(v128.xor(sum, difference), sign);
    v128.store(ENTRY + k, v128.xor(sum, exchange));
    v128.store(ENTRY + k, v128.xor(difference, exchange), 160);
    v128.store(ENTRY + k, i16x8.sub(v128.xor(v128.load(ENTRY + k, 320), sign), sign), 320);
  }
}

/** out += the multiple of the table's point that the digits name. */
export function addFixedMultiple(out: usize, table: usize, digits: usize): void {
  for (let i: usize = 0; i < 64; i++) {
    selectAffine(table + i * 8 * ENTRY_BYTES, v128.load(digits + 16 * i));
    addAffine(out, out, ENTRY);
  }
}

export function copyPoint(out: usize, p: usize): void {
  for (let k: usize = 0; k < POINT; k += FIELD) copy(out + k, p + k);
}
