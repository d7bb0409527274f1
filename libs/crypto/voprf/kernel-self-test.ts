/**
 * What a fresh kernel must compute before it is used: RFC 9497 A.1.2.3 (mode VOPRF, a batch of two) in both directions, and the same
 * outputs by way of additive blinding. A machine or a runtime whose vectors are wrong shows here, not in a token.
 */
import { concat, sameBytes } from '../bytes.js';
import { PointInvalidError } from '../crypto.errors.js';
import type { Engine } from './engine.js';
import { MODE_VOPRF, scalarBytes } from './suite.js';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

const VECTOR = {
  secretKey: bytes('e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909'),
  publicKey: bytes('c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e'),
  inputs: [bytes('00'), bytes('5a'.repeat(17))],
  blinds: bytes('64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706' + '222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e'),
  blinded: bytes('863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945' + '90a0145ea9da29254c3a56be4fe185465ebb3bf2a1801f7124bbbadac751e654'),
  evaluated: bytes('aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e' + 'cc5ac221950a49ceaa73c8db41b82c20372a4c8d63e5dded2db920b7eee36a2a'),
  nonce: bytes('419c4f4f5052c53c45f3da494d2b67b220d02118e0857cdbcf037f9ea84bbe0c'),
  proof: bytes('cc203910175d786927eeb44ea847328047892ddf8590e723c37205cb74600b0a' + '5ab5337c8eb4ceae0494c2cf89529dcf94572ed267473d567aeed6ab873dee08'),
  outputs: bytes('b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7da4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c'
    + '8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60356f4610bf816f27afdd84f47719e480906d27ecd994985890e5f539e7ea74b6'),
};

/** Known answers of RFC 9497 and of the fast mode, before an engine is given any secret. */
export function passesSelfTest(engine: Engine): boolean {
  try {
    return baselineHolds(engine) && additiveHolds(engine) && refusesStrangers(engine);
  } catch {
    return false;
  }
}

function baselineHolds(engine: Engine): boolean {
  const { secretKey, publicKey, inputs, blinds, blinded, evaluated, nonce, proof, outputs } = VECTOR;
  return sameBytes(engine.multiplyBase(secretKey), publicKey)
    && sameBytes(engine.blind(MODE_VOPRF, inputs, blinds), blinded)
    && sameBytes(engine.evaluate(secretKey, blinded), evaluated)
    && sameBytes(engine.proveWithNonce(secretKey, publicKey, blinded, evaluated, nonce), proof)
    && engine.verify(publicKey, blinded, evaluated, proof)
    && !engine.verify(publicKey, blinded, concat(evaluated.subarray(32), evaluated.subarray(0, 32)), proof)
    && sameBytes(engine.finalise(inputs, blinds, evaluated), outputs);
}

/** 2 * ((k/4) * B - s * PK) hashes to the same outputs (docs/protocol/fast-mode.md). */
function additiveHolds(engine: Engine): boolean {
  const { secretKey, publicKey, inputs, blinds, outputs } = VECTOR;
  const quarter = engine.scalars.multiply(secretKey, engine.scalars.invert(scalarBytes(4n)));
  const combined = engine.evaluate(quarter, engine.blindAdditive(inputs, blinds));
  return sameBytes(engine.finaliseAdditive(inputs, blinds, publicKey, combined), outputs);
}

/** A negative encoding in the second place (RFC 9496 A.3). */
function refusesStrangers(engine: Engine): boolean {
  try {
    engine.checkElements(concat(VECTOR.publicKey, scalarBytes(1n)));
    return false;
  } catch (error) {
    return error instanceof PointInvalidError && error.position === 1;
  }
}
