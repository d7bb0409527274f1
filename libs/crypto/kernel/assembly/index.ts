// The kernel's exports: batches over linear memory. Pointers name packed encodings (32 bytes an item) unless said otherwise; results
// of -1 mean done, others are the first item that was refused. What reads secrets: evaluate, multiplyEach, blind, blindAdditive,
// finaliseAdditive, multiplyBase, scalar*. The caller wipes SCRATCH and its own buffers after them.
import { BASE_T, BASE_X, BASE_Y, ONE } from './constants';
import { decode, encode, encodeDoubles, fromUniform } from './encoding';
import { copy } from './field';
import { ALL_DIGITS, BASE_TABLE, CHUNK, CHUNK_POINTS, DIGITS, FIELD, KEY_TABLE, POINT, SCALARS, SCRATCH, TABLES, temporary } from './layout';
import { addFixedMultiple, multiple, multiplesOf, recode, sumOfMultiples } from './multiple';
import { ENTRY_BYTES, recodeWindows, sumByBuckets, writeEntries } from './multi-scalar';
import { addCached, addLanes, addNeighbours, cache, neutral } from './point';
import { scalarHalve, scalarInvertEach, scalarMultiply, scalarReduce, scalarSum } from './scalar';
import { tableOf } from './table';

export { scalarMultiply, scalarReduce };
export { compositeWeights, expandEach, finalizeEach } from './sha512';
// The field itself, over quads of limbs: for tests of its bounds, and for reviewers.
export { multiply as fieldMultiply, square as fieldSquare, squareOf as fieldSquareOf, settle as fieldSettle, canonical as fieldCanonical, fromBytes as fieldFromBytes } from './field';

export function scratchStart(): usize { return SCRATCH; }
export function secretScratchBytes(): usize { return TABLES - SCRATCH; }
export function heapStart(): usize { return __heap_base; }

const ITEMS: usize = CHUNK * 4;
const P = temporary(33), CACHED = temporary(37);    // P to 36, CACHED to 40
/** Four scalars of one quad. */
const FOUR: usize = SCALARS + 1024;

@inline function chunkPoint(q: usize): usize { return CHUNK_POINTS + q * POINT; }

/** CHUNK_POINTS = n (at most ITEMS) decoded points. */
function decodeChunk(points: usize, n: usize): i32 {
  for (let i: usize = 0; i < n; i += 4) {
    const refused = decode(chunkPoint(i >> 2), points + 32 * i, min<usize>(4, n - i));
    if (refused >= 0) return <i32>i + refused;
  }
  return -1;
}

/** bytes = n encodings of twice CHUNK_POINTS. The room for it holds whole quads. */
@inline function encodeChunk(bytes: usize, n: usize): void {
  encodeDoubles(bytes, CHUNK_POINTS, (n + 3) >> 2);
}

/** DIGITS of scalars i to i + 3 (the last one again where there are fewer), each halved, since what is encoded is doubled. */
function recodeHalves(scalars: usize, i: usize, n: usize): void {
  for (let lane: usize = 0; lane < 4; lane++) scalarHalve(FOUR + 32 * lane, scalars + 32 * min(i + lane, n - 1));
  recode(DIGITS, FOUR, 32);
}

export function check(points: usize, n: usize): i32 {
  for (let from: usize = 0; from < n; from += ITEMS) {
    const refused = decodeChunk(points + 32 * from, min(ITEMS, n - from));
    if (refused >= 0) return <i32>from + refused;
  }
  return -1;
}

/** out = scalar * points. */
export function evaluate(out: usize, scalar: usize, points: usize, n: usize): i32 {
  for (let from: usize = 0; from < n; from += ITEMS) {
    const count = min(ITEMS, n - from);
    const refused = decodeChunk(points + 32 * from, count);
    if (refused >= 0) return <i32>from + refused;
    scalarHalve(FOUR, scalar);
    recode(DIGITS, FOUR, 0);
    for (let i: usize = 0; i < count; i += 4) multiple(chunkPoint(i >> 2), chunkPoint(i >> 2), DIGITS);
    encodeChunk(out + 32 * from, count);
  }
  return -1;
}

/** out[i] = scalars[i] * points[i]. */
export function multiplyEach(out: usize, scalars: usize, points: usize, n: usize): i32 {
  for (let from: usize = 0; from < n; from += ITEMS) {
    const count = min(ITEMS, n - from);
    const refused = decodeChunk(points + 32 * from, count);
    if (refused >= 0) return <i32>from + refused;
    for (let i: usize = 0; i < count; i += 4) {
      recodeHalves(scalars + 32 * from, i, count);
      multiple(chunkPoint(i >> 2), chunkPoint(i >> 2), DIGITS);
    }
    encodeChunk(out + 32 * from, count);
  }
  return -1;
}

