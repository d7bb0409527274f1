/**
 * Everything that is derived by label: canonical input x, blinds, token and seal key (docs/protocol/derivations.md).
 * All of it is fixed by docs/protocol/test-vectors.json; a change of one byte changes every token of a federation.
 */
import { createHmac } from 'node:crypto';
import { concat, isZero, lengthPrefixed, u32, utf8 } from '../bytes.js';
import { CryptoInputError } from '../crypto.errors.js';
import type { Engine } from './engine.js';
import { OUTPUT_BYTES, SCALAR_BYTES } from './suite.js';

const INPUT_PREFIX = utf8('tally1');
const BLIND_LABEL = utf8('tally1 blind');
const ORDER_LABEL = utf8('tally1 order');
const PADDING_LABEL = utf8('tally1 padding');
const BLOCK_ONE = Uint8Array.of(1);

export const TOKEN_BYTES = 16;
export const SEAL_KEY_BYTES = 32;
const SEED_BYTES = 32;
const MANIFEST_HASH_BYTES = 32;
const BATCH_ID_BYTES = 16;

export interface CanonicalInput {
  /** The normaliser's kind, without its version. */
  readonly kind: string;
  /** The federation, not the hub: one evaluation serves several hubs. */
  readonly federationId: string;
  /** The canonical form, or the 32 raw bytes of a hashed id. */
  readonly value: string | Uint8Array;
}

/** x = "tally1" || lp(kind) || lp(federationId) || lp(value). */
export function encodeInput(input: CanonicalInput): Uint8Array {
  const value = typeof input.value === 'string' ? utf8(input.value) : input.value;
  if (typeof input.value !== 'string' && value.length !== 32) throw new CryptoInputError('a hashed id is 32 bytes');
  if (value.length === 0 || input.kind === '' || input.federationId === '') throw new CryptoInputError('kind, federation and value are needed');
  return concat(INPUT_PREFIX, lengthPrefixed(utf8(input.kind)), lengthPrefixed(utf8(input.federationId)), lengthPrefixed(value));
}

/** What a batch's blinds, order and padding depend on, apart from the inputs. */
export interface BatchSecrets {
  /** 32 bytes of the vault, never sent. */
  readonly seed: Uint8Array;
  readonly manifestHash: Uint8Array;
  readonly batchId: Uint8Array;
}

/** @throws CryptoInputError for a seed other than 32 bytes, a manifest hash other than 32, a batch id other than 16 */
export function checkBatchSecrets({ seed, manifestHash, batchId }: BatchSecrets): void {
  if (seed.length !== SEED_BYTES) throw new CryptoInputError('the vault seed is 32 bytes');
  if (manifestHash.length !== MANIFEST_HASH_BYTES) throw new CryptoInputError('a manifest hash is 32 bytes');
  if (batchId.length !== BATCH_ID_BYTES) throw new CryptoInputError('a batch id is 16 bytes');
}

/**
 * s_i = HMAC-SHA-512(seed, "tally1 blind" | manifest hash | batch id | u32 i | x_i) mod l. The input is inside: a row
 * that changed under the same batch id gets an unrelated blind, for one blind on two inputs reveals both.
 */
export function deriveBlinds(engine: Engine, secrets: BatchSecrets, inputs: readonly Uint8Array[]): Uint8Array {
  checkBatchSecrets(secrets);
  const out = new Uint8Array(inputs.length * SCALAR_BYTES);
  inputs.forEach((x, i) => {
    const wide = hmac(secrets.seed, BLIND_LABEL, secrets.manifestHash, secrets.batchId, u32(i), x);
    const blind = engine.scalars.reduce(wide);
    if (isZero(blind)) throw new CryptoInputError('blind is zero');
    out.set(blind, i * SCALAR_BYTES);
  });
  return out;
}

/** Sort key that hides the order of the file from the holders and is the same at each resume. */
export function orderKey(secrets: BatchSecrets, x: Uint8Array): Uint8Array {
  return hmac(secrets.seed, ORDER_LABEL, secrets.manifestHash, secrets.batchId, x);
}

/** A dummy input that fills a batch up; no encodeInput() can yield it (its prefix differs). */
export function paddingInput(secrets: BatchSecrets, i: number): Uint8Array {
  return concat(PADDING_LABEL, hmac(secrets.seed, PADDING_LABEL, secrets.manifestHash, secrets.batchId, u32(i)));
}

export interface TokenScope {
  readonly hubId: string;
  readonly epoch: number;
}

/** Expand(y, info("tok", hub, epoch, ""), 16). */
export function deriveToken(y: Uint8Array, scope: TokenScope): Uint8Array {
  return expand(y, 'tok', scope, '', TOKEN_BYTES);
}

/** Expand(y, info("seal", hub, epoch, clueId), 32). */
export function deriveSealKey(y: Uint8Array, scope: TokenScope, clueId: string): Uint8Array {
  return expand(y, 'seal', scope, clueId, SEAL_KEY_BYTES);
}

/** HKDF-Expand (RFC 5869 2.3) with SHA-512; lengths up to 64 take one block. */
function expand(y: Uint8Array, label: string, scope: TokenScope, id: string, length: number): Uint8Array {
  if (y.length !== OUTPUT_BYTES) throw new CryptoInputError('an output is 64 bytes');
  return hmac(y, infoOf(label, scope, id), BLOCK_ONE).slice(0, length);
}

/** The info of a batch's tokens: the same for each of them. */
const tokenInfos = new WeakMap<TokenScope, Uint8Array>();

function infoOf(label: string, scope: TokenScope, id: string): Uint8Array {
  const known = id === '' ? tokenInfos.get(scope) : undefined;
  if (known !== undefined) return known;
  if (!Number.isInteger(scope.epoch) || scope.epoch < 0 || scope.epoch > 0xffffffff) throw new CryptoInputError('epoch is an unsigned 32-bit number');
  const info = concat(lengthPrefixed(utf8(label)), lengthPrefixed(utf8(scope.hubId)), u32(scope.epoch), lengthPrefixed(utf8(id)));
  if (id === '') tokenInfos.set(scope, info);
  return info;
}

function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(createHmac('sha512', key).update(concat(...parts)).digest());
}
