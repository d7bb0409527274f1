/**
 * Proof of possession (RFC 9449 4.3), checked for one request and one access token. What is returned has still to be
 * spent once in the replay store. No nonce: the database's clock window and the store carry freshness.
 */
import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, errors as joseErrors, jwtVerify, type JWTVerifyResult } from 'jose';
import { parseUrl, type Clock } from '#kernel';
import { UnauthenticatedError } from './auth.errors.js';
import { isCompactJws } from './compact-jws.js';

export interface ProvenRequest {
  readonly method: string;
  /** Origin and path as the client must have addressed them, without query. */
  readonly url: string;
  readonly accessToken: string;
  readonly jkt: string;
}
export interface SpentOnce {
  readonly jkt: string;
  readonly jti: string;
  /** Seconds. */
  readonly iat: number;
}

/** Proofs older or newer than this are refused; the replay store keeps entries for twice as long. */
const PROOF_WINDOW_SECONDS = 60;

/** @throws UnauthenticatedError */
export async function verifyProof(proof: string, request: ProvenRequest, clock: Clock): Promise<SpentOnce> {
  if (!isCompactJws(proof)) throw new UnauthenticatedError('proof form');
  const { payload, protectedHeader } = await opened(proof, clock.now());
  const jwk = protectedHeader.jwk;
  if (jwk === undefined || jwk.kty !== 'EC' || jwk.crv !== 'P-256' || 'd' in jwk) throw new UnauthenticatedError('proof key');
  if ((await calculateJwkThumbprint(jwk)) !== request.jkt) throw new UnauthenticatedError('proof binding');
  const { iat, jti, htm, htu, ath } = payload;
  const age = Math.floor(clock.now().getTime() / 1000) - (typeof iat === 'number' ? iat : NaN);
  if (!(Math.abs(age) <= PROOF_WINDOW_SECONDS) || !Number.isInteger(iat)) throw new UnauthenticatedError('proof time');
  if (htm !== request.method || !sameResource(htu, request.url)) throw new UnauthenticatedError('proof target');
  if (ath !== createHash('sha256').update(request.accessToken).digest('base64url')) throw new UnauthenticatedError('proof ath');
  if (typeof jti !== 'string' || jti.length < 16 || jti.length > 128) throw new UnauthenticatedError('proof jti');
  return { jkt: request.jkt, jti, iat: iat as number };
}

async function opened(proof: string, now: Date): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(proof, EmbeddedJWK, { algorithms: ['ES256'], typ: 'dpop+jwt', currentDate: now });
  } catch (error) {
    if (error instanceof joseErrors.JOSEError || error instanceof TypeError || error instanceof DOMException) throw new UnauthenticatedError('proof');
    throw error;
  }
}

/** RFC 9449 4.3 item 9: compared without query and fragment, after syntax-based normalisation. */
function sameResource(htu: unknown, expected: string): boolean {
  const claimed = typeof htu === 'string' ? parseUrl(htu) : null;
  return claimed !== null && `${claimed.origin}${claimed.pathname}` === expected && claimed.username === '' && claimed.password === '';
}
