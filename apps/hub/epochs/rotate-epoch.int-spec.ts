/** Rotation at the hub: real transactions under the application's and the worker's roles, overlaps and events as members see them. */
import { v7 as uuidv7 } from 'uuid';
import type { PrivateJwk } from '#crypto';
import { ChangeEpochFlow, PinnedHolders } from '#flows/rotate-epoch';
import type { Actor } from '#platform/database';
import type { EpochAct } from '#protocol';
import { aClue, aRegisteredParty, someHolders, tokenOf, withTestDatabase, type SignedDocument, type TestHolders, type TestPartyRecord } from '#testing';
import { act, actorOf, epochs, EpochRotation, inEpoch, request, ROTATING_FEDERATION, type RotatingBank } from '../test/support/epoch-rotation.js';

const db = withTestDatabase();
const rotation = new EpochRotation(db);
let holders: TestHolders;
let coordinator: TestPartyRecord;

describe(ChangeEpochFlow.name, () => {
  let a: RotatingBank, b: RotatingBank, c: RotatingBank;
  beforeAll(async () => {
    await rotation.begin();
    ({ holders, coordinator } = rotation);
  });
  beforeEach(async () => { [a, b, c] = await rotation.threeBanks(); });

  describe('the register', () => {
    const coordinatorActor = (): Actor => actorOf(coordinator.id, 'coordinator');

    it('takes an epoch that t holders and an officer signed, tells each member once, and gives the same answer to a repeat', async () => {
      const manifest = holders.manifest(1);
      const input = request(manifest, await act(1, manifest.digest, rotation.officer()));
      const sut = await rotation.flow();
      const first = await sut.announce(coordinatorActor(), input);
      expect(first).toMatchObject([{ epoch: 1, state: 'CURRENT', manifestHash: manifest.digest, stoppedAt: null, erasedAt: null }]);
      expect(await sut.announce(coordinatorActor(), input)).toEqual(first);
      expect(await a.events()).toEqual(['EPOCH_ANNOUNCED']);
      expect(await rotation.announce(2)).toMatchObject([{ epoch: 2, state: 'CURRENT' }, { epoch: 1, state: 'OVERLAP' }]);
      expect(await sut.list(a.actor)).toMatchObject([{ epoch: 2 }, { epoch: 1 }]);
    });

    it('cannot be changed by the hub\'s operator with an officer, by holders without an officer, or by a member', async () => {
      const [few, strange, good] = [holders.manifest(2, [1]), (await someHolders(ROTATING_FEDERATION)).manifest(2), holders.manifest(2)];
      const elsewhere = (await someHolders('another-federation')).manifest(2);
      const outsider = await aRegisteredParty('member').in(db.admin);
      const cases: [SignedDocument, PrivateJwk, TestHolders | null, Partial<EpochAct>, string][] = [
        [few, rotation.officer(), holders, {}, 'SIGNATURE_INVALID'], [strange, rotation.officer(), holders, {}, 'SIGNATURE_INVALID'], [good, rotation.officer(), null, {}, 'KEY_NOT_TRUSTED'],
        [elsewhere, rotation.officer(), holders, {}, 'SIGNATURE_INVALID'], [good, outsider.officers[0]!.key, holders, {}, 'FORBIDDEN'],
        [good, rotation.officer(), holders, { digest: holders.manifest(2).digest }, 'DIGEST_MISMATCH'], [good, rotation.officer(), holders, { epoch: 3 }, 'DIGEST_MISMATCH'],
        [good, rotation.officer(), holders, { federation: 'another-federation' }, 'DIGEST_MISMATCH'],
      ];
      for (const [manifest, key, pinned, change, code] of cases) {
        const input = request(manifest, await act(2, manifest.digest, key, change));
        await expect((await rotation.flow(pinned)).announce(coordinatorActor(), input)).rejects.toMatchObject({ code });
      }
      const stopped = holders.stop(1, [3]);
      expect(() => new PinnedHolders(holders.pins).stop(stopped.jws, ROTATING_FEDERATION)).toThrow(expect.objectContaining({ code: 'SIGNATURE_INVALID' }) as Error);
      const asStop = request(good, await act(2, good.digest, rotation.officer(), { stop: true }));
      await expect((await rotation.flow()).announce(coordinatorActor(), asStop)).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
      await expect((await rotation.flow()).announce(a.actor, request(good, await act(2, good.digest, rotation.officer())))).rejects.toThrow(/row-level security/);
      expect(await db.admin('select from tally.epoch')).toEqual([]);
      expect(await a.events()).toEqual([]);
    });

    it('goes forward only: no epoch twice, none before the newest, none that was stopped', async () => {
      await rotation.announce(2);
      await expect(rotation.announce(2)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      await expect(rotation.announce(1)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      await rotation.stop(2);
      await expect(rotation.stop(2)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
      await expect(rotation.announce(2)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      await rotation.stop(3);
      await expect(rotation.announce(3)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    });

    it('takes clues of its open epochs only', async () => {
      await a.publish(1, aClue());
      await rotation.announce(1);
      expect((await a.publish(2, aClue())).items).toMatchObject([{ outcome: 'REFUSED', code: 'EPOCH_NOT_OPEN', field: 'epoch' }]);
      await rotation.announce(2);
      for (const epoch of [1, 2]) expect((await a.publish(epoch, aClue())).items).toMatchObject([{ outcome: 'ACCEPTED' }]);
      await rotation.overlapEnds(2);
      expect((await a.publish(1, aClue())).items).toMatchObject([{ code: 'EPOCH_NOT_OPEN' }]);
      await rotation.stop(2);
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
      await rotation.announce(2);
      const seen = async () => Promise.all([a, b, c].map(async (bank) => ({ overlaps: await bank.overlaps(), events: await bank.events() })));
      const before = await seen();
      expect(before.map(({ overlaps }) => overlaps.length)).toEqual([3, 3, 1]);
      for (const [bank, clues] of [[b, ofB], [a, ofA.slice(0, 1)], [c, ofC], [a, ofA]] as const) {
        await bank.move(2, clues, 1);
        expect(await seen()).toEqual(before);
      }
      await rotation.overlapEnds(2);
      expect(await seen()).toEqual(before);
      await rotation.erase();
      expect(await seen()).toEqual(before);
      const old = [...ofA, ...ofB, ...ofC].flatMap(({ forms }) => forms.map(({ token }) => token));
      expect(await rotation.traces(...old)).toEqual([]);
      expect(await db.admin('select from tally.clue_token where epoch = 1')).toEqual([]);
      expect(await db.admin('select from tally.clue_move where former_detail is not null')).toEqual([]);
      expect(await (await rotation.flow()).list(a.actor)).toMatchObject([{ epoch: 2, state: 'CURRENT' }]);
    });

    it('finds the traces it looks for, as long as they are there', async () => {
      const mine = clue('trace');
      await a.publish(1, mine);
      await b.publish(1, clue('trace'));
      await c.check(tokenOf('trace'));
      expect(await rotation.traces(mine.forms[0]!.token)).toEqual(expect.arrayContaining(['tally.clue exact_token', 'tally.clue_token token', 'tally.overlap token', 'tally.disclosure_hit token']));
    });

    it('lets a retraction reach everyone, between any two who have moved or not, and who only checked', async () => {
      for (const [moved, onOld] of [[[true, false], true], [[false, true], true], [[true, true], true], [[true, true], false]] as const) {
        const name = `r ${String(moved)} ${onOld}`;
        const [mine, theirs] = [clue(name), clue(name)];
        if ((await (await rotation.flow()).list(a.actor)).length === 0) { await a.publish(1, mine); await b.publish(1, theirs); await c.check(tokenOf(name)); await rotation.announce(2); }
        else { await a.publish(1, mine); await b.publish(1, theirs); await c.check(tokenOf(name)); }
        if (moved[0]) await a.move(2, [mine]);
        if (moved[1]) await b.move(2, [theirs]);
        if (!onOld) { await rotation.overlapEnds(2); await rotation.erase(); }
        const [told, asked] = [(await b.events()).length, (await c.events()).length];
        await a.retract(mine.clueId);
        expect((await b.events()).slice(told).sort()).toEqual(['CLUE_RETRACTED', 'OVERLAP_WITHDRAWN']);
        expect((await c.events()).slice(asked)).toEqual(['CLUE_RETRACTED']);
        expect((await b.overlaps()).find(({ clueId }) => clueId === theirs.clueId)).toMatchObject({ state: 'WITHDRAWN' });
      }
    });

    it('lets a retraction in the old epoch reach a member whose overlap names the token of the new one', async () => {
      const [mine, theirs] = [clue('named'), clue('named')];
      await a.publish(1, mine);
      await b.publish(1, theirs);
      await rotation.announce(2);
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
      await rotation.announce(2);
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
      await rotation.announce(2);
      await a.move(2, [mine]);
      await rotation.overlapEnds(2);
      expect(await c.check(tokenOf('late'), inEpoch(tokenOf('late'), 2))).toEqual(['ZERO', 'ONE']);
      await rotation.erase();
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
      await rotation.announce(2);
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
    await rotation.announce(2);
    const started = performance.now();
    expect(await a.move(2, own, 5_000)).toMatchObject({ received: 1_000, accepted: 1_000 });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  describe('a stop', () => {
    it('ends matching and checking at once, before anything is erased', async () => {
      const mine = aClue({ on: 'hot' });
      await a.publish(1, mine);
      await rotation.announce(1);
      expect(await c.check(tokenOf('hot'))).toEqual(['ONE']);
      expect(await rotation.stop(1)).toMatchObject([{ epoch: 1, state: 'STOPPED' }]);
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
      await rotation.announce(1);
      await rotation.stop(1);
      await rotation.erase(1);
      for (const bank of [a, b]) expect(await bank.overlaps()).toMatchObject([{ state: 'WITHDRAWN' }]);
      expect(await rotation.traces(tokenOf('told'))).toEqual([]);
      await a.retract(mine.clueId);
      expect((await b.events()).at(-1)).toBe('CLUE_RETRACTED');
      expect((await c.events()).at(-1)).toBe('CLUE_RETRACTED');
      await rotation.announce(2);
      expect(await b.move(2, [theirs])).toMatchObject({ accepted: 1 });
    });

    it('waits for whoever is writing tokens: none of the old epoch comes in after it', async () => {
      const { tenant } = await db.app();
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => { release = resolve; });
      const writing = tenant.run(a.actor, async (tx) => { await tx.query('select match.hold_epochs()'); await held; });
      const stopping = rotation.stop(1);
      const first = await Promise.race([stopping.then(() => 'stopped'), new Promise((resolve) => { setTimeout(() => resolve('waits'), 300); })]);
      release();
      await Promise.all([writing, stopping]);
      expect(first).toBe('waits');
    });
  });

  it('erases no epoch that is not closed', async () => {
    await a.publish(1, aClue({ on: 'kept' }));
    await rotation.announce(2);
    const [row] = await db.admin<{ id: string }>('select erasure_id as id from tally.epoch_erasure');
    const { system } = await db.worker();
    await expect(system.run((tx) => epochs.eraseSlice(tx, row!.id, 10))).rejects.toThrow('not closed');
    expect(await rotation.traces(tokenOf('kept'))).not.toEqual([]);
  });
});
