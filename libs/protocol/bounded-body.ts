/**
 * Reads the answer of a service that is not trusted: what is longer than it may be is cut off while it arrives, so that no holder and no
 * hub fills its reader's memory. A stated length is compared first; what is unpacked on the way counts unpacked.
 */
import { DomainError } from '#kernel';

/** @throws DomainError PAYLOAD_TOO_LARGE */
export async function boundedBody(response: Response, limitBytes: number): Promise<Uint8Array> {
  const tooLarge = new DomainError('PAYLOAD_TOO_LARGE', 'answer of a service', { limitBytes });
  if (Number(response.headers.get('content-length') ?? 0) > limitBytes) {
    await response.body?.cancel();
    throw tooLarge;
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > limitBytes) throw tooLarge; // leaving the loop cancels the stream
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
