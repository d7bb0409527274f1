/**
 * Access tokens of apps/auth: RFC 9068 JWTs bound to a DPoP key. Everything in them is attacker-controlled until the
 * signature holds; an expired token is named as such only after that.
 */
import { errors as joseErrors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { isUuid, type Clock, type PartyId } from '#kernel';
import { PARTY_ROLES, SCOPES, type PartyRole, type Scope } from '#protocol';
import { CredentialExpiredError, UnauthenticatedError } from './auth.errors.js';
import { isCompactJws } from './compact-jws.js';

export interface AccessClaims {
  readonly partyId: PartyId;
  readonly role: PartyRole;
  readonly clientId: string;
  readonly scopes: ReadonlySet<Scope>;
  /** RFC 7638 thumbprint of the DPoP key (RFC 9449 6.1). */
  readonly jkt: string;
  readonly policyVersion: number;
}

export interface AccessTokenRules {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: JWTVerifyGetKey;
}

const LIFETIME_SECONDS = 300;
const SKEW_SECONDS = 10;
const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

/** @throws UnauthenticatedError, CredentialExpiredError */
export async function verifyAccessToken(token: string, rules: AccessTokenRules, clock: Clock): Promise<AccessClaims> {
  if (!isCompactJws(token)) throw new UnauthenticatedError('token form');
  const now = clock.now();
  const payload = await verified(token, rules, now);
  return claimsOf(payload, rules, Math.floor(now.getTime() / 1000));
}

async function verified(token: string, rules: AccessTokenRules, now: Date): Promise<JWTPayload> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, rules.keys, {
      algorithms: ['ES256'], typ: 'at+jwt', issuer: rules.issuer, audience: rules.audience, currentDate: now,
      requiredClaims: ['exp', 'iat', 'jti', 'sub', 'client_id', 'scope', 'cnf'],
    });
    if (protectedHeader.kid === undefined) throw new UnauthenticatedError('token kid');
    return payload;
  } catch (error) {
    if (error instanceof joseErrors.JWTExpired) throw new CredentialExpiredError();
    if (error instanceof joseErrors.JOSEError) throw new UnauthenticatedError('token');
    throw error;
  }
}

function claimsOf(payload: JWTPayload, rules: AccessTokenRules, now: number): AccessClaims {
  const { iat, exp, aud, sub, scope, client_id: clientId, cnf, tally_party: party, tally_role: role, tally_policy: policy } = payload;
  const jkt = (cnf as { jkt?: unknown } | null)?.jkt;
  if (
    aud !== rules.audience || typeof iat !== 'number' || typeof exp !== 'number' || iat > now + SKEW_SECONDS || exp - iat > LIFETIME_SECONDS ||
    typeof clientId !== 'string' || sub !== clientId || typeof scope !== 'string' || typeof jkt !== 'string' || !THUMBPRINT.test(jkt) ||
    !isUuid(party) || !isRole(role) || typeof policy !== 'number' || !Number.isSafeInteger(policy)
  ) throw new UnauthenticatedError('token claims');
  const scopes = new Set(scope.split(' ').filter((word): word is Scope => (SCOPES as readonly string[]).includes(word)));
  return { partyId: party as PartyId, role, clientId, scopes, jkt, policyVersion: policy };
}

function isRole(value: unknown): value is PartyRole {
  return (PARTY_ROLES as readonly unknown[]).includes(value);
}
