/**
 * The bytes of an uploaded chunk after its content coding, with the Content-Digest (RFC 9530) of what came over the wire checked at the
 * end: whoever reads to the end has bytes that arrived as they were sent. How much a small gzip may grow is bounded by the reader.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DomainError } from '#kernel';

const DIGEST = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*(?:,|$)/;

/** @throws DomainError BAD_INPUT for headers or gzip that cannot be read, DIGEST_MISMATCH */
export async function* chunkBytes(request: IncomingMessage): AsyncGenerator<Buffer> {
  const stated = statedDigest(request);
  const coding = request.headers['content-encoding'];
  if (coding !== undefined && coding !== 'gzip') throw new DomainError('BAD_INPUT', 'content coding', { field: 'content-encoding' });
  const hash = createHash('sha256');
  const wire = hashed(request, (piece) => hash.update(piece));
  yield* coding === 'gzip' ? gunzipped(wire) : wire;
  if (!timingSafeEqual(hash.digest(), stated)) throw new DomainError('DIGEST_MISMATCH', 'Content-Digest', { field: 'content-digest' });
}

function statedDigest(request: IncomingMessage): Buffer {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/x-ndjson(\s*;\s*charset=utf-8)?$/i.test(type)) throw new DomainError('BAD_INPUT', 'content type', { field: 'content-type' });
  const stated = DIGEST.exec(String(request.headers['content-digest'] ?? ''))?.[1];
  if (stated === undefined) throw new DomainError('BAD_INPUT', 'Content-Digest', { field: 'content-digest' });
  return Buffer.from(stated, 'base64');
}

// Not destroyed when a reader stops early: the socket has to carry the refusal.
async function* hashed(request: IncomingMessage, see: (piece: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    see(piece);
    yield piece;
  }
}

async function* gunzipped(wire: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  // Its error arrives through the iterator.
  pipeline(Readable.from(wire), gunzip, () => undefined);
  const pieces = gunzip[Symbol.asyncIterator]();
  for (;;) {
    const next = await pieces.next().catch(() => { throw new DomainError('BAD_INPUT', 'gzip', { field: 'body' }); });
    if (next.done === true) return;
    yield next.value as Buffer;
  }
}
