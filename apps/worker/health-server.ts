/** Liveness, readiness and metrics of the worker: three GET routes, nothing else, no framework. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HealthSource {
  /** Our own names of parts and whether each is ready. */
  ready(): Promise<Readonly<Record<string, boolean>>>;
  metrics(): Promise<string>;
  readonly contentType: string;
}

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startHealthServer(host: string, port: number, source: HealthSource): Promise<HealthServer> {
  const server = createServer((request, response) => {
    answer(request.method === 'GET' ? request.url ?? '' : '', source, response).catch(() => { send(response, 500, 'text/plain', ''); });
  });
  server.headersTimeout = 5_000;
  server.requestTimeout = 5_000;
  await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(port, host, resolve); });
  return { url: `http://${host}:${(server.address() as AddressInfo).port}`, close: () => closed(server) };
}

async function answer(url: string, source: HealthSource, response: ServerResponse): Promise<void> {
  if (url === '/health/live') return send(response, 200, 'application/json', '{"status":"live"}');
  if (url === '/metrics') return send(response, 200, source.contentType, await source.metrics());
  if (url !== '/health/ready') return send(response, 404, 'text/plain', '');
  const parts = await source.ready();
  const ready = Object.values(parts).every(Boolean);
  send(response, ready ? 200 : 503, 'application/json', JSON.stringify({ status: ready ? 'ready' : 'not-ready', parts }));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }).end(body);
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => { server.close(() => { resolve(); }); });
}
