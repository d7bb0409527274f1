/**
 * A police agency's webhook receiver that believes nobody: it checks the Standard Webhooks signature itself, keeps a ledger of its own of
 * everything that arrived (repeats included), and can fail on purpose: before it writes down, or after, when the sender cannot know.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../../network/loopback.js';

export interface LedgerEntry { readonly id: string; readonly body: string; readonly at: number; readonly answered: number }
/** Status to answer instead of 204, by how many messages came before; null: none. */
export type Mood = (arrivals: number) => number | null;

const TOLERANCE_S = 300;

export class FakeAgency {
  readonly ledger: LedgerEntry[] = [];
  refused = 0;
  secret = '';
  private readonly server: Server;

  constructor(private readonly mood: Mood = () => null) {
    this.server = createServer((request, response) => { void this.receive(request, response); });
  }

  async start(): Promise<string> {
    const origin = await listenOnLoopback(this.server);
    return `${origin}/hooks/tally`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => { this.server.close(done); });
  }

  /** What a receiver that de-duplicates by id has handled. */
  handled(): ReadonlyMap<string, string> {
    const once = new Map<string, string>();
    for (const { id, body } of this.ledger) if (!once.has(id)) once.set(id, body);
    return once;
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    try {
      for await (const part of request) parts.push(part as Buffer);
    } catch {
      return; // the sender died while it spoke: nothing arrived
    }
    const body = Buffer.concat(parts).toString('utf8');
    const id = String(request.headers['webhook-id']);
    if (!this.signed(request, id, body)) {
      this.refused += 1;
      response.writeHead(401).end();
      return;
    }
    const status = this.mood(this.ledger.length) ?? 204;
    this.ledger.push({ id, body, at: Date.now(), answered: status });
    response.writeHead(status).end();
  }

  private signed(request: IncomingMessage, id: string, body: string): boolean {
    const timestamp = Number(request.headers['webhook-timestamp']);
    if (request.method !== 'POST' || !(Math.abs(Date.now() / 1000 - timestamp) < TOLERANCE_S)) return false;
    const wanted = createHmac('sha256', Buffer.from(this.secret.slice('whsec_'.length), 'base64')).update(`${id}.${timestamp}.${body}`).digest();
    return String(request.headers['webhook-signature']).split(' ').some((signature) => {
      const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
      return signature.startsWith('v1,') && given.length === wanted.length && timingSafeEqual(given, wanted);
    });
  }
}
