/**
 * The whole surface: two binary routes (batches, and fast mode's checks), the public manifests, health, metrics. The roster is not served: it lists members and how many
 * indicators each has. Plain node:http, because the route is hot and a framework would be a larger attack surface than what it serves.
 * Bodies are bounded while they arrive.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { DomainError, isDomainError } from '#kernel';
import { type EventLog, withCorrelation } from '#platform/logging';
import { ERROR_REGISTRY, OPRF_CHECK_PATH, OPRF_MEDIA_TYPE, OPRF_PATH, OPRF_REQUEST_MAX_BYTES } from '#protocol';
import type { CheckBatchService } from './check-batch.service.js';
import type { EvaluateBatchService } from './evaluate-batch.service.js';
import type { KeyholderMetrics } from './metrics.js';

export interface RouteParts {
  readonly evaluate: EvaluateBatchService;
  readonly check: CheckBatchService;
  /** The manifest of the newest epoch first. */
  readonly manifests: () => unknown[];
  readonly ready: () => Promise<Readonly<Record<string, boolean>>>;
  readonly metrics: KeyholderMetrics;
  readonly log: EventLog;
  readonly socketTimeoutMs: number;
}

export function createKeyholderServer(parts: RouteParts): Server {
  const server = createServer({ requestTimeout: parts.socketTimeoutMs, keepAliveTimeout: 30_000, maxHeaderSize: 8_192 }, (request, response) => {
    const correlationId = randomUUID();
    withCorrelation(correlationId, () => {
      route(parts, request, response).catch((error: unknown) => refuse(parts, response, error, correlationId));
    });
  });
  server.on('upgrade', (_request, socket) => socket.destroy());
  return server;
}

async function route(parts: RouteParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  const path = new URL(request.url ?? '/', 'http://holder').pathname;
  switch (`${request.method ?? ''} ${path}`) {
    case `POST ${OPRF_PATH}`: return evaluate(parts, parts.evaluate, request, response);
    case `POST ${OPRF_CHECK_PATH}`: return evaluate(parts, parts.check, request, response);
    case 'GET /manifest': return sendManifest(parts, response);
    case 'GET /manifests': return sendJson(response, 200, parts.manifests());
    case 'GET /health/live': return sendJson(response, 200, { status: 'ok' });
    case 'GET /health/ready': {
      const checks = await parts.ready();
      return sendJson(response, Object.values(checks).every(Boolean) ? 200 : 503, checks);
    }
    case 'GET /metrics':
      response.writeHead(200, { 'content-type': parts.metrics.registry.contentType }).end(await parts.metrics.registry.metrics());
      return;
    default: throw new DomainError('NOT_FOUND', 'no such route');
  }
}

/** Of the newest epoch that is answered. @throws DomainError NOT_FOUND when every epoch was stopped */
function sendManifest(parts: RouteParts, response: ServerResponse): void {
  const [newest] = parts.manifests();
  if (newest === undefined) throw new DomainError('NOT_FOUND', 'no epoch is answered');
  sendJson(response, 200, newest);
}

async function evaluate(parts: RouteParts, service: EvaluateBatchService | CheckBatchService, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.headers['content-type'] !== OPRF_MEDIA_TYPE) throw new DomainError('BAD_INPUT', 'media type', { field: 'content-type' });
  const message = await readBody(request);
  const started = performance.now();
  const { body, memberId, n, charged } = await service.run(message);
  const ms = Math.round(performance.now() - started);
  parts.metrics.answered(n, charged, ms / 1_000);
  parts.log.event('batch.evaluated', { memberId, n, charged, ms });
  response.writeHead(200, { 'content-type': OPRF_MEDIA_TYPE, 'content-length': body.length }).end(body);
}

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const tooLarge = new DomainError('PAYLOAD_TOO_LARGE', 'request body', { limit: OPRF_REQUEST_MAX_BYTES });
  if (Number(request.headers['content-length'] ?? 0) > OPRF_REQUEST_MAX_BYTES) throw tooLarge;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > OPRF_REQUEST_MAX_BYTES) throw tooLarge;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
}

/** Code, its public text, safe fields; everything unknown is INTERNAL. */
function refuse(parts: RouteParts, response: ServerResponse, error: unknown, correlationId: string): void {
  const known = isDomainError(error) ? error : null;
  const code = known?.code ?? 'INTERNAL';
  const entry = ERROR_REGISTRY[code];
  parts.metrics.refused(code);
  if (known === null) parts.log.error('request.failed', error);
  else parts.log.event('request.refused', { code });
  if (response.headersSent) { response.destroy(); return; }
  if (code === 'PAYLOAD_TOO_LARGE') response.setHeader('connection', 'close');
  sendJson(response, entry.http, { code, message: entry.en, correlationId, fields: known?.fields ?? {} });
}
