import type { ServerResponse } from 'node:http';
import { correlationId } from '#platform/logging';
import { transportOf } from '#protocol';
import { challengeFor, publish, type PublishedError } from './published-error.js';

/** Answers `{code, message, correlationId, fields}` with the status of the registry; does nothing once headers are out. */
export function sendError(response: ServerResponse, error: unknown, shape: (body: PublishedError) => object = (body) => body): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = publish(error, correlationId() ?? 'none');
  const challenge = challengeFor(body.code);
  if (challenge !== null) response.setHeader('www-authenticate', challenge);
  response.statusCode = transportOf(body.code).http;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(shape(body)));
}
