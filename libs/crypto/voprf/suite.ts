/**
 * The constants and hashes of RFC 9497 4.1 (ristretto255, SHA-512): context string, domain separation tags,
 * expand_message_xmd (RFC 9380 5.3.1) fixed to 64 bytes of output, which for SHA-512 is exactly one block.
 */
import { hash } from 'node:crypto';
import { concat, lengthPrefixed, u16, utf8 } from '../bytes.js';
import { CryptoInputError } from '../crypto.errors.js';

export const SUITE_NAME = 'ristretto255-SHA512';
export const ELEMENT_BYTES = 32;
export const SCALAR_BYTES = 32;
export const OUTPUT_BYTES = 64;
export const PROOF_BYTES = 64;
/** One weight of a deferred check: 128 bits, little-endian (docs/protocol/fast-mode.md). */
export const WEIGHT_BYTES = 16;
/** I2OSP(i, 2) in the composites would reach 65535; docs/protocol/README.md stops earlier. */
export const BATCH_MAX = 4096;

/** RFC 9497 3.1: OPRF 0, VOPRF 1. (POPRF 2 is not used.) */
export type Mode = 0 | 1;
export const MODE_OPRF: Mode = 0;
export const MODE_VOPRF: Mode = 1;

/** Order of the group, 2^252 + 27742317777372353535851937790883648493. */
export const GROUP_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const ORDER_LITTLE_ENDIAN = scalarBytes(GROUP_ORDER);

/** By way of Latin-1: on Node 20 a one-shot hash into a buffer takes twice as long. */
export function sha512(bytes: Uint8Array): Uint8Array {
  return Buffer.from(hash('sha512', bytes, 'binary'), 'latin1');
}

/** "OPRFV1-" || I2OSP(mode, 1) || "-" || identifier (RFC 9497 3.1). */
export function contextString(mode: Mode): Uint8Array {
  return concat(utf8('OPRFV1-'), Uint8Array.of(mode), utf8(`-${SUITE_NAME}`));
}

export interface Tags {
  readonly hashToGroup: Uint8Array;
  readonly hashToScalar: Uint8Array;
  readonly deriveKeyPair: Uint8Array;
  readonly seed: Uint8Array;
}
function tagsOf(mode: Mode): Tags {
  const context = contextString(mode);
  return {
    hashToGroup: concat(utf8('HashToGroup-'), context),
    hashToScalar: concat(utf8('HashToScalar-'), context),
    deriveKeyPair: concat(utf8('DeriveKeyPair'), context), // no hyphen: RFC 9497 3.2.1
    seed: concat(utf8('Seed-'), context),
  };
}
export const TAGS: Readonly<Record<Mode, Tags>> = { 0: tagsOf(0), 1: tagsOf(1) };

const Z_PAD_BYTES = 128;
const LENGTH_AND_ZERO = Uint8Array.of(0, 64, 0);
const ONE = Uint8Array.of(1);

/** What of expand_message_xmd depends on the tag alone: the end of the first message, and the second with room for b_0. */
interface Expansion {
  readonly suffix: Uint8Array;
  readonly second: Uint8Array;
}
const expansions = new WeakMap<Uint8Array, Expansion>();

function expansionOf(tag: Uint8Array): Expansion {
  let found = expansions.get(tag);
  if (found === undefined) {
    const tagPrime = concat(tag, Uint8Array.of(tag.length));
    found = { suffix: concat(LENGTH_AND_ZERO, tagPrime), second: concat(new Uint8Array(64), ONE, tagPrime) };
    expansions.set(tag, found);
  }
  return found;
}

/** expand_message_xmd(message, tag, 64) with SHA-512. `tag` is one of TAGS: what follows from it is kept. */
export function expandTo64(message: Uint8Array, tag: Uint8Array): Uint8Array {
  const { suffix, second } = expansionOf(tag);
  const first = new Uint8Array(Z_PAD_BYTES + message.length + suffix.length);
  first.set(message, Z_PAD_BYTES);
  first.set(suffix, Z_PAD_BYTES + message.length);
  second.set(sha512(first));
  const expanded = sha512(second);
  second.fill(0, 0, 64);
  return expanded;
}

/** Public data only: compares byte by byte. True for 0 <= scalar < l, little-endian, 32 bytes. */
export function isCanonicalScalar(scalar: Uint8Array): boolean {
  if (scalar.length !== SCALAR_BYTES) return false;
  for (let i = SCALAR_BYTES - 1; i >= 0; i -= 1) {
    const ours = scalar[i] as number;
    const order = ORDER_LITTLE_ENDIAN[i] as number;
    if (ours !== order) return ours < order;
  }
  return false;
}

/** Little-endian 32 bytes of a public number. */
export function scalarBytes(value: bigint): Uint8Array {
  const out = new Uint8Array(SCALAR_BYTES);
  for (let i = 0; i < SCALAR_BYTES; i += 1) out[i] = Number((value >> BigInt(8 * i)) & 255n);
  return out;
}

const FINALIZE = utf8('Finalize');

/** RFC 9497 3.3.1: Hash(lp(input) || lp(unblinded element) || "Finalize"). */
export function finalizeHash(input: Uint8Array, unblinded: Uint8Array): Uint8Array {
  return sha512(concat(u16(input.length), input, u16(unblinded.length), unblinded, FINALIZE));
}

/** The seed of the composites (RFC 9497 2.2.1). */
export function compositeSeed(publicKey: Uint8Array): Uint8Array {
  return sha512(concat(lengthPrefixed(publicKey), lengthPrefixed(TAGS[MODE_VOPRF].seed)));
}

const COMPOSITE = utf8('Composite');
const CHALLENGE = utf8('Challenge');
const ELEMENT_LENGTH = u16(ELEMENT_BYTES);

/** RFC 9497 2.2.1: the input of d_i. */
export function compositeTranscript(seed: Uint8Array, i: number, blinded: Uint8Array, evaluated: Uint8Array): Uint8Array {
  return concat(u16(seed.length), seed, u16(i), ELEMENT_LENGTH, blinded, ELEMENT_LENGTH, evaluated, COMPOSITE);
}

/** RFC 9497 2.2.1 and 2.2.2: the input of the challenge. */
export function challengeTranscript(elements: readonly Uint8Array[]): Uint8Array {
  return concat(...elements.map(lengthPrefixed), CHALLENGE);
}

/** Number of packed elements; refuses what is not a whole, bounded, positive count. */
export function countElements(packed: Uint8Array): number {
  const n = packed.length / ELEMENT_BYTES;
  if (!Number.isInteger(n) || n < 1 || n > BATCH_MAX) throw new CryptoInputError('a batch holds 1 to 4096 elements of 32 bytes');
  return n;
}

/** The i-th of packed 32-byte elements or scalars: a view, not a copy. */
export function elementAt(packed: Uint8Array, i: number): Uint8Array {
  return packed.subarray(i * ELEMENT_BYTES, (i + 1) * ELEMENT_BYTES);
}
