// Field elements mod p = 2^255 - 19, four at a time. Representation, bounds and why nothing overflows: docs/protocol/kernel.md.
// "1u" below is the size of a reduced element; sums of two are 2u; a product takes operands whose sizes multiply to 6u at most.
import { SQRT_M1 } from './constants';
import { FIELD, temporary } from './layout';
import { addToColumns, clearColumns, minus, plus, productColumns, reduce, squareColumns } from './product';

export { minus, plus } from './product';

export function multiply(out: usize, a: usize, b: usize): void {
  productColumns(a, b);
  reduce(out);
}

export function square(out: usize, a: usize): void {
  squareColumns(a, a);
  reduce(out);
}

/** out = a * q, q a small multiple of a (2a here): a square with a factor. */
export function squareOf(out: usize, a: usize, q: usize): void {
  squareColumns(a, q);
  reduce(out);
}

/** out = a, brought back to 1u. */
export function settle(out: usize, a: usize): void {
  clearColumns();
  addToColumns(a);
  reduce(out);
}

export function copy(out: usize, a: usize): void {
  memory.copy(out, a, FIELD);
}

export function negate(out: usize, a: usize): void {
  for (let k: usize = 0; k < FIELD; k += 16) v128.store(out + k, i16x8.neg(v128.load(a + k)));
}

/** Lane by lane: out = mask ? a : b. */
export function select(out: usize, a: usize, b: usize, mask: v128): void {
  for (let k: usize = 0; k < FIELD; k += 16) v128.store(out + k, v128.bitselect(v128.load(a + k), v128.load(b + k), mask));
}

/** Lane by lane: a = mask ? 0 : a. */
export function clearWhere(a: usize, mask: v128): void {
  for (let k: usize = 0; k < FIELD; k += 16) v128.store(a + k, v128.andnot(v128.load(a + k), mask));
}

/** Lane by lane: a = mask ? -a : a. */
export function negateWhere(a: usize, mask: v128): void {
  for (let k: usize = 0; k < FIELD; k += 16) v128.store(a + k, i16x8.sub(v128.xor(v128.load(a + k), mask), mask));
}

@inline function word(p: usize): i64 {
  return <i64>load<i16>(p) + (<i64>load<i16>(p, 2) << 13) + (<i64>load<i16>(p, 16) << 26) + (<i64>load<i16>(p, 18) << 39);
}

const BITS_52: i64 = 0xfffffffffffff;
const BITS_47: i64 = 0x7fffffffffff;

/** The canonical 32 bytes of one lane of a (up to 4u). 128p is added first, so that the value is positive. */
export function canonical(out: usize, a: usize, lane: usize): void {
  const p = a + (lane << 2);
  let w0 = word(p) - 2432, w1 = word(p + 32), w2 = word(p + 64), w3 = word(p + 96), w4 = word(p + 128) + ((<i64>1) << 54);
  w1 += w0 >> 52; w0 &= BITS_52; w2 += w1 >> 52; w1 &= BITS_52; w3 += w2 >> 52; w2 &= BITS_52; w4 += w3 >> 52; w3 &= BITS_52;
  w0 += 19 * (w4 >> 47); w4 &= BITS_47;
  w1 += w0 >> 52; w0 &= BITS_52; w2 += w1 >> 52; w1 &= BITS_52; w3 += w2 >> 52; w2 &= BITS_52; w4 += w3 >> 52; w3 &= BITS_52;
  // below 2p now: one more p goes exactly when adding 19 reaches bit 255
  const over = (w4 + ((w3 + ((w2 + ((w1 + ((w0 + 19) >> 52)) >> 52)) >> 52)) >> 52)) >> 47;
  w0 += 19 * over;
  w1 += w0 >> 52; w0 &= BITS_52; w2 += w1 >> 52; w1 &= BITS_52; w3 += w2 >> 52; w2 &= BITS_52; w4 += w3 >> 52; w3 &= BITS_52;
  w4 &= BITS_47;
  store<i64>(out, w0 | (w1 << 52));
  store<i64>(out, (w1 >> 12) | (w2 << 40), 8);
  store<i64>(out, (w2 >> 24) | (w3 << 28), 16);
  store<i64>(out, (w3 >> 36) | (w4 << 16), 24);
}

/** 32 bytes of canonical() for each lane. */
const BYTES = temporary(0);

/** Lanes whose canonical value is odd (RFC 9496 4.1, IS_NEGATIVE). */
export function negativeLanes(a: usize): v128 {
  for (let lane: usize = 0; lane < 4; lane++) canonical(BYTES + lane * 32, a, lane);
  return i32x4.neg(v128.and(i32x4.splat(1), lanesOf(BYTES, 32)));
}

