/**
 * node oidc-provider, reduced to one act: client_credentials with private_key_jwt (ES256), a DPoP proof, and one resource.
 * Everything else that it can do is off. Tokens are RFC 9068 JWTs of 300 s, and none leaves without `cnf.jkt`.
 */
import Provider, { errors, type Client, type Configuration, type JWKS } from 'oidc-provider';
import { SCOPES } from '#protocol';
import type { SystemTx } from '#platform/database';
import { PostgresAdapter } from './postgres.adapter.js';

export interface ProviderSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly signingKeys: JWKS;
}

const TOKEN_SECONDS = 300;
const ASSERTION_SECONDS = 300;
const SKEW_SECONDS = 10;
const OFF = { enabled: false } as const;

export function createProvider(settings: ProviderSettings, system: SystemTx): Provider {
  return new Provider(settings.issuer, configuration(settings, system));
}

function configuration({ issuer, audience, signingKeys }: ProviderSettings, system: SystemTx): Configuration {
  return {
    adapter: (model: string) => new PostgresAdapter(model, system),
    jwks: signingKeys,
    scopes: [...SCOPES],
    claims: {},
    responseTypes: [],
    clientAuthMethods: ['private_key_jwt'],
    clockTolerance: SKEW_SECONDS,
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: {
      clientAuthSigningAlgValues: ['ES256'], dPoPSigningAlgValues: ['ES256'], idTokenSigningAlgValues: ['ES256'],
    },
    extraClientMetadata: { properties: ['tally_party', 'tally_role', 'tally_policy', 'tally_scope'] },
    features: {
      clientCredentials: { enabled: true },
      dPoP: { enabled: true, allowReplay: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo: (_ctx, indicator, client) => {
          if (indicator !== audience) throw new errors.InvalidTarget();
          return { audience, scope: text(client, 'tally_scope'), accessTokenTTL: TOKEN_SECONDS, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } };
        },
      },
      fapi: { enabled: true, profile: '2.0' },
      devInteractions: OFF, userinfo: OFF, revocation: OFF, introspection: OFF, registration: OFF, rpInitiatedLogout: OFF, pushedAuthorizationRequests: OFF,
    },
    ttl: { ClientCredentials: TOKEN_SECONDS },
    assertJwtClientAuthClaimsAndHeader: (_ctx, claims, header) => assertAssertion(claims, header, issuer),
    extraTokenClaims: (ctx, token) => {
      const client = ctx.oidc.client;
      // The provider refuses this before; a token that anybody could use must not depend on one line of somebody else's.
      if (client === undefined || !('jkt' in token) || typeof token.jkt !== 'string') throw new errors.InvalidRequest('a DPoP proof is required');
      return { tally_party: text(client, 'tally_party'), tally_role: text(client, 'tally_role'), tally_policy: Number(client['tally_policy']) };
    },
    renderError: (ctx, out) => {
      ctx.type = 'application/json';
      ctx.body = out;
    },
  } as Configuration;
}

/** Audience is the issuer as a string, life is short and starts now (docs/access.md). */
function assertAssertion(claims: Readonly<Record<string, unknown>>, header: Readonly<Record<string, unknown>>, issuer: string): void {
  const { aud, iat, exp, jti } = claims;
  const now = Math.floor(Date.now() / 1000);
  const timely = typeof iat === 'number' && typeof exp === 'number' && iat <= now + SKEW_SECONDS && exp - iat <= ASSERTION_SECONDS && exp - iat > 0;
  if (aud !== issuer || !timely || typeof jti !== 'string' || jti.length < 16 || jti.length > 128 || 'crit' in header) {
    throw new errors.InvalidClientAuth('assertion claims');
  }
}

function text(client: Client, name: string): string {
  const value: unknown = client[name];
  if (typeof value !== 'string') throw new errors.InvalidClientMetadata(`${name} is missing`);
  return value;
}
