import { DomainError, type KeyId, type PartyId } from '#kernel';
import type { PublicJwk } from '#crypto';
import type { Directory } from '#domain/members';
import type { Tx } from '#platform/database';

/** A present evidence key of the liaison itself. @throws DomainError KEY_NOT_TRUSTED */
export async function liaisonKey(tx: Tx, directory: Directory, liaisonId: PartyId, kid: KeyId): Promise<PublicJwk> {
  const key = (await directory.keys(tx, liaisonId)).find((one) => one.use === 'evidence' && one.kid === kid && one.revokedAt === null);
  if (!key) throw new DomainError('KEY_NOT_TRUSTED', 'not a present evidence key of the liaison');
  return key.jwk;
}
