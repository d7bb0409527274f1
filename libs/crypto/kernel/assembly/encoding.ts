// ristretto255 (RFC 9496): encodings, the one-way map, and the encoding of doubled points with one shared inversion.
import {
  D, D_MINUS_ONE_SQUARED, INVSQRT_A_MINUS_D, ONE, ONE_MINUS_D_SQUARED, SQRT_AD_MINUS_ONE, SQRT_M1,
} from './constants';
import {
  absolute, canonical, clearWhere, copy, fromBytes, invert, multiply, negate, negateWhere, negativeLanes, rootOfRatio, select, settle, square, zeroLanes,
} from './field';
import { CHUNK_FIELDS, CHUNK_FIELD_STRIDE, FIELD, POINT, temporary } from './layout';
import { addCached, cache } from './point';
import { minus, plus } from './product';

const S = temporary(23), SS = temporary(24), U1 = temporary(25), U2 = temporary(26), U22 = temporary(27), W = temporary(28), ROOT = temporary(29);
const DX = temporary(30), DY = temporary(31), N = temporary(32);

/** Whether 32 bytes are below p, even and not all zero: what a string must be before arithmetic can refuse it. Public data. */
function canonicalBytes(at: usize): bool {
  const low = load<u64>(at), a = load<u64>(at, 8), b = load<u64>(at, 16), high = load<u64>(at, 24);
  if ((low & 1) !== 0 || high >>> 63 !== 0 || (low | a | b | high) === 0) return false;
  return !(high === 0x7fffffffffffffff && (a & b) === 0xffffffffffffffff && low >= 0xffffffffffffffed);
}

/**
 * RFC 9496 4.3.1 for `lanes` strings of 32 bytes; further lanes repeat the last one. Public data.
 * @returns the first lane that is refused (not canonical, no point, the identity), or -1
 */
export function decode(out: usize, bytes: usize, lanes: usize): i32 {
  let refused: i32 = -1;
  for (let lane: usize = 0; lane < 4; lane++) {
    const at = bytes + min(lane, lanes - 1) * 32;
    if (refused < 0 && !canonicalBytes(at)) refused = <i32>lane;
    fromBytes(S, at, lane);
  }
  settle(S, S);
  square(SS, S);
  minus(U1, ONE, SS);                               // 2u
  plus(U2, ONE, SS);                                // 2u
  square(U22, U2);
  square(W, U1);
  multiply(W, W, D);
  plus(W, W, U22);
  negate(W, W);                                     // v = -(D u1^2) - u2^2, 2u
  multiply(N, W, U22);
  const root = rootOfRatio(ROOT, ONE, N);
  multiply(DX, ROOT, U2);
  multiply(DY, ROOT, DX);
  multiply(DY, DY, W);
  multiply(DX, DX, S);
  plus(out, DX, DX);                                // 2u
  settle(out, out);
  absolute(out);
  multiply(out + FIELD, U1, DY);
  copy(out + 2 * FIELD, ONE);
  multiply(out + 3 * FIELD, out, out + FIELD);
  const bad = v128.or(v128.not(root), v128.or(negativeLanes(out + 3 * FIELD), zeroLanes(out + FIELD)));
  const map = i32x4.bitmask(bad);
  if (map === 0) return refused;
  const wrong = ctz(map);
  if (wrong >= <i32>lanes) return refused;
  return refused < 0 ? wrong : min(refused, wrong);
}

/** RFC 9496 4.3.2: four encodings of 32 bytes; p's lanes may be any representative. */
export function encode(bytes: usize, p: usize): void {
  plus(U1, p + 2 * FIELD, p + FIELD);
  minus(W, p + 2 * FIELD, p + FIELD);
  multiply(U1, U1, W);
  multiply(U2, p, p + FIELD);
  square(W, U2);
  multiply(W, W, U1);
  rootOfRatio(ROOT, ONE, W);
  multiply(DX, ROOT, U1);                           // den1
  multiply(DY, ROOT, U2);                           // den2
  multiply(N, DX, DY);
  multiply(N, N, p + 3 * FIELD);                    // z_inv
  multiply(SS, p, SQRT_M1);                         // ix
  multiply(S, p + FIELD, SQRT_M1);                  // iy
  multiply(DX, DX, INVSQRT_A_MINUS_D);              // enchanted denominator
  multiply(U22, p + 3 * FIELD, N);
  const rotate = negativeLanes(U22);
  select(S, S, p, rotate);                          // x
  select(SS, SS, p + FIELD, rotate);                // y
  select(DX, DX, DY, rotate);                       // den_inv
  multiply(U22, S, N);
  negateWhere(SS, negativeLanes(U22));
  minus(W, p + 2 * FIELD, SS);
  multiply(W, W, DX);
  absolute(W);
  for (let lane: usize = 0; lane < 4; lane++) canonical(bytes + lane * 32, W, lane);
}

