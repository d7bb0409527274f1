// Where things lie in linear memory. Everything below SCRATCH_END that is not a constant or a table of public points is wiped
// after each call that saw a secret: one block, so that nothing can be forgotten.

/** Bytes of a quad of field elements: 20 limbs of 16 bits for each of four lanes. */
export const FIELD: usize = 160;
/** Extended point X, Y, Z, T; or cached point Y+X, Y-X, 2Z, 2dT. */
export const POINT: usize = 640;
/** Quads worked on at a time: 256 items, about 130 KiB of working set. */
export const CHUNK: usize = 64;

const PRODUCT_BYTES: usize = 960;
const TEMPORARY_BYTES: usize = 48 * 160;
const TABLE_BYTES: usize = 8 * 640;
const DIGIT_BYTES: usize = 64 * 16;
const SCALAR_BYTES: usize = 2048;
const HASHING_BYTES: usize = 1024;
const TABLES_BYTES: usize = 64 * 8 * 640;
const ALL_DIGITS_BYTES: usize = 64 * 64 * 16;
const CHUNK_POINT_BYTES: usize = 64 * 640;
const CHUNK_FIELD_BYTES: usize = 64 * 160;

export const SCRATCH: usize = memory.data(960 + 48 * 160 + 8 * 640 + 64 * 16 + 2048 + 1024 + 64 * 640 + 8 * 64 * 160 + 64 * 8 * 640 + 64 * 64 * 16, 16);

// The product's three parts stand together: a distance of a multiple of 4096 between what is stored and what is loaded costs a third of the speed.
export const CROSSED: usize = SCRATCH;
export const SWAPPED: usize = SCRATCH + 176;
export const COLUMNS: usize = SCRATCH + 336;
/** 48 field quads; who uses which is said where they are named. */
export const TEMPORARY: usize = SCRATCH + PRODUCT_BYTES;
/** 1P to 8P, cached. */
export const TABLE: usize = TEMPORARY + TEMPORARY_BYTES;
/** 64 vectors of four signed digits. */
export const DIGITS: usize = TABLE + TABLE_BYTES;
export const SCALARS: usize = DIGITS + DIGIT_BYTES;
/** State, block and schedule of SHA-512. */
export const HASHING: usize = SCALARS + SCALAR_BYTES;
export const CHUNK_POINTS: usize = HASHING + HASHING_BYTES;
/** Eight field quads for each quad of the chunk. */
export const CHUNK_FIELDS: usize = CHUNK_POINTS + CHUNK_POINT_BYTES;
export const CHUNK_FIELD_STRIDE: usize = CHUNK_FIELD_BYTES;
/** One table of 1P to 8P for each quad of a chunk, and its digits: sums of public multiples. */
export const TABLES: usize = CHUNK_FIELDS + 8 * CHUNK_FIELD_BYTES;
export const ALL_DIGITS: usize = TABLES + TABLES_BYTES;

/** 64 windows of 8 entries of 3 * 20 limbs, the same for all lanes. Public. */
export const ENTRY_BYTES: usize = 120;
export const BASE_TABLE: usize = memory.data(64 * 8 * 120, 16);
export const KEY_TABLE: usize = memory.data(64 * 8 * 120, 16);

/** Temporaries of one room of the kernel: `index` counts from 0 to 47. */
@inline export function temporary(index: usize): usize { return TEMPORARY + index * 160; }
