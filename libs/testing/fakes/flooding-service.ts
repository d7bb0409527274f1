/** A service that answers with more than anybody asked for, as long as its reader goes on: up to 64 MiB, so that a reader without a bound survives the test. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { listenOnLoopback } from '../network/loopback.js';

const PIECE = Buffer.alloc(64 * 1024, 0x41);
const PIECES = 1024;

export class FloodingService {
  /** Bytes that were taken from it. */
  sent = 0;
  url = '';
  private readonly server: Server = createServer((request, response) => {
    request.resume();
    response.on('error', () => undefined);
    void (async () => {
      for (let i = 0; i < PIECES && !response.destroyed; i += 1) {
        this.sent += PIECE.length;
        if (!response.write(PIECE)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
      }
      response.end();
    })().catch(() => undefined);
  });

  async start(): Promise<this> {
    this.url = await listenOnLoopback(this.server);
    return this;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
