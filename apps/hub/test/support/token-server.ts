/**
 * A token server for an agent in tests: gives every client that is known here a token of the test's issuer, bound to the key of the
 * agent's proof. That apps/auth gives tokens to the right clients only is tested there.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { decodeProtectedHeader } from 'jose';
import type { PrivateJwk } from '#crypto';
import { closeServer, listenOnLoopback } from '#testing';
import type { HubUnderTest, TestParty } from './hub-under-test.js';

export class TokenServer {
  url = '';
  private readonly clients = new Map<string, TestParty>();
  private readonly server: Server = createServer((request, response) => {
    this.answer(request).then(
      (body) => response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body)),
      () => response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}'),
    );
  });

  constructor(private readonly hub: HubUnderTest) {}

  know(party: TestParty): void {
    this.clients.set(party.id, party);
  }

  async start(): Promise<void> {
    this.url = await listenOnLoopback(this.server);
  }

  async stop(): Promise<void> {
    await closeServer(this.server);
  }

  private async answer(request: IncomingMessage): Promise<object> {
    if (request.url === '/.well-known/openid-configuration') return { issuer: this.url, token_endpoint: `${this.url}/token` };
    const form = new URLSearchParams(await textOf(request));
    const party = this.clients.get(form.get('client_id') ?? subjectOf(form.get('client_assertion')));
    if (party === undefined) throw new Error('unknown client');
    const { jwk } = decodeProtectedHeader(request.headers['dpop'] as string);
    const token = await this.hub.issuer.token({ partyId: party.id, role: party.role, clientId: party.id }, jwk as unknown as PrivateJwk);
    return { access_token: token, token_type: 'DPoP', expires_in: 300 };
  }
}

function subjectOf(assertion: string | null): string {
  return (JSON.parse(Buffer.from((assertion ?? '').split('.')[1] ?? '', 'base64url').toString()) as { sub: string }).sub;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
