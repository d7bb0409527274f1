// Points of edwards25519 (a = -1), four at a time, in extended coordinates X, Y, Z, T with T = XY/Z. The formulas are Hisil, Wong,
// Carter, Dawson 2008 (complete for this curve): no case distinction, hence no branch on what a point is.
// Sizes: coordinates are 1u; what a line makes stands behind it.
import { D_TWICE, ONE } from './constants';
import { copy, multiply, square, squareOf } from './field';
import { FIELD, POINT, temporary } from './layout';
import { plus, sumAndDifference, twiceAndOpposite } from './product';

const A = temporary(9), B = temporary(10), E = temporary(11), F = temporary(12), G = temporary(13), H = temporary(14);

/** out = the neutral element in each lane. */
export function neutral(out: usize): void {
  memory.fill(out, 0, POINT);
  copy(out + FIELD, ONE);
  copy(out + 2 * FIELD, ONE);
}

/** out = 2p. T is computed when `extended`; the next doubling does not read it. */
export function double(out: usize, p: usize, extended: bool): void {
  twiceAndOpposite(G, H, p + 2 * FIELD, p + FIELD); // 2Z, -2Y: 2u
  multiply(E, p, H);                                // -2XY
  squareOf(F, p + 2 * FIELD, G);                    // 2Z^2
  square(A, p);                                     // X^2
  square(B, p + FIELD);                             // Y^2
  sumAndDifference(H, G, A, B);                     // 2u
  plus(F, F, G);                                    // 3u
  multiply(out, E, F);
  multiply(out + FIELD, G, H);
  multiply(out + 2 * FIELD, F, G);                  // 6u: the largest product there is
  if (extended) multiply(out + 3 * FIELD, E, H);
}

/** cached = Y+X (2u), Y-X (2u), 2Z (2u), 2dT (1u). */
export function cache(cached: usize, p: usize): void {
  sumAndDifference(cached, cached + FIELD, p + FIELD, p);
  plus(cached + 2 * FIELD, p + 2 * FIELD, p + 2 * FIELD);
  multiply(cached + 3 * FIELD, p + 3 * FIELD, D_TWICE);
}

/** out = p + q, q cached. */
export function addCached(out: usize, p: usize, q: usize, extended: bool): void {
  sumAndDifference(H, G, p + FIELD, p);             // 2u
  multiply(A, G, q + FIELD);                        // (Y1 - X1)(Y2 - X2)
  multiply(B, H, q);                                // (Y1 + X1)(Y2 + X2)
  multiply(G, p + 3 * FIELD, q + 3 * FIELD);        // 2d T1 T2
  multiply(H, p + 2 * FIELD, q + 2 * FIELD);        // 2 Z1 Z2
  sumAndDifference(G, F, H, G);                     // 2u
  sumAndDifference(H, E, B, A);                     // 2u
  multiply(out, E, F);
  multiply(out + FIELD, G, H);
  multiply(out + 2 * FIELD, F, G);
  if (extended) multiply(out + 3 * FIELD, E, H);
}

/** out = p + q, q affine and halved: (y+x)/2, (y-x)/2, dxy, each 1u. Everything is half of addCached's, which a projective point does not show. */
export function addAffine(out: usize, p: usize, q: usize): void {
  sumAndDifference(H, G, p + FIELD, p);             // 2u
  multiply(A, G, q + FIELD);
  multiply(B, H, q);
  multiply(G, p + 3 * FIELD, q + 2 * FIELD);
  sumAndDifference(G, F, p + 2 * FIELD, G);
  sumAndDifference(H, E, B, A);
  multiply(out, E, F);
  multiply(out + FIELD, G, H);
  multiply(out + 2 * FIELD, F, G);
  multiply(out + 3 * FIELD, E, H);
}

/** out = p with lanes moved: lane i takes lane i + 2 (`far`) or its neighbour. */
function turned(out: usize, p: usize, far: bool): void {
  for (let k: usize = 0; k < POINT; k += 16) {
    const lanes = v128.load(p + k);
    v128.store(out + k, far ? i32x4.shuffle(lanes, lanes, 2, 3, 0, 1) : i32x4.shuffle(lanes, lanes, 1, 0, 3, 2));
  }
}

const TURNED = temporary(15);                       // to 18
const CACHED = temporary(19);                       // to 22

/** Lanes 0 and 1 of p are added, and lanes 2 and 3: each pair of lanes holds its sum. */
export function addNeighbours(p: usize): void {
  turned(TURNED, p, false);
  cache(CACHED, TURNED);
  addCached(p, p, CACHED, true);
}

/** Every lane of p holds the sum of all four. */
export function addLanes(p: usize): void {
  addNeighbours(p);
  turned(TURNED, p, true);
  cache(CACHED, TURNED);
  addCached(p, p, CACHED, true);
}
