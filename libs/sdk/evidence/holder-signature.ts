import { verifierOf, verifyDetached } from '#crypto';
import type { Json } from '#kernel';
import type { TrustStore } from '../trust/trust-store.js';

/** Whether a key-holder signed the statement, by any key that is pinned for it. False when none is. */
export function signedByHolder(trust: Pick<TrustStore, 'of'>, holderId: string, signed: { readonly typ: string; readonly statement: Json; readonly signature: Uint8Array }): boolean {
  return trust.of(`holder:${holderId}`).some(({ jwk }) => verifyDetached(signed.typ, signed.statement, verifierOf(jwk), signed.signature));
}