/** Lanes whose value is 0. */
export function zeroLanes(a: usize): v128 {
  for (let lane: usize = 0; lane < 4; lane++) {
    const at = BYTES + lane * 32;
    canonical(at, a, lane);
    const bits = load<i64>(at) | load<i64>(at, 8) | load<i64>(at, 16) | load<i64>(at, 24);
    store<i64>(at, bits | (bits >>> 32));
  }
  return i32x4.eq(lanesOf(BYTES, 32), i32x4.splat(0));
}

/** Four 32-bit words, `stride` bytes apart, as lanes. */
@inline export function lanesOf(at: usize, stride: usize): v128 {
  let lanes = v128.load32_zero(at);
  lanes = v128.load_lane<i32>(at + stride, lanes, 1);
  lanes = v128.load_lane<i32>(at + 2 * stride, lanes, 2);
  return v128.load_lane<i32>(at + 3 * stride, lanes, 3);
}

/** a = |a|, the non-negative one of a and -a. */
export function absolute(a: usize): void {
  negateWhere(a, negativeLanes(a));
}

/** One lane of out from 32 little-endian bytes, bit 255 ignored; limbs 0 to 8191, so 2u until settled. */
export function fromBytes(out: usize, bytes: usize, lane: usize): void {
  const p = out + (lane << 2);
  for (let i: usize = 0; i < 20; i++) {
    const bit = <u32>(13 * i);
    // the last limb has 8 bits; a load of 4 bytes at byte 28 covers it
    const byte = min<u32>(bit >> 3, 28);
    const limb = (load<u32>(bytes + byte) >> (bit - (byte << 3))) & (i === 19 ? 0xff : 0x1fff);
    store<u16>(p + ((i >> 1) << 4) + ((i & 1) << 1), <u16>limb);
  }
}

function squareTimes(out: usize, a: usize, times: i32): void {
  square(out, a);
  for (let i = 1; i < times; i++) square(out, out);
}

const U = temporary(1), V = temporary(2), W = temporary(3), X = temporary(4);

/** U = a^(2^250 - 1), V = a^11, the common stem of the two powers. */
function stem(a: usize): void {
  square(U, a);                                     // 2
  squareTimes(W, U, 2);                             // 8
  multiply(W, W, a);                                // 9
  multiply(V, U, W);                                // 11
  square(U, V);                                     // 22
  multiply(U, U, W);                                // 2^5 - 1
  squareTimes(W, U, 5); multiply(U, W, U);          // 2^10 - 1
  squareTimes(W, U, 10); multiply(W, W, U);         // 2^20 - 1
  squareTimes(X, W, 20); multiply(W, X, W);         // 2^40 - 1
  squareTimes(W, W, 10); multiply(U, W, U);         // 2^50 - 1
  squareTimes(W, U, 50); multiply(W, W, U);         // 2^100 - 1
  squareTimes(X, W, 100); multiply(W, X, W);        // 2^200 - 1
  squareTimes(W, W, 50); multiply(U, W, U);         // 2^250 - 1
}

/** out = a^-1 = a^(2^255 - 21); 0 for 0. */
export function invert(out: usize, a: usize): void {
  stem(a);
  squareTimes(U, U, 5);
  multiply(out, U, V);
}

/** out = a^((p - 5) / 8) = a^(2^252 - 3). */
function powerForRoot(out: usize, a: usize): void {
  stem(a);
  squareTimes(U, U, 2);
  multiply(out, U, a);
}

const V3 = temporary(5), R = temporary(6), CHECK = temporary(7), OTHER = temporary(8);

/**
 * RFC 9496 4.2 SQRT_RATIO_M1: out = the non-negative root of u/v or of SQRT_M1*u/v.
 * @returns lanes where u/v was a square. u and v up to 2u.
 */
export function rootOfRatio(out: usize, u: usize, v: usize): v128 {
  square(V3, v);
  multiply(V3, V3, v);
  square(R, V3);
  multiply(R, R, v);
  multiply(R, R, u);
  powerForRoot(R, R);
  multiply(R, R, V3);
  multiply(R, R, u);
  square(CHECK, R);
  multiply(CHECK, CHECK, v);
  minus(OTHER, CHECK, u);
  const correct = zeroLanes(OTHER);
  plus(OTHER, CHECK, u);
  const flipped = zeroLanes(OTHER);
  multiply(OTHER, u, SQRT_M1);
  plus(OTHER, CHECK, OTHER);
  const flippedByI = zeroLanes(OTHER);
  multiply(CHECK, R, SQRT_M1);
  select(out, CHECK, R, v128.or(flipped, flippedByI));
  absolute(out);
  return v128.or(correct, flipped);
}