/** out[i] = the point of 64 uniform bytes. */
export function hashToGroup(out: usize, uniform: usize, n: usize): void {
  for (let i: usize = 0; i < n; i += 4) {
    fromUniform(CHUNK_POINTS, uniform + 64 * i, min<usize>(4, n - i));
    encode(out + 32 * i, CHUNK_POINTS);
  }
}

/** out[i] = scalars[i] * H_i, H_i the point of 64 uniform bytes. */
export function blind(out: usize, scalars: usize, uniform: usize, n: usize): void {
  for (let from: usize = 0; from < n; from += ITEMS) {
    const count = min(ITEMS, n - from);
    for (let i: usize = 0; i < count; i += 4) {
      const p = chunkPoint(i >> 2);
      fromUniform(p, uniform + 64 * (from + i), min<usize>(4, count - i));
      recodeHalves(scalars + 32 * from, i, count);
      multiple(p, p, DIGITS);
    }
    encodeChunk(out + 32 * from, count);
  }
}

/** DIGITS of 2 * scalars (`doubled`) or of -scalars, four at a time. */
function recodeForTable(scalars: usize, i: usize, n: usize, doubled: bool): void {
  memory.fill(FOUR + 128, 0, 32);
  for (let lane: usize = 0; lane < 4; lane++) {
    const scalar = scalars + 32 * min(i + lane, n - 1);
    if (doubled) scalarSum(FOUR + 32 * lane, scalar, scalar, false);
    else scalarSum(FOUR + 32 * lane, FOUR + 128, scalar, true);
  }
  recode(DIGITS, FOUR, 32);
}

/** out[i] = 2 * (H_i + scalars[i] * 2G). */
export function blindAdditive(out: usize, scalars: usize, uniform: usize, n: usize): void {
  for (let from: usize = 0; from < n; from += ITEMS) {
    const count = min(ITEMS, n - from);
    for (let i: usize = 0; i < count; i += 4) {
      const p = chunkPoint(i >> 2);
      fromUniform(p, uniform + 64 * (from + i), min<usize>(4, count - i));
      recodeForTable(scalars + 32 * from, i, count, true);
      addFixedMultiple(p, BASE_TABLE, DIGITS);
    }
    encodeChunk(out + 32 * from, count);
  }
}

/** KEY_TABLE of a public point. */
export function prepareKey(point: usize): i32 {
  const refused = decode(P, point, 1);
  if (refused >= 0) return refused;
  tableOf(KEY_TABLE, P);
  return -1;
}

/** out[i] = 2 * (points[i] - scalars[i] * K), K of prepareKey(). */
export function unblindAdditive(out: usize, scalars: usize, points: usize, n: usize): i32 {
  for (let from: usize = 0; from < n; from += ITEMS) {
    const count = min(ITEMS, n - from);
    const refused = decodeChunk(points + 32 * from, count);
    if (refused >= 0) return <i32>from + refused;
    for (let i: usize = 0; i < count; i += 4) {
      recodeForTable(scalars + 32 * from, i, count, false);
      addFixedMultiple(chunkPoint(i >> 2), KEY_TABLE, DIGITS);
    }
    encodeChunk(out + 32 * from, count);
  }
  return -1;
}

/** BASE_TABLE; once, before anything that uses the base point. */
export function prepareBase(): void {
  copy(P, BASE_X);
  copy(P + FIELD, BASE_Y);
  copy(P + 2 * FIELD, ONE);
  copy(P + 3 * FIELD, BASE_T);
  tableOf(BASE_TABLE, P);
}

/** out[i] = scalars[i] * G. */
export function multiplyBase(out: usize, scalars: usize, n: usize): void {
  for (let from: usize = 0; from < n; from += ITEMS) {
    const count = min(ITEMS, n - from);
    for (let i: usize = 0; i < count; i += 4) {
      recodeHalves(scalars + 32 * from, i, count);
      neutral(chunkPoint(i >> 2));
      addFixedMultiple(chunkPoint(i >> 2), BASE_TABLE, DIGITS);
    }
    encodeChunk(out + 32 * from, count);
  }
}

