import { exportJWK, generateKeyPair } from 'jose';
import { privateJwk, type PrivateJwk } from '#crypto';

export async function newKey(): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return privateJwk(await exportJWK(privateKey));
}
