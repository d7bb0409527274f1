import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEventLog } from '#platform/logging';
import { encodeOprfRequest, type SignedOprfRequest } from '#protocol';
import { FloodingService } from '#testing';
import { CombineBatchFlow } from './combine-batch.flow.js';
import { KeyHolderAddresses } from './key-holder-addresses.js';

const MEMBER = '0190a0a0-0000-7000-8000-000000000001';
const request: SignedOprfRequest = {
  manifestHash: new Uint8Array(32), batchId: Buffer.from('0190a0a000007000800000000000000b', 'hex'), quorum: [1, 2], budget: 'publish', memberId: MEMBER, kid: new Uint8Array(32), signedAtMs: 1,
  points: new Uint8Array(32).fill(2), signature: new Uint8Array(64),
};

describe(CombineBatchFlow.name, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tally-combine-'));
  const services = [new FloodingService(), new FloodingService()];
  afterAll(() => {
    services.forEach((service) => service.stop());
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes no more from a key-holder than an answer can be', async () => {
    for (const service of services) await service.start();
    const file = path.join(folder, 'holders.json');
    writeFileSync(file, JSON.stringify({ holders: services.map(({ url }, i) => ({ index: i + 1, url })) }));
    const sut = new CombineBatchFlow(new KeyHolderAddresses(file), createEventLog({ app: 'hub', level: 'silent' as never }));
    const actor = { partyId: MEMBER as never, role: 'member' as const, clientId: MEMBER, purpose: null };
    await expect(sut.run(actor, encodeOprfRequest(request, 'fast'))).rejects.toMatchObject({ code: 'KEY_HOLDERS_UNAVAILABLE', fields: { holders: ['1', '2'] } });
    for (const { sent } of services) expect(sent).toBeLessThan(16 * 1024 * 1024);
  });
});
