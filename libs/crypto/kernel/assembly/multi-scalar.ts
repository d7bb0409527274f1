// Sums of many public multiples (Pippenger's buckets). Four windows of the scalars are worked on at a time, one a lane: each lane adds the
// same point to a bucket of its own. Buckets lie point by point and are brought into lanes and back around each addition. Addresses
// depend on digits: weights and points are public, secrets never come here.
import { D, HALF } from './constants';
import { multiply } from './field';
import { FIELD, POINT, temporary } from './layout';
import { addAffine, addCached, cache, double, neutral } from './point';
import { sumAndDifference } from './product';

/** Words of 32 bits of a point in one lane, and of an affine entry. */
const BUCKET: usize = 160;
export const ENTRY_BYTES: usize = 120;

const ENTRY = temporary(33);                        // to 35
const BUCKETS = temporary(36);                      // to 39: the four buckets at hand
const RUNNING = temporary(40);                      // to 43
const SCALED = temporary(44);                       // to 47
const CACHED = temporary(24);                       // to 27
const X = temporary(28), Y = temporary(29), PART = temporary(30);

/** entries[0..lanes) = the points of a decoded quad: (y+x)/2, (y-x)/2, dxy, lane by lane. */
export function writeEntries(entries: usize, p: usize, lanes: usize): void {
  multiply(X, p, HALF);
  multiply(Y, p + FIELD, HALF);
  sumAndDifference(X, Y, Y, X);
  writeLanes(entries, X, lanes);
  writeLanes(entries + 40, Y, lanes);
  multiply(PART, p + 3 * FIELD, D);
  writeLanes(entries + 80, PART, lanes);
}

function writeLanes(at: usize, a: usize, lanes: usize): void {
  for (let lane: usize = 0; lane < lanes; lane++) {
    for (let k: usize = 0; k < 10; k++) store<u32>(at + lane * ENTRY_BYTES + 4 * k, load<u32>(a + 16 * k + 4 * lane));
  }
}

/** digits[0..windows) = signed windows of `bits` bits of a scalar of 32 bytes (16 bits each; eight readable bytes follow it). */
export function recodeWindows(digits: usize, scalar: usize, windows: usize, bits: u32): void {
  const half: i32 = 1 << (bits - 1);
  let carry: i32 = 0;
  for (let w: usize = 0; w < windows; w++) {
    const at = min<u32>(<u32>w * bits, 256), size = min<u32>(bits, 256 - at);
    const digit = <i32>((load<u64>(scalar + (at >> 3)) >> (at & 7)) & ((1 << size) - 1)) + carry;
    carry = digit > half ? 1 : 0;
    store<i16>(digits + 2 * w, <i16>(digit - (carry << bits)));
  }
}

/** Four points of one lane each, from four addresses into the lanes of a quad. */
function gather(out: usize, p0: usize, p1: usize, p2: usize, p3: usize): void {
  for (let k: usize = 0; k < BUCKET; k += 16) {
    const a = v128.load(p0 + k), b = v128.load(p1 + k), c = v128.load(p2 + k), d = v128.load(p3 + k);
    const ab0 = i32x4.shuffle(a, b, 0, 4, 1, 5), ab1 = i32x4.shuffle(a, b, 2, 6, 3, 7);
    const cd0 = i32x4.shuffle(c, d, 0, 4, 1, 5), cd1 = i32x4.shuffle(c, d, 2, 6, 3, 7);
    const at = out + 4 * k;
    v128.store(at, i64x2.shuffle(ab0, cd0, 0, 2));
    v128.store(at, i64x2.shuffle(ab0, cd0, 1, 3), 16);
    v128.store(at, i64x2.shuffle(ab1, cd1, 0, 2), 32);
    v128.store(at, i64x2.shuffle(ab1, cd1, 1, 3), 48);
  }
}

function scatter(p0: usize, p1: usize, p2: usize, p3: usize, from: usize): void {
  for (let k: usize = 0; k < BUCKET; k += 16) {
    const at = from + 4 * k;
    const a = v128.load(at), b = v128.load(at, 16), c = v128.load(at, 32), d = v128.load(at, 48);
    const ab0 = i32x4.shuffle(a, b, 0, 4, 1, 5), ab1 = i32x4.shuffle(a, b, 2, 6, 3, 7);
    const cd0 = i32x4.shuffle(c, d, 0, 4, 1, 5), cd1 = i32x4.shuffle(c, d, 2, 6, 3, 7);
    v128.store(p0 + k, i64x2.shuffle(ab0, cd0, 0, 2));
    v128.store(p1 + k, i64x2.shuffle(ab0, cd0, 1, 3));
    v128.store(p2 + k, i64x2.shuffle(ab1, cd1, 0, 2));
    v128.store(p3 + k, i64x2.shuffle(ab1, cd1, 1, 3));
  }
}

