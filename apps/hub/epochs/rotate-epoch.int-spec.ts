/** Rotation at the hub: real transactions under the application's and the worker's roles, overlaps and events as members see them. */
import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { signStatement, type PrivateJwk } from '#crypto';
import { AuditIntake } from '#domain/audit';
import { EpochsRepository, type RegisteredEpoch } from '#domain/epochs';
import { Directory, PartiesRepository } from '#domain/members';
import { MatchingRepository } from '#domain/overlaps';
import { ChangeEpochFlow, EpochFederation, EpochRecords, PinnedHolders } from '#flows/rotate-epoch';
import type { MemberId } from '#kernel';
import type { Actor } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { Outbox } from '#platform/queue';
import type { EpochAct } from '#protocol';
import { aClue, aRegisteredParty, someHolders, tokenOf, withTestDatabase, type SignedDocument, type TestHolders, type TestPartyRecord } from '#testing';
import { BankInEpochs, inEpoch } from '../test/support/bank-in-epochs.js';

const FEDERATION = 'test-federation';
const db = withTestDatabase();
const epochs = new EpochsRepository();
const matching = new MatchingRepository();
const STATED = { purpose: 'FRAUD_PREVENTION', legalBasis: { code: 'PUBLIC_INTEREST' } } as const;
let holders: TestHolders;
let coordinator: TestPartyRecord;

const actorOf = (id: string, role: Actor['role'] = 'member'): Actor => ({ partyId: id as MemberId, role, clientId: id, purpose: 'FRAUD_PREVENTION' });

const aBank = async (): Promise<BankInEpochs> => new BankInEpochs(db, (await aRegisteredParty('member').in(db.admin)).id as MemberId);

async function flow(pinned: TestHolders | null = holders): Promise<ChangeEpochFlow> {
  const { tenant } = await db.app();
  const records = new EpochRecords(new AuditIntake(), new Idempotency(), new Outbox());
  return new ChangeEpochFlow(tenant, epochs, new Directory(), new PartiesRepository(), records, new PinnedHolders(pinned?.pins ?? null), new EpochFederation(FEDERATION));
}
function act(epoch: number, digest: string, key: PrivateJwk, more: { stop?: true } & Partial<EpochAct> = {}): Promise<string> {
  const { stop, ...change } = more;
  const payload: EpochAct = { v: 1, federation: FEDERATION, epoch, digest, overlapDays: 30, time: new Date().toISOString(), ...change };
  return signStatement(stop ? 'tally-epoch-stop-order+1' : 'tally-epoch-announce+1', { ...payload }, key);
}
const request = (document: SignedDocument, jws: string) => ({ idempotencyKey: randomUUID(), document: JSON.stringify(document.jws), jws });
const officer = (): PrivateJwk => coordinator.officers[0]!.key;

async function announce(epoch: number, overlapDays = 30): Promise<RegisteredEpoch[]> {
  const manifest = holders.manifest(epoch);
  return (await flow()).announce(actorOf(coordinator.id, 'coordinator'), request(manifest, await act(epoch, manifest.digest, officer(), { overlapDays })));
}
async function stop(epoch: number): Promise<RegisteredEpoch[]> {
  const document = holders.stop(epoch);
  return (await flow()).stop(actorOf(coordinator.id, 'coordinator'), request(document, await act(epoch, document.digest, officer(), { stop: true, overlapDays: 0 })));
}
/** Lets the overlap with an epoch end, as if its days had passed. */
const overlapEnds = (epoch: number): Promise<unknown> => db.admin("update tally.epoch set announced_at = announced_at - interval '90 days', overlap_until = now() - interval '6 minutes' where epoch = $1", [epoch]);
/** Runs the erasures that are due, in small slices, each one time too often. */
async function erase(slice = 2): Promise<void> {
  const { system } = await db.worker();
  for (const { erasure_id: id } of await db.admin<{ erasure_id: string }>(`select erasure_id from tally.epoch_erasure d where finished_at is null
      and (reason = 'STOP' or exists (select from tally.epoch e where e.epoch = d.epoch and e.overlap_until < now())) order by epoch`)) {
    while (!(await system.run((tx) => epochs.eraseSlice(tx, id, slice))).done);
    expect(await system.run((tx) => epochs.eraseSlice(tx, id, slice))).toMatchObject({ examined: 0, erased: 0, done: true, coordinator: null });
  }
}
/** Everything that could still be tried against a key of these tokens' epoch. */
async function traces(...tokens: string[]): Promise<string[]> {
  const found: string[] = [];
  const columns = await db.admin<{ name: string }>(`select format('%I.%I %I', table_schema, table_name, column_name) as name
    from information_schema.columns where table_schema in ('tally', 'platform', 'audit', 'directory') and data_type in ('bytea', 'text', 'jsonb')`);
  for (const { name } of columns) {
    const [table, column] = name.split(' ');
    const rows = await db.admin(`select from ${table} t where to_jsonb(t) ->> $1 ~ $2`, [column!.replaceAll('"', ''), tokens.join('|')]);
    if (rows.length > 0) found.push(name);
  }
  return found;
}

