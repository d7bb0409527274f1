import { randomBytes, randomUUID } from 'node:crypto';
import { withTestDatabase } from '#testing';
import type { PartyId } from '#kernel';
import { ContextSigner, type Actor } from './context-signer.js';
import { TenantTx } from './tenant-tx.js';

const db = withTestDatabase();
const anActor = (): Actor => ({ partyId: randomUUID() as PartyId, role: 'member', clientId: 'c|1', purpose: 'FRAUD_PREVENTION' });
const whoami = 'select sec.party() as party, sec.role() as role, sec.client() as client, sec.purpose() as purpose, current_user::text as login';
const PUT = `insert into platform.idempotency_key (party_id, operation, key, request_hash) values ($1, 'op', $2, sha256('x'))`;
const anIdempotencyKey = (): string => randomUUID();

describe(TenantTx.name, () => {
  it('carries the actor to the policies, as the application role', async () => {
    const { tenant: sut } = await db.app();
    const actor = anActor();
    const [row] = await sut.run(actor, (tx) => tx.query(whoami));
    expect(row).toEqual({ party: actor.partyId, role: 'member', client: 'c|1', purpose: 'FRAUD_PREVENTION', login: 'tally_app' });
  });

  it('shows a party its own rows and nobody else’s', async () => {
    const { tenant: sut, system } = await db.app();
    const [a, b] = [anActor(), anActor()];
    await sut.run(a, (tx) => tx.query(PUT, [a.partyId, anIdempotencyKey()]));
    const count = 'select count(*)::int as n from platform.idempotency_key';
    expect(await sut.run(a, (tx) => tx.query(count))).toEqual([{ n: 1 }]);
    expect(await sut.run(b, (tx) => tx.query(count))).toEqual([{ n: 0 }]);
    expect(await system.run((tx) => tx.query(count))).toEqual([{ n: 0 }]);
    await expect(sut.run(b, (tx) => tx.query(PUT, [a.partyId, anIdempotencyKey()]))).rejects.toMatchObject({ code: '42501' });
  });

  it('leaves no context behind on the connection', async () => {
    const { tenant: sut, source } = await db.app();
    await sut.run(anActor(), (tx) => tx.query('select 1'));
    const rows = await source.query('select sec.party() as party') as unknown[];
    expect(rows).toEqual([{ party: null }]);
  });

  it('rolls back everything when the callback throws, and gives the connection back', async () => {
    const { tenant: sut } = await db.app();
    const a = anActor();
    for (let i = 0; i < 12; i++) {
      await expect(sut.run(a, async (tx) => {
        await tx.query(PUT, [a.partyId, anIdempotencyKey()]);
        throw new Error('no');
      })).rejects.toThrow('no');
    }
    expect(await sut.run(a, (tx) => tx.query('select 1 from platform.idempotency_key'))).toEqual([]);
  });

  it('throws when a callback swallowed a database error', async () => {
    const { tenant: sut } = await db.app();
    await expect(sut.run(anActor(), (tx) => tx.query('select 1/0').catch(() => 'swallowed'))).rejects.toThrow('aborted');
  });

  it('refuses statements after the transaction has ended', async () => {
    const { tenant: sut } = await db.app();
    const leaked = await sut.run(anActor(), (tx) => Promise.resolve({ tx }));
    await expect(leaked.tx.query('select 1')).rejects.toThrow('has ended');
    expect(() => leaked.tx.client).toThrow('has ended');
  });

  it('runs the whole callback again after a deadlock', async () => {
    const { tenant: sut } = await db.app();
    await db.admin(`create table platform.deadlock_probe as select i, 0 as n from generate_series(1, 2) i; grant select, update on platform.deadlock_probe to tally_app`);
    let runs = 0;
    let meet = (): void => undefined;
    const both = new Promise<void>((resolve) => { let here = 0; meet = () => { if (++here === 2) resolve(); }; });
    const touch = (first: number, second: number): Promise<unknown> => sut.run(anActor(), async (tx) => {
      runs++;
      await tx.query('update platform.deadlock_probe set n = n + 1 where i = $1', [first]);
      meet();
      await both;
      await tx.query('update platform.deadlock_probe set n = n + 1 where i = $1', [second]);
    });
    await Promise.all([touch(1, 2), touch(2, 1)]);
    expect(runs).toBe(3);
    expect(await db.admin('select n from platform.deadlock_probe')).toEqual([{ n: 2 }, { n: 2 }]);
  });

  it('signs anew in a transaction longer than the context lives', async () => {
    const { tenant: sut } = await db.app();
    const actor = anActor();
    const rows = await sut.run(actor, async (tx) => {
      await new Promise((resolve) => { setTimeout(resolve, 5_300); });
      return tx.query('select sec.party() as party');
    });
    expect(rows).toEqual([{ party: actor.partyId }]);
  });
});