/** Adds one point to the bucket of each lane that its four digits name; bucket 0 is never read again. */
function addToBuckets(buckets: usize, lane: usize, digits: usize, entry: usize): void {
  const d0 = <i32>load<i16>(digits), d1 = <i32>load<i16>(digits, 2), d2 = <i32>load<i16>(digits, 4), d3 = <i32>load<i16>(digits, 6);
  const sign = i32x4.shr_s(i32x4(d0, 0, 0, 0), 31);
  const signs = i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(sign, 1, d1 >> 31), 2, d2 >> 31), 3, d3 >> 31);
  for (let k: usize = 0; k < 10; k++) {
    const at = ENTRY + 16 * k;
    const sum = v128.load32_splat(entry + 4 * k), difference = v128.load32_splat(entry + 4 * k, 40);
    const exchange = v128.and(v128.xor(sum, difference), signs);
    v128.store(at, v128.xor(sum, exchange));
    v128.store(at, v128.xor(difference, exchange), 160);
    v128.store(at, i16x8.sub(v128.xor(v128.load32_splat(entry + 4 * k, 80), signs), signs), 320);
  }
  const p0 = buckets + abs(d0) * BUCKET, p1 = buckets + lane + abs(d1) * BUCKET;
  const p2 = buckets + 2 * lane + abs(d2) * BUCKET, p3 = buckets + 3 * lane + abs(d3) * BUCKET;
  gather(BUCKETS, p0, p1, p2, p3);
  addAffine(BUCKETS, BUCKETS, ENTRY);
  scatter(p0, p1, p2, p3, BUCKETS);
}

/** SCALED = the sum of b times bucket b, lane by lane. */
function sumBuckets(buckets: usize, lane: usize, count: usize): void {
  neutral(RUNNING);
  neutral(SCALED);
  for (let b = count; b > 0; b--) {
    const p = buckets + b * BUCKET;
    gather(BUCKETS, p, p + lane, p + 2 * lane, p + 3 * lane);
    cache(CACHED, BUCKETS);
    addCached(RUNNING, RUNNING, CACHED, true);
    cache(CACHED, RUNNING);
    addCached(SCALED, SCALED, CACHED, true);
  }
}

@inline function doubleTimes(p: usize, times: u32): void {
  for (let i: u32 = 1; i <= times; i++) double(p, p, i === times);
}

/**
 * sum (lane 0) = the sum of the entries by their digits: n of each, `windows` (a multiple of four) digits of `bits` bits an entry.
 * `buckets` holds 4 * (2^(bits-1) + 1) * 160 bytes.
 */
export function sumByBuckets(sum: usize, entries: usize, digits: usize, n: usize, windows: usize, bits: u32, buckets: usize): void {
  const count: usize = 1 << (bits - 1), lane = (count + 1) * BUCKET;
  neutral(sum);
  for (let group = windows >> 2; group > 0; group--) {
    neutral(BUCKETS);
    for (let b: usize = 0; b <= count; b++) {
      const p = buckets + b * BUCKET;
      scatter(p, p + lane, p + 2 * lane, p + 3 * lane, BUCKETS);
    }
    for (let i: usize = 0; i < n; i++) addToBuckets(buckets, lane, digits + 2 * (i * windows + 4 * (group - 1)), entries + i * ENTRY_BYTES);
    sumBuckets(buckets, lane, count);
    if (group < windows >> 2) doubleTimes(sum, 4 * bits);
    cache(CACHED, SCALED);
    addCached(sum, sum, CACHED, true);
  }
  joinLanes(sum, bits);
}

/** Lane 0 = lane 0 + 2^bits * (lane 1 + 2^bits * (lane 2 + 2^bits * lane 3)). */
function joinLanes(p: usize, bits: u32): void {
  takeLane(SCALED, p, 3);
  for (let lane: usize = 3; lane > 0; lane--) {
    doubleTimes(SCALED, bits);
    takeLane(RUNNING, p, lane - 1);
    cache(CACHED, RUNNING);
    addCached(SCALED, SCALED, CACHED, true);
  }
  memory.copy(p, SCALED, POINT);
}

/** Every lane of out = lane `lane` of p. */
function takeLane(out: usize, p: usize, lane: usize): void {
  for (let k: usize = 0; k < POINT; k += 16) v128.store(out + k, v128.load32_splat(p + k + 4 * lane));
}
