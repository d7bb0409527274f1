/**
 * What stands before the GraphQL engine: POST and application/json only, a declared size within the limit, a caller that
 * is identified, the body, and in production a document of the list. Nobody unidentified reaches the parser.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError } from '#kernel';
import type { Authenticator } from '#platform/auth';
import { BodyTooLargeError, readJsonBody, sendError } from '#platform/http';
import { LIMITS } from './document-rules.js';
import type { RegisteredDocuments } from './registered-documents.js';

type Request = IncomingMessage & { body?: unknown };

export function graphqlEndpoint(authenticator: Authenticator, documents: RegisteredDocuments): (request: Request, response: ServerResponse, next: () => void) => void {
  return (request, response, next) => {
    admit(request, authenticator, documents).then(next, (error: unknown) => {
      if (request.method !== 'POST') response.setHeader('allow', 'POST');
      sendError(response, error, ({ code, message, correlationId, fields }) => (
        { errors: [{ message, extensions: { code, correlationId, fields } }] }));
    });
  };
}

async function admit(request: Request, authenticator: Authenticator, documents: RegisteredDocuments): Promise<void> {
  if (request.method !== 'POST') throw new DomainError('BAD_INPUT', 'GraphQL is POST only', { reason: 'POST only' });
  if (Number(request.headers['content-length'] ?? 0) > LIMITS.bodyBytes) throw new BodyTooLargeError(LIMITS.bodyBytes);
  await authenticator.identify(request);
  const body = await readJsonBody(request, LIMITS.bodyBytes);
  if (body === null || typeof body !== 'object' || Array.isArray(body)) throw new DomainError('BAD_INPUT', 'one request a body', { reason: 'not an object' });
  documents.admit((body as { query?: unknown }).query);
  request.body = body;
}
