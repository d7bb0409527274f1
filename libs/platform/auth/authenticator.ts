/**
 * Who is calling, in the order of checks that the security design fixes: token (typ, alg, kid, iss, aud, exp), proof
 * (htm, htu, ath, iat, once), then status and policy version live from the primary. Scope is the guard's. Any doubt ends
 * in one code.
 */
import type { IncomingMessage } from 'node:http';
import { isDomainError, type Clock } from '#kernel';
import { verifyAccessToken, type AccessClaims, type AccessTokenRules } from './access-token.js';
import { IdentityCheckUnavailableError, MemberSuspendedError, UnauthenticatedError } from './auth.errors.js';
import { callerOnce, type Caller } from './caller.js';
import { verifyProof, type SpentOnce } from './dpop-proof.js';
import type { Identification, LiveParty, ReplayStore } from './replay-store.js';

export interface AuthenticatorRules extends AccessTokenRules {
  /** The origin clients address, e.g. `https://hub.example`: never taken from the Host header. */
  readonly origin: () => string;
}

export class Authenticator {
  constructor(private readonly rules: AuthenticatorRules, private readonly replays: ReplayStore, private readonly clock: Clock) {}

  /** @throws UnauthenticatedError, CredentialExpiredError, MemberSuspendedError, IdentityCheckUnavailableError */
  identify(request: IncomingMessage): Promise<Caller> {
    return callerOnce(request, () => this.check(request));
  }

  private async check(request: IncomingMessage): Promise<Caller> {
    const { authorization, dpop } = request.headers;
    const token = /^DPoP ([^ ]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined || typeof dpop !== 'string') throw new UnauthenticatedError('no credential');
    const claims = await verifyAccessToken(token, this.rules, this.clock);
    const path = originalUrl(request).split('?', 1)[0] ?? '/';
    const url = `${this.rules.origin()}${path}`;
    const proof = await verifyProof(dpop, { method: request.method ?? '', url, accessToken: token, jkt: claims.jkt }, this.clock);
    return callerFrom(claims, await this.spend(proof, claims.clientId));
  }

  private async spend(proof: SpentOnce, clientId: string): Promise<Identification> {
    try {
      return await this.replays.spend(proof, clientId);
    } catch (error) {
      if (isDomainError(error)) throw error;
      throw new IdentityCheckUnavailableError({ cause: error });
    }
  }
}

function callerFrom(claims: AccessClaims, { spend, party }: Identification): Caller {
  if (spend === 'stale') throw new IdentityCheckUnavailableError();
  if (spend !== 'fresh') throw new UnauthenticatedError('proof replayed');
  if (party === null || party.partyId !== claims.partyId || party.role !== claims.role) throw new UnauthenticatedError('party');
  admit(party, claims.policyVersion);
  return {
    actor: { partyId: party.partyId, role: party.role, clientId: claims.clientId, purpose: null },
    scopes: claims.scopes,
    partyName: party.name,
  };
}

function admit(party: LiveParty, policyVersion: number): void {
  if (party.status === 'SUSPENDED') throw new MemberSuspendedError();
  if (party.status !== 'ACTIVE') throw new UnauthenticatedError('party status');
  if (party.policyVersion !== policyVersion) throw new UnauthenticatedError('policy version');
}

/** Express rewrites `url` under mounted middleware; the proof is over what the client addressed. */
function originalUrl(request: IncomingMessage & { originalUrl?: string }): string {
  return request.originalUrl ?? request.url ?? '/';
}
