/** Gives every request an id of ours; an id that the client sends is never taken over (it would be written to logs). */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { withCorrelation } from '#platform/logging';

export function correlation(_request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const id = randomUUID();
  response.setHeader('x-correlation-id', id);
  withCorrelation(id, next);
}

/** Answers are for programs: nothing may be framed, sniffed, cached or loaded by them. */
export function securityHeaders(_request: IncomingMessage, response: ServerResponse, next: () => void): void {
  response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader('cache-control', 'no-store');
  next();
}
