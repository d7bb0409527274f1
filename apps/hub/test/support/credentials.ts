/** Tokens and proofs minted in the test, by keys made in the test: what apps/auth and an agent would make. */
import { createHash, randomUUID } from 'node:crypto';
import { SignJWT, type JWTPayload } from 'jose';
import { keyIdOf, type PrivateJwk, importFor, publicJwk } from '#crypto';
import { SCOPES_OF_ROLE, type PartyRole } from '#protocol';
import { aKey } from '#testing';

export interface Subject {
  readonly partyId: string;
  readonly role: PartyRole;
  readonly clientId: string;
}
/** What a test may bend. */
export interface Bent {
  readonly claims?: JWTPayload;
  readonly header?: Record<string, unknown>;
  readonly scopes?: readonly string[];
  readonly signer?: PrivateJwk;
  readonly proof?: JWTPayload;
  readonly proofHeader?: Record<string, unknown>;
  readonly proofKey?: PrivateJwk;
}

export class Issuer {
  private constructor(readonly url: string, readonly audience: string, readonly key: PrivateJwk, readonly kid: string) {}

  static async create(url: string, audience: string): Promise<Issuer> {
    const key = aKey();
    return new Issuer(url, audience, key, keyIdOf(key));
  }

  get jwks(): object {
    return { keys: [{ ...publicJwk(this.key), kid: this.kid, alg: 'ES256', use: 'sig' }] };
  }

  async token(subject: Subject, dpop: PrivateJwk, bent: Bent = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const claims: JWTPayload = {
      iss: this.url, aud: this.audience, sub: subject.clientId, client_id: subject.clientId, jti: randomUUID(), iat: now, exp: now + 300,
      scope: (bent.scopes ?? SCOPES_OF_ROLE[subject.role]).join(' '), cnf: { jkt: keyIdOf(dpop) },
      tally_party: subject.partyId, tally_role: subject.role, tally_policy: 1, ...bent.claims,
    };
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: this.kid, ...bent.header })
      .sign(await importFor(bent.signer ?? this.key, 'ES256'));
  }
}

export async function proof(dpop: PrivateJwk, method: string, url: string, token: string, bent: Bent = {}): Promise<string> {
  const key = bent.proofKey ?? dpop;
  return new SignJWT({
    jti: randomUUID(), htm: method, htu: url.split('?')[0] ?? url, iat: Math.floor(Date.now() / 1000),
    ath: createHash('sha256').update(token).digest('base64url'), ...bent.proof,
  }).setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: publicJwk(key), ...bent.proofHeader }).sign(await importFor(key, 'ES256'));
}
