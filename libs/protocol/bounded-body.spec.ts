import { boundedBody } from './bounded-body.js';

describe(boundedBody.name, () => {
  let taken = 0;
  let cancelled = false;
  /** Without end, as far as its reader goes on. */
  const endless = (): Response => new Response(new ReadableStream({
    pull: (controller) => { taken += 1; controller.enqueue(new Uint8Array(1_000)); },
    cancel: () => { cancelled = true; },
  }));
  beforeEach(() => { [taken, cancelled] = [0, false]; });

  it('gives the bytes of an answer that is as long as it may be', async () => {
    expect(await boundedBody(new Response('12345'), 5)).toEqual(new TextEncoder().encode('12345'));
    expect(await boundedBody(new Response(null), 5)).toEqual(new Uint8Array(0));
  });
  it('refuses one byte more, stated or not, and stops reading', async () => {
    const refused = expect.objectContaining({ code: 'PAYLOAD_TOO_LARGE' }) as Error;
    await expect(boundedBody(new Response('123456'), 5)).rejects.toThrow(refused);
    await expect(boundedBody(new Response('12345', { headers: { 'content-length': '9' } }), 5)).rejects.toThrow(refused);
    await expect(boundedBody(endless(), 10_000)).rejects.toThrow(refused);
    expect([taken <= 13, cancelled]).toEqual([true, true]);
  });
});
