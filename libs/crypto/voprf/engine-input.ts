/** What every engine refuses before it computes. */
import { isZero } from '../bytes.js';
import { CryptoInputError } from '../crypto.errors.js';
import { BATCH_MAX, countElements, elementAt, isCanonicalScalar, SCALAR_BYTES } from './suite.js';

/** @throws CryptoInputError for none, or more than 4096 */
export function checkCount(n: number): void {
  if (n < 1 || n > BATCH_MAX) throw new CryptoInputError('a batch holds 1 to 4096 inputs');
}

/** Canonical and not zero. */
export function checkSecret(scalar: Uint8Array): void {
  if (!isCanonicalScalar(scalar) || isZero(scalar)) throw new CryptoInputError('secret scalar refused');
}

/** @param blinds packed, n * 32 bytes, each canonical and not zero @throws CryptoInputError */
export function checkBlinds(blinds: Uint8Array, n: number): void {
  if (blinds.length !== n * SCALAR_BYTES) throw new CryptoInputError('as many blinds as inputs');
  for (let i = 0; i < n; i += 1) checkSecret(elementAt(blinds, i));
}

/** Two batches of the same length. @throws CryptoInputError */
export function checkPair(a: Uint8Array, b: Uint8Array): void {
  countElements(a);
  if (a.length !== b.length) throw new CryptoInputError('batches differ in length');
}
