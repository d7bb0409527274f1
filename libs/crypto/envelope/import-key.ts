import { DomainError } from '#kernel';
import { importJWK } from 'jose';
import type { PrivateJwk, PublicJwk } from '../jwk.js';

type CryptoKeyLike = Awaited<ReturnType<typeof importJWK>>;

/** For jose. The point is checked to be on the curve by the platform's own import. @throws DomainError BAD_INPUT */
export async function importFor(jwk: PublicJwk | PrivateJwk, alg: 'ES256' | 'ECDH-ES+A256KW'): Promise<CryptoKeyLike> {
  try {
    return await importJWK({ ...jwk }, alg);
  } catch (cause) {
    throw new DomainError('BAD_INPUT', 'key is not a point of P-256', {}, { cause });
  }
}