/** RFC 9496 4.3.4 MAP: one point for each lane of T (1u). No branch: the input may be private. */
function mapToPoint(out: usize, t: usize): void {
  square(SS, t);
  multiply(SS, SS, SQRT_M1);                        // r
  plus(U1, SS, ONE);
  multiply(U1, U1, ONE_MINUS_D_SQUARED);            // u
  multiply(W, SS, D);
  plus(W, W, ONE);
  negate(W, W);                                     // -1 - r D, 2u
  plus(U2, SS, D);                                  // 2u
  multiply(U2, U2, W);                              // v
  const wasSquare = rootOfRatio(ROOT, U1, U2);
  multiply(W, ROOT, t);
  absolute(W);
  negate(W, W);                                     // -|s t|
  select(ROOT, ROOT, W, wasSquare);                 // s
  negate(W, ONE);
  select(W, W, SS, wasSquare);                      // c
  minus(SS, SS, ONE);
  multiply(W, W, SS);
  multiply(W, W, D_MINUS_ONE_SQUARED);
  minus(W, W, U2);                                  // N, 2u
  multiply(U2, ROOT, U2);
  plus(U2, U2, U2);                                 // w0 = 2 s v, 2u
  multiply(U1, W, SQRT_AD_MINUS_ONE);               // w1
  square(SS, ROOT);
  minus(W, ONE, SS);                                // w2
  plus(SS, ONE, SS);                                // w3
  multiply(out, U2, SS);
  multiply(out + FIELD, W, U1);
  multiply(out + 2 * FIELD, U1, SS);
  multiply(out + 3 * FIELD, U2, W);
}

const HASHED = temporary(33), OTHER = temporary(34), CACHED = temporary(38);  // OTHER to 37, CACHED to 41

/** RFC 9496 4.3.4: 64 uniform bytes a lane; further lanes repeat the last one. */
export function fromUniform(out: usize, bytes: usize, lanes: usize): void {
  for (let half: usize = 0; half < 2; half++) {
    for (let lane: usize = 0; lane < 4; lane++) fromBytes(HASHED, bytes + min(lane, lanes - 1) * 64 + half * 32, lane);
    settle(HASHED, HASHED);
    mapToPoint(half === 0 ? out : OTHER, HASHED);
  }
  cache(CACHED, OTHER);
  addCached(out, out, CACHED, true);
}

@inline function stored(which: usize, i: usize): usize { return CHUNK_FIELDS + which * CHUNK_FIELD_STRIDE + i * FIELD; }

/**
 * bytes[i] = the encodings of 2 * points[i], `quads` (at most CHUNK) points of four lanes, one inversion for all. The doubling needs no
 * sum of its own: with e = 2XY, f = Z^2 + dT^2, g = Y^2 + X^2, h = Z^2 - dT^2 the double is (ef : gh : fh), and both
 * inverses that the encoding wants follow from that of efgh. A lane whose double is the identity (efgh = 0) gives 32 zero bytes.
 */
export function encodeDoubles(bytes: usize, points: usize, quads: usize): void {
  for (let i: usize = 0; i < quads; i++) prepareDouble(points + i * POINT, i);
  copy(stored(7, 0), stored(6, 0));
  for (let i: usize = 1; i < quads; i++) multiply(stored(7, i), stored(7, i - 1), stored(6, i));
  invert(N, stored(7, quads - 1));
  for (let i: usize = quads - 1; i > 0; i--) {
    multiply(stored(7, i), N, stored(7, i - 1));    // 1/efgh of point i
    multiply(N, N, stored(6, i));
  }
  copy(stored(7, 0), N);
  for (let i: usize = 0; i < quads; i++) finishDouble(bytes + i * 128, i);
}

/** Fields 0 to 6 of point i: e, f, g, h, eg, fh, and efgh with 1 in the place of 0. */
function prepareDouble(p: usize, i: usize): void {
  multiply(U1, p, p + FIELD);
  plus(stored(0, i), U1, U1);                       // e, 2u
  square(U1, p + 2 * FIELD);
  square(U2, p + 3 * FIELD);
  multiply(U2, U2, D);
  plus(stored(1, i), U1, U2);                       // f, 2u
  minus(stored(3, i), U1, U2);                      // h, 2u
  square(U1, p);
  square(U2, p + FIELD);
  plus(stored(2, i), U1, U2);                       // g, 2u
  multiply(stored(4, i), stored(0, i), stored(2, i));
  multiply(stored(5, i), stored(1, i), stored(3, i));
  multiply(U1, stored(4, i), stored(5, i));
  const none = zeroLanes(U1);
  select(stored(6, i), ONE, U1, none);
  clearWhere(stored(5, i), none);                   // makes 1/T, and with it the encoding, 0
}

function finishDouble(bytes: usize, i: usize): void {
  multiply(U1, stored(4, i), stored(7, i));         // 1/fh = 1/Z
  multiply(U2, stored(5, i), stored(7, i));         // 1/eg = 1/T
  multiply(W, stored(4, i), U1);                    // T/Z
  const rotate = negativeLanes(W);
  negate(W, stored(0, i));
  select(S, stored(2, i), stored(0, i), rotate);    // e
  select(SS, W, stored(2, i), rotate);              // g
  multiply(W, stored(1, i), SQRT_M1);
  select(DX, W, stored(3, i), rotate);              // h
  select(DY, SQRT_M1, INVSQRT_A_MINUS_D, rotate);
  multiply(W, DX, S);
  multiply(W, W, U1);
  negateWhere(SS, negativeLanes(W));
  multiply(W, SS, U2);
  multiply(W, W, DY);
  minus(U1, DX, SS);                                // 4u
  multiply(W, U1, W);
  absolute(W);
  for (let lane: usize = 0; lane < 4; lane++) canonical(bytes + lane * 32, W, lane);
}
