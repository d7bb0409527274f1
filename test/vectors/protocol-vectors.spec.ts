import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createKernelEngine, createNobleEngine, createSodiumEngine } from '#crypto';
import { computeProtocolVectors } from '../../tools/vectors/protocol-vectors.js';

interface Published {
  federation: string; hub: string; epoch: number; clueId: string;
  tokens: { kind: string; value: string; x: string; y: string; token: string; sealKey: string }[];
}
const published = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../docs/protocol/test-vectors.json'), 'utf8')) as Published;

describe('docs/protocol/test-vectors.json', () => {
  it('is what libsodium computes', async () => expect(computeProtocolVectors(await createSodiumEngine())).toEqual(published));
  it('is what the kernel computes', async () => expect(computeProtocolVectors(await createKernelEngine())).toEqual(published));
  it('is what noble computes', async () => { expect(computeProtocolVectors(await createNobleEngine())).toEqual(published); });

  const lp = (bytes: Buffer): Buffer => Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 255), bytes]);
  it.each(published.tokens)('x, token and seal key of $kind follow from their definition, written out', ({ kind, value, x, y, token, sealKey }) => {
    const raw = value.startsWith('hex:') ? Buffer.from(value.slice(4), 'hex') : Buffer.from(value);
    expect(Buffer.concat([Buffer.from('tally1'), lp(Buffer.from(kind)), lp(Buffer.from(published.federation)), lp(raw)]).toString('hex')).toBe(x);
    const expand = (label: string, id: string): Buffer => {
      const epoch = Buffer.alloc(4);
      epoch.writeUInt32BE(published.epoch);
      const info = Buffer.concat([lp(Buffer.from(label)), lp(Buffer.from(published.hub)), epoch, lp(Buffer.from(id))]);
      return createHmac('sha512', Buffer.from(y, 'hex')).update(info).update(Buffer.of(1)).digest();
    };
    expect(expand('tok', '').subarray(0, 16).toString('hex')).toBe(token);
    expect(expand('seal', published.clueId).subarray(0, 32).toString('hex')).toBe(sealKey);
  });
});
