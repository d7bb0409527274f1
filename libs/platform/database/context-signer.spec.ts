import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { PartyId } from '#kernel';
import { contextPads, ContextSigner, parseContextKey } from './context-signer.js';

describe(contextPads.name, () => {
  it('gives HMAC-SHA-256 by two plain hashes, as PostgreSQL computes it (RFC 2104)', () => {
    const [key, message] = [randomBytes(32), randomBytes(100)];
    const { inner, outer } = contextPads(key);
    const hash = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
    expect(hash(outer, hash(inner, message))).toEqual(createHmac('sha256', key).update(message).digest());
  });
});

describe(ContextSigner.name, () => {
  it('binds actor, backend, transaction and an expiry of five seconds', () => {
    const signed = new ContextSigner(randomBytes(32)).sign(
      { partyId: 'p' as PartyId, role: 'member', clientId: 'c', purpose: null }, { pid: 7, xid: '9', nowMs: 1_000.7 });
    expect(signed).toMatch(/^[0-9a-f]{64}\./);
    expect(JSON.parse(signed.slice(65))).toEqual({ party: 'p', role: 'member', client: 'c', purpose: null, pid: 7, xid: '9', exp: 6_000 });
  });
  it('takes keys of 32 bytes only', () => {
    expect(() => new ContextSigner(randomBytes(31))).toThrow('32 bytes');
    expect(() => parseContextKey('ab'.repeat(31))).toThrow('64 hexadecimal');
    expect(parseContextKey(`${'ab'.repeat(32)}\n`)).toHaveLength(32);
  });
});
