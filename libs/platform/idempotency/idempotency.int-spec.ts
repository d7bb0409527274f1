import { randomUUID } from 'node:crypto';
import type { PartyId } from '#kernel';
import type { Actor } from '#platform/database';
import { withTestDatabase } from '#testing';
import { Idempotency } from './idempotency.js';

const db = withTestDatabase();
const sut = new Idempotency();
const anActor = (): Actor => ({ partyId: randomUUID() as PartyId, role: 'member', clientId: 'c', purpose: null });

async function call(actor: Actor, key: string, request: object, work: () => Promise<unknown>, operation = 'proposeCase'): Promise<unknown> {
  return (await db.app()).tenant.run(actor, (tx) => sut.run(tx, { operation, key, request }, work));
}

describe(Idempotency.name, () => {
  it('replays the stored answer without doing the work again, whatever the order of fields', async () => {
    const [actor, key] = [anActor(), randomUUID()];
    let runs = 0;
    const work = (): Promise<unknown> => Promise.resolve({ id: ++runs });
    expect(await call(actor, key, { a: 1, b: [2] }, work)).toEqual({ id: 1 });
    expect(await call(actor, key, { b: [2], a: 1 }, work)).toEqual({ id: 1 });
    expect(runs).toBe(1);
  });
  it('refuses another request under the same key', async () => {
    const [actor, key] = [anActor(), randomUUID()];
    await call(actor, key, { a: 1 }, () => Promise.resolve(1));
    await expect(call(actor, key, { a: 2 }, () => Promise.resolve(2))).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
  });
  it('keeps parties and operations apart', async () => {
    const key = randomUUID();
    const a = anActor();
    await call(a, key, { a: 1 }, () => Promise.resolve('first'));
    expect(await call(anActor(), key, { a: 2 }, () => Promise.resolve('other party'))).toBe('other party');
    expect(await call(a, key, { a: 2 }, () => Promise.resolve('other operation'), 'publish')).toBe('other operation');
  });
  it('lets one of many rivals work and gives the others its answer', async () => {
    const [actor, key] = [anActor(), randomUUID()];
    let runs = 0;
    const work = async (): Promise<unknown> => { await new Promise((resolve) => { setTimeout(resolve, 100); }); return { run: ++runs }; };
    const answers = await Promise.all([1, 2, 3, 4].map(() => call(actor, key, {}, work)));
    expect(answers).toEqual(Array(4).fill({ run: 1 }));
  });
  it('forgets the key of a request that failed', async () => {
    const [actor, key] = [anActor(), randomUUID()];
    await expect(call(actor, key, {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await call(actor, key, {}, () => Promise.resolve('yes'))).toBe('yes');
  });
  it.each(['short', 'x'.repeat(65), 'has spaces in its middle'])('refuses the key %s', async (key) => {
    await expect(call(anActor(), key, {}, () => Promise.resolve(1))).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});
