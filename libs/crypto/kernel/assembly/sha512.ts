// SHA-512 (FIPS 180-4), and the three hashes of RFC 9497 that are made once an item: crossing to JavaScript for each would cost more than
// the hash. No branch depends on what is hashed, only on its length.
import { SHA512_INITIAL, SHA512_ROUND } from './constants';
import { HASHING } from './layout';
import { scalarReduce } from './scalar';

const STATE: usize = HASHING, BLOCK: usize = HASHING + 64, SCHEDULE: usize = HASHING + 192, MIDDLE: usize = HASHING + 832, WIDE: usize = HASHING + 896;
/** Bytes hashed so far; length is public. */
let total: usize = 0;

@inline function word(at: usize): u64 { return bswap<u64>(load<u64>(at)); }

function compress(block: usize): void {
  for (let t: usize = 0; t < 128; t += 8) store<u64>(SCHEDULE + t, word(block + t));
  for (let t: usize = 128; t < 640; t += 8) {
    const w2 = load<u64>(SCHEDULE + t - 16), w15 = load<u64>(SCHEDULE + t - 120);
    const s1 = rotr<u64>(w2, 19) ^ rotr<u64>(w2, 61) ^ (w2 >>> 6), s0 = rotr<u64>(w15, 1) ^ rotr<u64>(w15, 8) ^ (w15 >>> 7);
    store<u64>(SCHEDULE + t, s1 + load<u64>(SCHEDULE + t - 56) + s0 + load<u64>(SCHEDULE + t - 128));
  }
  let a = load<u64>(STATE), b = load<u64>(STATE, 8), c = load<u64>(STATE, 16), d = load<u64>(STATE, 24);
  let e = load<u64>(STATE, 32), f = load<u64>(STATE, 40), g = load<u64>(STATE, 48), h = load<u64>(STATE, 56);
  for (let t: usize = 0; t < 640; t += 8) {
    const t1 = h + (rotr<u64>(e, 14) ^ rotr<u64>(e, 18) ^ rotr<u64>(e, 41)) + (g ^ (e & (f ^ g))) + load<u64>(SHA512_ROUND + t) + load<u64>(SCHEDULE + t);
    const t2 = (rotr<u64>(a, 28) ^ rotr<u64>(a, 34) ^ rotr<u64>(a, 39)) + ((a & b) | (c & (a | b)));
    h = g; g = f; f = e; e = d + t1; d = c; c = b; b = a; a = t1 + t2;
  }
  store<u64>(STATE, load<u64>(STATE) + a); store<u64>(STATE, load<u64>(STATE, 8) + b, 8);
  store<u64>(STATE, load<u64>(STATE, 16) + c, 16); store<u64>(STATE, load<u64>(STATE, 24) + d, 24);
  store<u64>(STATE, load<u64>(STATE, 32) + e, 32); store<u64>(STATE, load<u64>(STATE, 40) + f, 40);
  store<u64>(STATE, load<u64>(STATE, 48) + g, 48); store<u64>(STATE, load<u64>(STATE, 56) + h, 56);
}

function begin(): void {
  memory.copy(STATE, SHA512_INITIAL, 64);
  total = 0;
}

function update(bytes: usize, length: usize): void {
  let at = total & 127, from = bytes, rest = length;
  total += length;
  while (at + rest >= 128) {
    memory.copy(BLOCK + at, from, 128 - at);
    compress(BLOCK);
    from += 128 - at;
    rest -= 128 - at;
    at = 0;
  }
  memory.copy(BLOCK + at, from, rest);
}

@inline function updateByte(byte: u8): void {
  store<u8>(WIDE + 64, byte);
  update(WIDE + 64, 1);
}

function finish(out: usize): void {
  const bits = <u64>total << 3, at = total & 127;
  store<u8>(BLOCK + at, 0x80);
  memory.fill(BLOCK + at + 1, 0, 127 - at);
  if (at >= 112) {
    compress(BLOCK);
    memory.fill(BLOCK, 0, 128);
  }
  store<u64>(BLOCK, bswap<u64>(bits), 120);
  compress(BLOCK);
  for (let t: usize = 0; t < 64; t += 8) store<u64>(out + t, word(STATE + t));
}

/** The state after Z_pad, the zero block that expand_message_xmd begins with. */
function prepareExpansion(): void {
  memory.fill(BLOCK, 0, 128);
  memory.copy(STATE, SHA512_INITIAL, 64);
  compress(BLOCK);
  memory.copy(MIDDLE, STATE, 64);
}

function beginExpansion(): void {
  memory.copy(STATE, MIDDLE, 64);
  total = 128;
}

/** RFC 9380 5.3.1 for 64 bytes: what was hashed since beginExpansion() is the message; `tag` ends with its own length. */
function finishExpansion(out: usize, tag: usize, tagLength: usize): void {
  updateByte(0); updateByte(64); updateByte(0);
  update(tag, tagLength);
  finish(WIDE);
  begin();
  update(WIDE, 64);
  updateByte(1);
  update(tag, tagLength);
  finish(out);
}

/** out[i] = 64 bytes from inputs[offsets[i] .. offsets[i + 1]); offsets are n + 1 numbers of 32 bits. */
export function expandEach(out: usize, inputs: usize, offsets: usize, n: usize, tag: usize, tagLength: usize): void {
  prepareExpansion();
  for (let i: usize = 0; i < n; i++) {
    const from = load<u32>(offsets + 4 * i), to = load<u32>(offsets + 4 * i + 4);
    beginExpansion();
    update(inputs + from, to - from);
    finishExpansion(out + 64 * i, tag, tagLength);
  }
}

/** weights[i] of RFC 9497 2.2.1: lp(seed) || i || lp(C_i) || lp(D_i) || "Composite", to a scalar. `words` holds lp(seed), then "Composite". */
export function compositeWeights(weights: usize, words: usize, blinded: usize, evaluated: usize, n: usize, tag: usize, tagLength: usize): void {
  prepareExpansion();
  for (let i: usize = 0; i < n; i++) {
    beginExpansion();
    update(words, 66);
    updateByte(<u8>(i >> 8)); updateByte(<u8>i);
    updateByte(0); updateByte(32);
    update(blinded + 32 * i, 32);
    updateByte(0); updateByte(32);
    update(evaluated + 32 * i, 32);
    update(words + 66, 9);
    finishExpansion(WIDE, tag, tagLength);
    scalarReduce(weights + 32 * i, WIDE);
  }
}

/** out[i] = SHA-512(lp(input) || lp(unblinded_i) || "Finalize"), RFC 9497 3.3.1; `word` holds "Finalize". */
export function finalizeEach(out: usize, inputs: usize, offsets: usize, n: usize, unblinded: usize, word: usize): void {
  for (let i: usize = 0; i < n; i++) {
    const from = load<u32>(offsets + 4 * i), length = load<u32>(offsets + 4 * i + 4) - from;
    begin();
    updateByte(<u8>(length >> 8)); updateByte(<u8>length);
    update(inputs + from, length);
    updateByte(0); updateByte(32);
    update(unblinded + 32 * i, 32);
    update(word, 8);
    finish(out + 64 * i);
  }
}
