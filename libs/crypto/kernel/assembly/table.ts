// Tables of a fixed point for public bases: 64 windows of 1 to 8 times 16^w P, affine and halved for addAffine, one lane an entry.
import { D, HALF } from './constants';
import { invert, multiply } from './field';
import { CHUNK_FIELDS, CHUNK_POINTS, ENTRY_BYTES, FIELD, POINT, temporary } from './layout';
import { addCached, cache, double } from './point';
import { minus, plus } from './product';
import { copyPoint } from './multiple';

const WINDOWS_AT_ONCE: usize = 32;
const P = temporary(33), BASES = CHUNK_FIELDS + 256 * FIELD;  // P to 36
const CACHED = temporary(37);                       // to 40
const ENTRY_AT = temporary(41);
const X = temporary(42), Y = temporary(43), Z = temporary(44);

/** table of p, which holds one point in all lanes. */
export function tableOf(table: usize, p: usize): void {
  copyPoint(P, p);
  for (let from: usize = 0; from < 64; from += WINDOWS_AT_ONCE) {
    for (let w: usize = 0; w < WINDOWS_AT_ONCE; w++) {
      takeLane(BASES + (w >> 2) * POINT, P, w & 3);
      for (let j = 0; j < 4; j++) double(P, P, true);
    }
    for (let group: usize = 0; group < WINDOWS_AT_ONCE / 4; group++) {
      const base = BASES + group * POINT, entries = CHUNK_POINTS + group * 8 * POINT;
      cache(CACHED, base);
      copyPoint(entries, base);
      for (let j: usize = 1; j < 8; j++) addCached(entries + j * POINT, entries + (j - 1) * POINT, CACHED, true);
    }
    writeEntries(table + from * 8 * ENTRY_BYTES);
  }
}

/** Lane `lane` of out = that lane of p. */
function takeLane(out: usize, p: usize, lane: usize): void {
  for (let k: usize = 4 * lane; k < POINT; k += 16) store<u32>(out + k, load<u32>(p + k));
}

@inline function product(i: usize): usize { return CHUNK_FIELDS + i * FIELD; }

/** The 64 quads of CHUNK_POINTS, made affine with one inversion: quad 8g + j holds entry j of windows 4g to 4g + 3. */
function writeEntries(table: usize): void {
  memory.copy(product(0), CHUNK_POINTS + 2 * FIELD, FIELD);
  for (let i: usize = 1; i < 64; i++) multiply(product(i), product(i - 1), CHUNK_POINTS + i * POINT + 2 * FIELD);
  invert(X, product(63));
  for (let i: usize = 63; ; i--) {
    const p = CHUNK_POINTS + i * POINT;
    if (i > 0) {
      multiply(Z, X, product(i - 1));
      multiply(X, X, p + 2 * FIELD);
    } else memory.copy(Z, X, FIELD);
    writeEntry(table + ((i >> 3) * 4 * 8 + (i & 7)) * ENTRY_BYTES, p);
    if (i === 0) break;
  }
}

function writeEntry(at: usize, p: usize): void {
  multiply(Y, p + FIELD, Z);
  multiply(Z, p, Z);
  plus(ENTRY_AT, Y, Z);
  multiply(ENTRY_AT, ENTRY_AT, HALF);
  writeLanes(at, ENTRY_AT);
  minus(ENTRY_AT, Y, Z);
  multiply(ENTRY_AT, ENTRY_AT, HALF);
  writeLanes(at + 40, ENTRY_AT);
  multiply(Y, Y, Z);
  multiply(Y, Y, D);
  writeLanes(at + 80, Y);
}

/** Lane l of a goes to window l. */
function writeLanes(at: usize, a: usize): void {
  for (let lane: usize = 0; lane < 4; lane++) {
    for (let k: usize = 0; k < 10; k++) store<u32>(at + lane * 8 * ENTRY_BYTES + 4 * k, load<u32>(a + 16 * k + 4 * lane));
  }
}
