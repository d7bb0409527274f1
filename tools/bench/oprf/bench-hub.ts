/**
 * What a benchmark needs of hub and token server, and no more: status lists, tokens that nobody checks, and publications whose lines are
 * counted and forgotten. Its work is not the agent's, so it does as little as it can.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const TOKEN_LIVES_SECONDS = 300;
const NEW_LINE = 10;
const unzipped = promisify(gunzip);

export class BenchHub {
  /** Clues that came in by chunks. */
  clues = 0;

  private constructor(private readonly server: Server, readonly url: string) {}

  /** @param statusList a compact JWS, asked for anew at each request */
  static async start(statusList: () => Promise<string>): Promise<BenchHub> {
    const server = createServer((request, response) => {
      hub.answer(request, response, statusList).catch(() => { response.writeHead(500).end(); });
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const hub = new BenchHub(server, `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
    return hub;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse, statusList: () => Promise<string>): Promise<void> {
    const path = request.url ?? '/';
    if (path.endsWith('/status-list')) {
      response.writeHead(200, { 'content-type': 'application/jose' }).end(await statusList());
      return;
    }
    const body = await buffer(request);
    const document = path.includes('/chunks/') ? await this.take(body) : this.documentAt(path);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
  }

  private documentAt(path: string): object {
    if (path.startsWith('/.well-known/')) return { issuer: this.url, token_endpoint: `${this.url}/token` };
    if (path === '/token') return { access_token: 'bench', token_type: 'DPoP', expires_in: TOKEN_LIVES_SECONDS };
    return { state: 'OPEN', match: 'DONE', overlaps: 0 };
  }

  private async take(body: Uint8Array): Promise<object> {
    const accepted = (await unzipped(body)).reduce((lines, byte) => (byte === NEW_LINE ? lines + 1 : lines), 0);
    this.clues += accepted;
    return { accepted, alreadyKnown: 0, refused: [], known: [] };
  }
}