describe('signed context', () => {
  const refused = { code: '28000' };
  const signWith = (key: Uint8Array, change: (real: { pid: number; xid: string; nowMs: number }) => { pid: number; xid: string; nowMs: number }) =>
    async (): Promise<unknown> => {
      const { system } = await db.app();
      return system.run(async (tx) => {
        const [real] = await tx.query<{ pid: number; xid: string }>('select pg_backend_pid() as pid, pg_current_xact_id()::text as xid');
        const context = new ContextSigner(key).sign(anActor(), change({ pid: real?.pid ?? 0, xid: real?.xid ?? '', nowMs: Date.now() }));
        await tx.query("select set_config('tally.context', $1, true)", [context]);
        return tx.query('select sec.party() as party');
      });
    };
  const key = Buffer.from(db.contextKeys.app, 'hex');

  it('is believed when everything is right (the control of the refusals below)', async () => {
    await expect(signWith(key, (real) => real)()).resolves.toEqual([{ party: expect.any(String) as string }]);
  });
  it('is refused under a foreign key', () => expect(signWith(randomBytes(32), (real) => real)()).rejects.toMatchObject(refused));
  it('is refused under the worker’s key', () =>
    expect(signWith(Buffer.from(db.contextKeys.worker, 'hex'), (real) => real)()).rejects.toMatchObject(refused));
  it('is refused for another backend', () => expect(signWith(key, (real) => ({ ...real, pid: real.pid + 1 }))()).rejects.toMatchObject(refused));
  it('is refused for another transaction', () => expect(signWith(key, (real) => ({ ...real, xid: '3' }))()).rejects.toMatchObject(refused));
  it('is refused when expired', () => expect(signWith(key, (real) => ({ ...real, nowMs: real.nowMs - 6_000 }))()).rejects.toMatchObject(refused));

  it.each(['x', '.', `${'0'.repeat(64)}.{}`, `${'0'.repeat(64)}{}`])('is refused when it is junk: %s', async (junk) => {
    const { system } = await db.app();
    await expect(system.run(async (tx) => {
      await tx.query("select set_config('tally.context', $1, true)", [junk]);
      return tx.query('select 1 from platform.idempotency_key where sec.party() is not null');
    })).rejects.toThrow();
  });

  it('has keys that no login can read', async () => {
    for (const role of [await db.app(), await db.worker()]) {
      await expect(role.system.run((tx) => tx.query('select 1 from sec.context_key'))).rejects.toMatchObject({ code: '42501' });
    }
  });
});

describe('a connection that dies', () => {
  it('fails the transaction, and the pool goes on', async () => {
    const { tenant } = await db.app();
    const actor = anActor();
    for (let i = 0; i < 8; i++) { // more often than the pool has connections
      await expect(tenant.run(actor, async (tx) => {
        const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
        await db.admin('select pg_terminate_backend($1)', [row?.pid]);
        await tx.query(PUT, [actor.partyId, anIdempotencyKey()]);
      })).rejects.toThrow();
    }
    expect(await tenant.run(actor, (tx) => tx.query('select 1 from platform.idempotency_key'))).toEqual([]);
  });
});
