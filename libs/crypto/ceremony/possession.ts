/**
 * Proof of possession: a Schnorr proof that a dealer knows the scalar behind its leading commitment (FROST, Komlo and Goldberg 2020, figure
 * 1, round 1 step 2). Without it the last to speak could commit to a point chosen from the others' points (a rogue key).
 * Layout: R (32 bytes) || z (32 bytes); c = H(context, point, R), z = r + c * secret.
 */
import { randomBytes } from 'node:crypto';
import { concat, isZero, lengthPrefixed, sameBytes, utf8 } from '../bytes.js';
import type { Engine } from '../voprf/engine.js';
import { isCanonicalScalar, sha512 } from '../voprf/suite.js';

const CHALLENGE = utf8('tally1 ceremony possession');
const NONCE = utf8('tally1 ceremony possession nonce');
const POSSESSION_BYTES = 64;

/** @param context ceremony and dealer, so that a proof is worth nothing elsewhere */
export function provePossession(engine: Engine, secret: Uint8Array, point: Uint8Array, context: Uint8Array): Uint8Array {
  const nonce = engine.scalars.reduce(sha512(concat(NONCE, secret, randomBytes(32), context, point)));
  try {
    const r = engine.multiplyBase(nonce);
    const c = challenge(engine, context, point, r);
    return concat(r, engine.scalars.add(nonce, engine.scalars.multiply(c, secret)));
  } finally {
    nonce.fill(0);
  }
}

/** z * G = R + c * point. Anything malformed is false. */
export function verifyPossession(engine: Engine, point: Uint8Array, context: Uint8Array, proof: Uint8Array): boolean {
  if (proof.length !== POSSESSION_BYTES) return false;
  const r = proof.subarray(0, 32);
  const z = proof.subarray(32);
  if (!isCanonicalScalar(z) || isZero(z)) return false;
  try {
    const right = engine.addEach(r, engine.multiply(challenge(engine, context, point, r), point));
    return sameBytes(engine.multiplyBase(z), right);
  } catch {
    return false;
  }
}

function challenge(engine: Engine, context: Uint8Array, point: Uint8Array, r: Uint8Array): Uint8Array {
  return engine.scalars.reduce(sha512(concat(lengthPrefixed(CHALLENGE), lengthPrefixed(context), lengthPrefixed(point), lengthPrefixed(r))));
}
