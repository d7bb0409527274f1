/** HTTP around the provider: health, no-store, one log line for each token issued or refused (never what was sent). */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { withCorrelation, type EventLog } from '#platform/logging';
import { refuseUpgrades } from '#platform/http';

const ROUTES: Readonly<Record<string, string>> = { '/token': 'POST', '/jwks': 'GET', '/.well-known/openid-configuration': 'GET', '/.well-known/oauth-authorization-server': 'GET' };

export function createAuthServer(provider: Provider, log: EventLog, ready: () => Promise<boolean>): Server {
  const issuer = new URL(provider.issuer);
  provider.proxy = true;
  provider.on('grant.success', () => { log.event('token.issued'); });
  provider.on('grant.error', (_ctx, error) => { log.event('token.refused', { error: error.error }); });
  provider.on('server_error', (_ctx, error) => { log.error('token.failed', error); });
  const handle = provider.callback();
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
    const id = randomUUID();
    response.setHeader('x-correlation-id', id);
    response.setHeader('x-content-type-options', 'nosniff');
    withCorrelation(id, () => { route(request, response); });
  });
  refuseUpgrades(server);
  return server;

  function route(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (path === '/health/live') return answer(response, 200, { status: 'live' });
    if (path === '/health/ready') {
      ready().then((ok) => answer(response, ok ? 200 : 503, { status: ok ? 'ready' : 'not-ready' }), () => answer(response, 503, { status: 'not-ready' }));
      return;
    }
    // The provider has more routes than we use; what is not named here does not exist.
    if (ROUTES[path] !== request.method) return answer(response, 404, { error: 'not_found' });
    pinOrigin(request, issuer);
    handle(request, response).catch((error: unknown) => {
      log.error('http.failed', error);
      response.destroy();
    });
  }
}

/** Endpoints and the target of a proof are the issuer's, whatever Host or forwarding headers a client or a proxy sends. */
function pinOrigin(request: IncomingMessage, issuer: URL): void {
  for (const name of Object.keys(request.headers)) if (name.startsWith('x-forwarded-')) delete request.headers[name];
  request.headers.host = issuer.host;
  request.headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
