import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { decodeOprfRequest, encodeFastVector, encodeOprfRequest, OPRF_MEDIA_TYPE } from '#protocol';
import type { CellRegistry, CellRequest, RefusalWorld } from './cell.js';

const QUORUM = [1, 2];
const SIGNATURE = new Uint8Array(64);
/** An element: the generator (RFC 9496 A.1). */
const POINT = Uint8Array.from(Buffer.from('e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76', 'hex'));

/** Key-holders that answer the points they were given; the hub does not look whether they are right. */
async function echoingHolders(file: string): Promise<void> {
  const urls = await Promise.all(QUORUM.map((holderIndex) => new Promise<string>((resolve) => {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        const batch = decodeOprfRequest(new Uint8Array(Buffer.concat(chunks)), 'fast');
        response.setHeader('connection', 'close');
        response.end(encodeFastVector({ ...batch, holderIndex, signature: SIGNATURE }));
      });
    });
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).unref();
  })));
  writeFileSync(file, JSON.stringify({ holders: urls.map((url, i) => ({ index: QUORUM[i], url })) }));
}

function combineOf(world: RefusalWorld): CellRequest {
  const batch = encodeOprfRequest({
    manifestHash: new Uint8Array(32), batchId: new Uint8Array(16).fill(7), quorum: QUORUM, budget: 'publish', memberId: world.lead.id, kid: new Uint8Array(32), signedAtMs: Date.now(),
    points: POINT, signature: SIGNATURE,
  }, 'fast');
  return { method: 'POST', route: '/v1/oprf/combine', headers: { 'content-type': OPRF_MEDIA_TYPE }, body: batch };
}

export const OPRF_CELLS: CellRegistry = {
  'POST /v1/oprf/combine': {
    owner: 'member',
    sample: async (world) => {
      await echoingHolders(world.hub.keyHoldersFile);
      return { request: combineOf(world) };
    },
    foreign: { code: 'FORBIDDEN' },
  },
};
