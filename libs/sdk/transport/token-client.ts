/**
 * Access tokens of the federation's token server: client_credentials with private_key_jwt and DPoP (FAPI 2.0), for one
 * resource. The token lives in memory only and is renewed a minute before its end; the DPoP key is made per process.
 */
import { webcrypto } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import { DomainError } from '#kernel';
import { SCOPES_OF_ROLE } from '#protocol';
import type { PartyHome } from '../keys/party-home.js';
import { ServiceError, retriesOfServiceError, serviceErrorOf, unreachable } from './service-error.js';
import { withRetry } from './retry.js';

const SERVICE = 'auth';
const TIMEOUT_MS = 15_000;
const RENEW_BEFORE_MS = 60_000;
const MAX_NONCE_RETRIES = 2;

interface Session {
  readonly server: oauth.AuthorizationServer;
  readonly assertion: oauth.ClientAuth;
  readonly proofs: oauth.DPoPHandle;
}

export class TokenClient {
  private readonly client: oauth.Client;
  private session: Promise<Session> | null = null;
  private token: Promise<{ value: string; renewAtMs: number }> | null = null;

  constructor(private readonly home: PartyHome) {
    this.client = { client_id: home.party.clientId };
  }

  /** One call of a protected resource with a fresh proof; a nonce the server asks for is taken up once. */
  async call(method: string, url: URL, headers: Headers, body: Uint8Array | string | null, timeoutMs: number): Promise<Response> {
    const token = await this.accessToken();
    const { proofs } = await this.openSession();
    return this.withNonce(() => oauth.protectedResourceRequest(token, method, url, headers, body as never, {
      DPoP: proofs, signal: AbortSignal.timeout(timeoutMs), ...insecure(url),
    }));
  }

  /** Forgets the token: the hub did not accept it. */
  renew(): void {
    this.token = null;
  }

  private async accessToken(): Promise<string> {
    const held = await this.token?.catch(() => null);
    if (held && held.renewAtMs > Date.now()) return held.value;
    this.token = withRetry(() => this.requestToken(), retriesOfServiceError);
    return (await this.token).value;
  }

  private async requestToken(): Promise<{ value: string; renewAtMs: number }> {
    const { server, assertion, proofs } = await this.openSession();
    const { party } = this.home;
    const parameters = { resource: `urn:tallystick:hub:${party.hubId}`, scope: SCOPES_OF_ROLE[party.role].join(' ') };
    const options = { DPoP: proofs, signal: AbortSignal.timeout(TIMEOUT_MS), ...insecure(new URL(party.authUrl)) };
    try {
      const answer = await this.withNonce(async () => {
        const response = await oauth.clientCredentialsGrantRequest(server, this.client, assertion, parameters, options);
        return oauth.processClientCredentialsResponse(server, this.client, response);
      });
      const livesMs = (answer.expires_in ?? 300) * 1000;
      return { value: answer.access_token, renewAtMs: Date.now() + Math.max(livesMs - RENEW_BEFORE_MS, livesMs / 2) };
    } catch (error) {
      throw tokenErrorOf(error);
    }
  }

  private async openSession(): Promise<Session> {
    this.session ??= this.discover();
    try {
      return await this.session;
    } catch (error) {
      this.session = null;
      throw error;
    }
  }

  private async discover(): Promise<Session> {
    const issuer = new URL(this.home.party.authUrl);
    const server = await withRetry(async () => {
      try {
        const response = await oauth.discoveryRequest(issuer, { signal: AbortSignal.timeout(TIMEOUT_MS), ...insecure(issuer) });
        return await oauth.processDiscoveryResponse(issuer, response);
      } catch (error) {
        throw tokenErrorOf(error);
      }
    }, retriesOfServiceError);
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    const key = await webcrypto.subtle.importKey('jwk', this.home.privateKey('auth') as webcrypto.JsonWebKey, algorithm, false, ['sign']);
    const kid = this.home.publicFile().keys.find((entry) => entry.use === 'auth')?.kid;
    if (kid === undefined) throw new DomainError('CONFIG_INVALID', 'public.json holds no auth key', { file: 'public.json' });
    const proofs = oauth.DPoP(this.client, await oauth.generateKeyPair('ES256'));
    return { server, proofs, assertion: oauth.PrivateKeyJwt({ key: key as oauth.CryptoKey, kid }) };
  }

  private async withNonce<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        return await work();
      } catch (error) {
        if (tries >= MAX_NONCE_RETRIES || !oauth.isDPoPNonceError(error)) throw error;
      }
    }
  }
}

/** http is allowed by the party file for the loopback only (see isServiceUrl). */
function insecure(url: URL): object {
  return url.protocol === 'http:' ? { [oauth.allowInsecureRequests]: true } : {};
}

function tokenErrorOf(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (error instanceof oauth.ResponseBodyError) {
    return new ServiceError(error.error === 'invalid_scope' || error.error === 'invalid_target' ? 'FORBIDDEN' : 'UNAUTHENTICATED', 'token refused', { service: SERVICE, reason: error.error });
  }
  if (error instanceof oauth.WWWAuthenticateChallengeError) return serviceErrorOf(SERVICE, error.response.status, null);
  if (error instanceof oauth.OperationProcessingError) {
    const { status } = (error.cause ?? {}) as { status?: number };
    return typeof status === 'number' ? serviceErrorOf(SERVICE, status, null) : new ServiceError('UNREACHABLE', 'not a token server', { service: SERVICE, reason: 'answer' });
  }
  return unreachable(SERVICE, error);
}