describe(ChangeEpochFlow.name, () => {
  let a: BankInEpochs, b: BankInEpochs, c: BankInEpochs;
  beforeAll(async () => {
    holders = await someHolders(FEDERATION);
    coordinator = await aRegisteredParty('coordinator').in(db.admin);
  });
  beforeEach(async () => {
    await db.admin("update directory.party set status = 'EXPELLED' where role = 'member'");
    await db.admin('delete from tally.epoch; delete from tally.epoch_stop; delete from tally.epoch_erasure');
    [a, b, c] = [await aBank(), await aBank(), await aBank()];
  });

  describe('the register', () => {
    const coordinatorActor = (): Actor => actorOf(coordinator.id, 'coordinator');

    it('takes an epoch that t holders and an officer signed, tells each member once, and gives the same answer to a repeat', async () => {
      const manifest = holders.manifest(1);
      const input = request(manifest, await act(1, manifest.digest, officer()));
      const sut = await flow();
      const first = await sut.announce(coordinatorActor(), input);
      expect(first).toMatchObject([{ epoch: 1, state: 'CURRENT', manifestHash: manifest.digest, stoppedAt: null, erasedAt: null }]);
      expect(await sut.announce(coordinatorActor(), input)).toEqual(first);
      expect(await a.events()).toEqual(['EPOCH_ANNOUNCED']);
      expect(await announce(2)).toMatchObject([{ epoch: 2, state: 'CURRENT' }, { epoch: 1, state: 'OVERLAP' }]);
      expect(await sut.list(a.actor)).toMatchObject([{ epoch: 2 }, { epoch: 1 }]);
    });

    it('cannot be changed by the hub\'s operator with an officer, by holders without an officer, or by a member', async () => {
      const [few, strange, good] = [holders.manifest(2, [1]), (await someHolders(FEDERATION)).manifest(2), holders.manifest(2)];
      const elsewhere = (await someHolders('another-federation')).manifest(2);
      const outsider = await aRegisteredParty('member').in(db.admin);
      const cases: [SignedDocument, PrivateJwk, TestHolders | null, Partial<EpochAct>, string][] = [
        [few, officer(), holders, {}, 'SIGNATURE_INVALID'], [strange, officer(), holders, {}, 'SIGNATURE_INVALID'], [good, officer(), null, {}, 'KEY_NOT_TRUSTED'],
        [elsewhere, officer(), holders, {}, 'SIGNATURE_INVALID'], [good, outsider.officers[0]!.key, holders, {}, 'FORBIDDEN'],
        [good, officer(), holders, { digest: holders.manifest(2).digest }, 'DIGEST_MISMATCH'], [good, officer(), holders, { epoch: 3 }, 'DIGEST_MISMATCH'],
        [good, officer(), holders, { federation: 'another-federation' }, 'DIGEST_MISMATCH'],
      ];
      for (const [manifest, key, pinned, change, code] of cases) {
        const input = request(manifest, await act(2, manifest.digest, key, change));
        await expect((await flow(pinned)).announce(coordinatorActor(), input)).rejects.toMatchObject({ code });
      }
      const stopped = holders.stop(1, [3]);
      expect(() => new PinnedHolders(holders.pins).stop(stopped.jws, FEDERATION)).toThrow(expect.objectContaining({ code: 'SIGNATURE_INVALID' }) as Error);
      const asStop = request(good, await act(2, good.digest, officer(), { stop: true }));
      await expect((await flow()).announce(coordinatorActor(), asStop)).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
      await expect((await flow()).announce(a.actor, request(good, await act(2, good.digest, officer())))).rejects.toThrow(/row-level security/);
      expect(await db.admin('select from tally.epoch')).toEqual([]);
      expect(await a.events()).toEqual([]);
    });

    it('goes forward only: no epoch twice, none before the newest, none that was stopped', async () => {
      await announce(2);
      await expect(announce(2)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      await expect(announce(1)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      await stop(2);
      await expect(stop(2)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
      await expect(announce(2)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      await stop(3);
      await expect(announce(3)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    });

    it('takes clues of its open epochs only', async () => {
      await a.publish(1, aClue());
      await announce(1);
      expect((await a.publish(2, aClue())).items).toMatchObject([{ outcome: 'REFUSED', code: 'EPOCH_NOT_OPEN', field: 'epoch' }]);
      await announce(2);
      for (const epoch of [1, 2]) expect((await a.publish(epoch, aClue())).items).toMatchObject([{ outcome: 'ACCEPTED' }]);
      await overlapEnds(2);
      expect((await a.publish(1, aClue())).items).toMatchObject([{ code: 'EPOCH_NOT_OPEN' }]);
      await stop(2);
      expect((await a.publish(2, aClue())).items).toMatchObject([{ code: 'EPOCH_NOT_OPEN' }]);
    });
  });

  describe('an ordinary rotation', () => {
    const clue = (on: string, variants: string[] = []) => aClue({ on, variants });

    it('changes nothing that anybody sees: same overlaps, no event, whoever has moved; and the old epoch is gone in the end', async () => {
      const ofA = [clue('x', ['v']), clue('y'), clue('z')];
      const ofB = [clue('x'), clue('y', ['v'])];
      const ofC = [clue('x'), clue('w')];
      for (const [bank, clues] of [[a, ofA], [b, ofB], [c, ofC]] as const) await bank.publish(1, ...clues);
      expect(await c.check(tokenOf('y'))).toEqual(['TWO_OR_MORE']);
      await announce(2);
      const seen = async () => Promise.all([a, b, c].map(async (bank) => ({ overlaps: await bank.overlaps(), events: await bank.events() })));
      const before = await seen();
      expect(before.map(({ overlaps }) => overlaps.length)).toEqual([3, 3, 1]);
      for (const [bank, clues] of [[b, ofB], [a, ofA.slice(0, 1)], [c, ofC], [a, ofA]] as const) {
        await bank.move(2, clues, 1);
        expect(await seen()).toEqual(before);
      }
      await overlapEnds(2);
      expect(await seen()).toEqual(before);
      await erase();
      expect(await seen()).toEqual(before);
      const old = [...ofA, ...ofB, ...ofC].flatMap(({ forms }) => forms.map(({ token }) => token));
      expect(await traces(...old)).toEqual([]);
      expect(await db.admin('select from tally.clue_token where epoch = 1')).toEqual([]);
      expect(await db.admin('select from tally.clue_move where former_detail is not null')).toEqual([]);
      expect(await (await flow()).list(a.actor)).toMatchObject([{ epoch: 2, state: 'CURRENT' }]);
    });

    it('finds the traces it looks for, as long as they are there', async () => {
      const mine = clue('trace');
      await a.publish(1, mine);
      await b.publish(1, clue('trace'));
      await c.check(tokenOf('trace'));
      expect(await traces(mine.forms[0]!.token)).toEqual(expect.arrayContaining(['tally.clue exact_token', 'tally.clue_token token', 'tally.overlap token', 'tally.disclosure_hit token']));
    });

    it('lets a retraction reach everyone, between any two who have moved or not, and who only checked', async () => {
      for (const [moved, onOld] of [[[true, false], true], [[false, true], true], [[true, true], true], [[true, true], false]] as const) {
        const name = `r ${String(moved)} ${onOld}`;
        const [mine, theirs] = [clue(name), clue(name)];
        if ((await (await flow()).list(a.actor)).length === 0) { await a.publish(1, mine); await b.publish(1, theirs); await c.check(tokenOf(name)); await announce(2); }
        else { await a.publish(1, mine); await b.publish(1, theirs); await c.check(tokenOf(name)); }
        if (moved[0]) await a.move(2, [mine]);
        if (moved[1]) await b.move(2, [theirs]);
        if (!onOld) { await overlapEnds(2); await erase(); }
        const [told, asked] = [(await b.events()).length, (await c.events()).length];
        await a.retract(mine.clueId);
        expect((await b.events()).slice(told).sort()).toEqual(['CLUE_RETRACTED', 'OVERLAP_WITHDRAWN']);
        expect((await c.events()).slice(asked)).toEqual(['CLUE_RETRACTED']);
        expect((await b.overlaps()).find(({ clueId }) => clueId === theirs.clueId)).toMatchObject({ state: 'WITHDRAWN' });
      }
    });

    it('answers a check over both epochs once a value: each other member once, in whichever epoch its clue is', async () => {
      const [waits, moves, meets, theirs] = [clue('waits'), clue('moves'), clue('meets'), clue('meets')];
      await a.publish(1, waits, moves, meets);
      await b.publish(1, theirs);
      await announce(2);
      await a.move(2, [moves, meets]);
      await b.publish(2, clue('waits'), clue('new'));
      const names = ['waits', 'moves', 'meets', 'new', 'none'];
      expect(await c.check(...names.map((name) => inEpoch(tokenOf(name), 2)))).toEqual(['ONE', 'ONE', 'ONE', 'ONE', 'ZERO']);
      const { answers, disclosureId, remaining } = await c.checkBoth(...names);
      expect(answers.map(({ index, band }) => [index, band])).toEqual([[0, 'TWO_OR_MORE'], [1, 'ONE'], [2, 'TWO_OR_MORE'], [3, 'ONE'], [4, 'ZERO']]);
      expect(remaining).toBe(10_000 - 5 - 10);
      expect(await db.admin('select asked, hits from tally.disclosure where disclosure_id = $1', [disclosureId])).toEqual([{ asked: 5, hits: 4 }]);
      const told = (await c.events()).length;
      await a.retract(meets.clueId);
      expect((await c.events()).slice(told)).toEqual(['CLUE_RETRACTED', 'CLUE_RETRACTED']); // one for each of the two answers
      expect((await c.checkBoth('meets')).answers).toMatchObject([{ band: 'ONE' }]);
    });

    it('refuses former tokens that are not one for each', async () => {
      const { tenant } = await db.app();
      const ask = (former: string[]): Promise<unknown> => tenant.run(c.actor, (tx) => matching.check(tx, STATED, [tokenOf('x'), tokenOf('y')], former));
      for (const former of [[], [tokenOf('x')], [tokenOf('x'), tokenOf('y'), tokenOf('z')]]) await expect(ask(former)).rejects.toMatchObject({ code: '22023' });
      expect(await db.admin('select from tally.check_quota where member_id = $1', [c.id])).toEqual([]);
    });

    it('lets a retraction in the old epoch reach a member whose overlap names the token of the new one', async () => {
      const [mine, theirs] = [clue('named'), clue('named')];
      await a.publish(1, mine);
      await b.publish(1, theirs);
      await announce(2);
      await b.move(2, [theirs]);
      await c.publish(2, clue('named'));
      expect(await b.overlaps()).toMatchObject([{ others: 'TWO_OR_MORE' }]);
      await a.retract(mine.clueId);
      expect((await b.events()).slice(-2).sort()).toEqual(['CLUE_RETRACTED', 'OVERLAP_CHANGED']);
      expect(await b.overlaps()).toMatchObject([{ state: 'OPEN', others: 'ONE' }]);
    });

    it('finds a new overlap of moved clues, and one with a member that has not moved, once', async () => {
      const mine = clue('later');
      await a.publish(1, mine);
      await announce(2);
      await a.move(2, [mine]);
      await b.publish(1, clue('later'));
      expect((await a.events()).filter((kind) => kind === 'OVERLAP_OPENED')).toHaveLength(1);
      await c.publish(2, clue('later'));
      expect(await a.overlaps()).toMatchObject([{ others: 'TWO_OR_MORE' }]);
      expect((await a.events()).filter((kind) => kind.startsWith('OVERLAP'))).toEqual(['OVERLAP_OPENED', 'OVERLAP_CHANGED']);
    });

    it('ends what was not moved, truthfully; whoever comes late opens it again under the same id', async () => {
      const [mine, theirs] = [clue('late'), clue('late')];
      await a.publish(1, mine);
      await b.publish(1, theirs);
      const ids = [(await a.overlaps())[0]?.id, (await b.overlaps())[0]?.id];
      await announce(2);
      await a.move(2, [mine]);
      await overlapEnds(2);
      expect(await c.check(tokenOf('late'), inEpoch(tokenOf('late'), 2))).toEqual(['ZERO', 'ONE']);
      await erase();
      for (const bank of [a, b]) expect(await bank.overlaps()).toMatchObject([{ state: 'WITHDRAWN' }]);
      expect(await b.move(2, [theirs])).toMatchObject({ accepted: 1 });
      expect([(await a.overlaps())[0], (await b.overlaps())[0]]).toMatchObject(ids.map((id) => ({ id, state: 'OPEN' })));
      expect((await a.events()).filter((kind) => kind.startsWith('OVERLAP'))).toEqual(['OVERLAP_OPENED', 'OVERLAP_WITHDRAWN', 'OVERLAP_OPENED']);
    });

    it('moves an own live clue into the current epoch only, once, and says why it does not', async () => {
      const [mine, twin, gone, foreign] = [clue('m'), clue('twin'), clue('gone'), clue('foreign')];
      await a.publish(1, mine, twin, gone);
      await b.publish(1, foreign);
      await a.retract(gone.clueId);
      expect((await a.move(2, [mine])).refused).toMatchObject([{ code: 'EPOCH_NOT_OPEN' }]);
      await announce(2);
      const asTwin = { ...twin, forms: mine.forms };
      const other = { ...twin, clueId: uuidv7(), kindVersion: 'phone@1', forms: [{ kind: 'phone', strength: 'EXACT', token: tokenOf('m') }] };
      expect(await a.move(2, [mine, gone, foreign, other])).toMatchObject({ accepted: 1, alreadyKnown: 0 });
      expect((await a.move(2, [mine, asTwin, gone, foreign])).known).toEqual(expect.arrayContaining([[mine.clueId, mine.clueId], [twin.clueId, mine.clueId]]));
      const refused = (await a.move(2, [gone, foreign])).refused.map(({ clueId, code }) => [clueId, code]);
      expect(refused.sort()).toEqual([[gone.clueId, 'STATE_CONFLICT'], [foreign.clueId, 'NOT_FOUND']].sort());
      expect((await a.move(1, [twin])).refused).toMatchObject([{ code: 'EPOCH_NOT_OPEN' }]);
      expect(await db.admin('select from tally.clue_token where member_id = $1 and epoch = 2', [a.id])).toHaveLength(1);
    });
  });

  it('moves a thousand clues in one chunk, on tables that were never analysed', async () => {
    const own = Array.from({ length: 1_000 }, (_, i) => aClue({ on: `many ${i}` }));
    for (let from = 0; from < own.length; from += 500) await a.publish(1, ...own.slice(from, from + 500));
    await announce(2);
    const started = performance.now();
    expect(await a.move(2, own, 5_000)).toMatchObject({ received: 1_000, accepted: 1_000 });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  describe('a stop', () => {
    it('ends matching and checking at once, before anything is erased', async () => {
      const mine = aClue({ on: 'hot' });
      await a.publish(1, mine);
      await announce(1);
      expect(await c.check(tokenOf('hot'))).toEqual(['ONE']);
      expect(await stop(1)).toMatchObject([{ epoch: 1, state: 'STOPPED' }]);
      expect(await c.check(tokenOf('hot'))).toEqual(['ZERO']);
      await db.admin("update tally.publication set state = 'FINISHED'");
      expect((await b.publish(1, aClue({ on: 'hot' }))).items).toMatchObject([{ code: 'EPOCH_NOT_OPEN' }]);
      expect(await a.overlaps()).toEqual([]);
    });

    it('erases the tokens, withdraws what stood on them, and a retraction still reaches whoever was answered', async () => {
      const [mine, theirs] = [aClue({ on: 'told' }), aClue({ on: 'told' })];
      await a.publish(1, mine);
      await b.publish(1, theirs);
      await c.check(tokenOf('told'));
      await announce(1);
      await stop(1);
      await erase(1);
      for (const bank of [a, b]) expect(await bank.overlaps()).toMatchObject([{ state: 'WITHDRAWN' }]);
      expect(await traces(tokenOf('told'))).toEqual([]);
      await a.retract(mine.clueId);
      expect((await b.events()).at(-1)).toBe('CLUE_RETRACTED');
      expect((await c.events()).at(-1)).toBe('CLUE_RETRACTED');
      await announce(2);
      expect(await b.move(2, [theirs])).toMatchObject({ accepted: 1 });
    });

    it('waits for whoever is writing tokens: none of the old epoch comes in after it', async () => {
      const { tenant } = await db.app();
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => { release = resolve; });
      const writing = tenant.run(a.actor, async (tx) => { await tx.query('select match.hold_epochs()'); await held; });
      const stopping = stop(1);
      const first = await Promise.race([stopping.then(() => 'stopped'), new Promise((resolve) => { setTimeout(() => resolve('waits'), 300); })]);
      release();
      await Promise.all([writing, stopping]);
      expect(first).toBe('waits');
    });
  });

  it('erases no epoch that is not closed', async () => {
    await a.publish(1, aClue({ on: 'kept' }));
    await announce(2);
    const [row] = await db.admin<{ id: string }>('select erasure_id as id from tally.epoch_erasure');
    const { system } = await db.worker();
    await expect(system.run((tx) => epochs.eraseSlice(tx, row!.id, 10))).rejects.toThrow('not closed');
    expect(await traces(tokenOf('kept'))).not.toEqual([]);
  });
});
