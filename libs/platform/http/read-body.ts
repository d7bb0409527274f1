/**
 * Reads a JSON request body ourselves, after the caller is known: bounded while it arrives, application/json only, no
 * content coding (a small gzip of a large body would pass the bound), UTF-8 that is valid.
 */
import type { IncomingMessage } from 'node:http';
import { DomainError } from '#kernel';

export const DEFAULT_BODY_BYTES = 256 * 1024;

export class BodyTooLargeError extends DomainError {
  constructor(limit: number) {
    super('PAYLOAD_TOO_LARGE', 'body over its limit', { limitBytes: limit });
  }
}
export class BodyNotAcceptedError extends DomainError {
  constructor(reason: string) {
    super('BAD_INPUT', `body refused: ${reason}`, { reason });
  }
}

/** @throws BodyNotAcceptedError, BodyTooLargeError */
export async function readJsonBody(request: IncomingMessage, limit: number = DEFAULT_BODY_BYTES): Promise<unknown> {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/json(\s*;\s*charset=utf-8)?$/i.test(type)) throw new BodyNotAcceptedError('content type must be application/json');
  return parse(await readBytes(request, limit));
}

/** The raw body of at most `limit` bytes. @throws BodyNotAcceptedError, BodyTooLargeError */
export async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (request.headers['content-encoding'] !== undefined) throw new BodyNotAcceptedError('content encoding');
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new BodyTooLargeError(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new BodyTooLargeError(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new BodyNotAcceptedError('not JSON');
  }
}
