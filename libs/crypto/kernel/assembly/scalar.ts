// Scalars mod l, the order of the group: Montgomery products with R = 2^261 over 9 limbs of 29 bits in 64-bit words. No branch and
// no address depends on a value; an inversion is a power with the fixed, public exponent l - 2.
import {
  ORDER, ORDER_MINUS_TWO, ORDER_NEGATIVE_INVERSE, ORDER_WORDS, RADIX_CUBED, RADIX_SQUARED, SCALAR_ONE,
} from './constants';
import { SCALARS } from './layout';

const LIMBS: usize = 9;
const MASK: u64 = 0x1fffffff;
/** Bytes of a scalar in limbs. */
export const SCALAR: usize = 72;

const A: usize = SCALARS, B: usize = SCALARS + 80, C: usize = SCALARS + 160, T: usize = SCALARS + 240, BYTES: usize = SCALARS + 400;

/** out = a * b / R mod l, below 2l for a below 2^261 and b below l. A column sums 18 products of 58 bits: below 2^63. */
export function montgomery(out: usize, a: usize, b: usize): void {
  memory.fill(T, 0, 80);
  for (let i: usize = 0; i < LIMBS; i++) {
    const digit = load<u64>(a + 8 * i);
    const m = ((load<u64>(T) + digit * load<u64>(b)) * ORDER_NEGATIVE_INVERSE) & MASK;
    let carry = (load<u64>(T) + digit * load<u64>(b) + m * load<u64>(ORDER)) >> 29;
    for (let j: usize = 1; j < LIMBS; j++) {
      store<u64>(T + 8 * j - 8, load<u64>(T + 8 * j) + digit * load<u64>(b + 8 * j) + m * load<u64>(ORDER + 8 * j) + carry);
      carry = 0;
    }
    store<u64>(T + 64, 0);
  }
  let carry: u64 = 0;
  for (let j: usize = 0; j < LIMBS; j++) {
    const sum = load<u64>(T + 8 * j) + carry;
    store<u64>(out + 8 * j, sum & MASK);
    carry = sum >> 29;
  }
}

function unpack(out: usize, bytes: usize, count: usize, from: usize): void {
  memory.fill(BYTES, 0, 80);
  memory.copy(BYTES, bytes, count);
  for (let j: usize = 0; j < LIMBS; j++) {
    const bit = from + 29 * j;
    store<u64>(out + 8 * j, (load<u64>(BYTES + (bit >> 3)) >> <u64>(bit & 7)) & MASK);
  }
}

/** Below 2l to canonical bytes. */
function pack(bytes: usize, a: usize): void {
  let borrow: i64 = 0;
  for (let j: usize = 0; j < LIMBS; j++) {
    const difference = load<i64>(a + 8 * j) - load<i64>(ORDER + 8 * j) + borrow;
    store<i64>(T + 8 * j, difference & MASK);
    borrow = difference >> 29;
  }
  for (let j: usize = 0; j < LIMBS; j++) store<i64>(T + 8 * j, (load<i64>(a + 8 * j) & borrow) | (load<i64>(T + 8 * j) & ~borrow));
  memory.fill(BYTES, 0, 40);
  for (let j: usize = 0; j < LIMBS; j++) {
    const bit = 29 * j;
    const at = BYTES + (bit >> 3);
    store<u64>(at, load<u64>(at) | (load<u64>(T + 8 * j) << <u64>(bit & 7)));
  }
  memory.copy(bytes, BYTES, 32);
}

/** Into the Montgomery domain. */
export function enter(out: usize, bytes: usize): void {
  unpack(out, bytes, 32, 0);
  montgomery(out, out, RADIX_SQUARED);
}

export function leave(bytes: usize, a: usize): void {
  montgomery(C, a, SCALAR_ONE);
  pack(bytes, C);
}

export function scalarMultiply(out: usize, a: usize, b: usize): void {
  enter(A, a);
  unpack(B, b, 32, 0);
  montgomery(C, A, B);
  pack(out, C);
}

/** a + b, or a - b = a + (l - b), for canonical a and b. */
export function scalarSum(out: usize, a: usize, b: usize, subtract: bool): void {
  unpack(A, a, 32, 0);
  unpack(B, b, 32, 0);
  let carry: i64 = 0;
  for (let j: usize = 0; j < LIMBS; j++) {
    const right = subtract ? load<i64>(ORDER + 8 * j) - load<i64>(B + 8 * j) : load<i64>(B + 8 * j);
    const sum = load<i64>(A + 8 * j) + right + carry;
    store<i64>(C + 8 * j, sum & MASK);
    carry = sum >> 29;
  }
  pack(out, C);
}

/** 64 bytes, little-endian, mod l: low 261 bits + high bits * R. */
export function scalarReduce(out: usize, wide: usize): void {
  unpack(A, wide, 64, 0);
  montgomery(A, A, RADIX_SQUARED);
  unpack(B, wide, 64, 261);
  montgomery(B, B, RADIX_CUBED);
  let carry: u64 = 0;
  for (let j: usize = 0; j < LIMBS; j++) {
    const sum = load<u64>(A + 8 * j) + load<u64>(B + 8 * j) + carry;
    store<u64>(A + 8 * j, sum & MASK);
    carry = sum >> 29;
  }
  leave(out, A);
}

/** a / 2 mod l. */
export function scalarHalve(out: usize, a: usize): void {
  const odd: u64 = 0 - (load<u64>(a) & 1);
  let carry: u64 = 0;
  for (let i: usize = 0; i < 32; i += 8) {
    const word = load<u64>(a + i), more = (load<u64>(ORDER_WORDS + i) & odd) + carry;
    const sum = word + more;
    carry = ((word & more) | ((word | more) & ~sum)) >> 63;
    store<u64>(T + i, sum);
  }
  for (let i: usize = 0; i < 24; i += 8) store<u64>(out + i, (load<u64>(T + i) >> 1) | (load<u64>(T + i + 8) << 63));
  store<u64>(out + 24, load<u64>(T + 24) >> 1);
}

const POWER: usize = SCALARS + 600;

/** In the Montgomery domain: out = a^(l - 2). */
function power(out: usize, a: usize): void {
  memory.copy(POWER, a, SCALAR);
  for (let bit: i32 = 251; bit >= 0; bit--) {
    montgomery(POWER, POWER, POWER);
    if (((load<u8>(ORDER_MINUS_TWO + <usize>(bit >> 3)) >> <u8>(bit & 7)) & 1) === 1) montgomery(POWER, POWER, a);
  }
  memory.copy(out, POWER, SCALAR);
}

const VALUE: usize = SCALARS + 700, RUNNING: usize = SCALARS + 800;

/** out[i] = 1 / scalars[i], all non-zero; `work` holds n scalars in limbs. Montgomery's trick: one power for all. */
export function scalarInvertEach(out: usize, scalars: usize, n: usize, work: usize): void {
  enter(work, scalars);
  for (let i: usize = 1; i < n; i++) {
    enter(VALUE, scalars + 32 * i);
    montgomery(work + SCALAR * i, work + SCALAR * (i - 1), VALUE);
  }
  power(RUNNING, work + SCALAR * (n - 1));
  for (let i = n - 1; i > 0; i--) {
    montgomery(VALUE, RUNNING, work + SCALAR * (i - 1));
    leave(BYTES + 80, VALUE);
    enter(VALUE, scalars + 32 * i);
    montgomery(RUNNING, RUNNING, VALUE);
    memory.copy(out + 32 * i, BYTES + 80, 32);
  }
  leave(out, RUNNING);
}