/** out[i] = the sum over `vectors` vectors of n points each, twice the sum where `doubled`. Public. */
export function combine(out: usize, points: usize, vectors: usize, n: usize, doubled: bool): i32 {
  for (let from: usize = 0; from < n; from += ITEMS) {
    const count = min(ITEMS, n - from);
    for (let i: usize = 0; i < count; i += 4) {
      const sum = chunkPoint(i >> 2);
      let refused: i32 = -1;
      for (let v: usize = 0; v < vectors; v++) {
        const here = decode(v === 0 ? sum : P, points + 32 * (v * n + from + i), min<usize>(4, count - i));
        if (here >= 0 && (refused < 0 || here < refused)) refused = here;
        if (v === 0) continue;
        cache(CACHED, P);
        addCached(sum, sum, CACHED, true);
      }
      if (refused >= 0) return <i32>(from + i) + refused;
      if (!doubled) encode(out + 32 * (from + i), sum);
    }
    if (doubled) encodeChunk(out + 32 * from, count);
  }
  return -1;
}

/** From here on buckets are cheaper than tables. */
const BUCKETS_FROM: usize = 96;

/** Window that costs least for n points: a point costs an addition a window, a bucket two. */
function bucketBits(n: usize): u32 {
  return n < 192 ? 6 : n < 512 ? 7 : n < 1536 ? 8 : 9;
}

/** Windows of `size` bits, a multiple of four, for weights below 2^bits (signed windows need a bit more). */
function bucketWindows(bits: u32, size: u32): u32 {
  return (bits / size + 4) & ~3;
}

/** Bytes of `work` for weightedSum(). */
export function weightedSumBytes(n: usize, bits: u32): usize {
  const size = bucketBits(n);
  return n * ENTRY_BYTES + 2 * n * bucketWindows(bits, size) + 4 * ((1 << (size - 1)) + 1) * 160 + 48;
}

/** out = sum of weights[i] * points[i]; weights are public scalars of 32 bytes, below 2^bits and 2^253; 8 readable bytes follow them. */
export function weightedSum(out: usize, weights: usize, points: usize, n: usize, bits: u32, work: usize): i32 {
  const refused = n < BUCKETS_FROM ? sumByTables(weights, points, n, bits) : sumWithBuckets(weights, points, n, bits, work);
  if (refused >= 0) return refused;
  encode(FOUR, TOTAL);
  memory.copy(out, FOUR, 32);
  return -1;
}

/** Survives the chunks. */
const TOTAL: usize = memory.data(640, 16);

function sumWithBuckets(weights: usize, points: usize, n: usize, bits: u32, work: usize): i32 {
  const size = bucketBits(n), windows = bucketWindows(bits, size);
  const digits = work + n * ENTRY_BYTES, buckets = (digits + 2 * n * windows + 15) & ~15;
  for (let i: usize = 0; i < n; i += 4) {
    const lanes = min<usize>(4, n - i);
    const refused = decode(P, points + 32 * i, lanes);
    if (refused >= 0) return <i32>i + refused;
    writeEntries(work + i * ENTRY_BYTES, P, lanes);
  }
  for (let i: usize = 0; i < n; i++) recodeWindows(digits + 2 * i * windows, weights + 32 * i, windows, size);
  sumByBuckets(TOTAL, work, digits, n, windows, size, buckets);
  return -1;
}

function sumByTables(weights: usize, points: usize, n: usize, bits: u32): i32 {
  const quads = (n + 3) >> 2;
  const refused = decodeChunk(points, n);
  if (refused >= 0) return refused;
  for (let q: usize = 0; q < quads; q++) {
    const rest = min<usize>(4, n - 4 * q);
    memory.fill(FOUR, 0, 128);
    memory.copy(FOUR, weights + 128 * q, 32 * rest);
    multiplesOf(TABLES + q * 8 * POINT, chunkPoint(q));
    recode(ALL_DIGITS + q * 1024, FOUR, 32);
  }
  sumOfMultiples(TOTAL, TABLES, ALL_DIGITS, quads, min<u32>(64, bits / 4 + 1));
  addLanes(TOTAL);
  return -1;
}

/** out[0] = s0*P0 + s1*P1, out[1] = s2*P2 + s3*P3 for four scalars and four points. */
export function twoSums(out: usize, scalars: usize, points: usize): i32 {
  const refused = decode(P, points, 4);
  if (refused >= 0) return refused;
  recode(DIGITS, scalars, 32);
  multiple(CHUNK_POINTS, P, DIGITS);
  addNeighbours(CHUNK_POINTS);
  encode(FOUR, CHUNK_POINTS);
  memory.copy(out, FOUR, 32);
  memory.copy(out + 32, FOUR + 64, 32);
  return -1;
}

export function scalarAdd(out: usize, a: usize, b: usize): void { scalarSum(out, a, b, false); }
export function scalarSubtract(out: usize, a: usize, b: usize): void { scalarSum(out, a, b, true); }
export function scalarInvert(out: usize, scalars: usize, n: usize, work: usize): void { scalarInvertEach(out, scalars, n, work); }
