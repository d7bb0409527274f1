/** What members meet while they move: a check over two epochs, texts, and warned tokens. */
import { aClue, aText, tokenOf, withTestDatabase, type ClueWords } from '#testing';
import { EpochRotation, inEpoch, matching, STATED, type RotatingBank } from '../test/support/epoch-rotation.js';

const db = withTestDatabase();
const rotation = new EpochRotation(db);
const clue = (on: string, change: Partial<ClueWords> = {}): ClueWords => aClue({ on, ...change });

describe('members in two epochs', () => {
  let a: RotatingBank, b: RotatingBank, c: RotatingBank;
  beforeAll(() => rotation.begin());
  beforeEach(async () => { [a, b, c] = await rotation.threeBanks(); });

  it('answers a check over both epochs once a value, as the epoch does in which more members hold it', async () => {
    const [waits, moves, meets, theirs] = [clue('waits'), clue('moves'), clue('meets'), clue('meets')];
    await a.publish(1, waits, moves, meets);
    await b.publish(1, theirs);
    await rotation.announce(2);
    await a.move(2, [moves, meets]);
    await b.publish(2, clue('waits'), clue('new'));
    const names = ['waits', 'moves', 'meets', 'new', 'none'];
    expect(await c.check(...names.map((name) => inEpoch(tokenOf(name), 2)))).toEqual(['ONE', 'ONE', 'ONE', 'ONE', 'ZERO']);
    const { answers, disclosureId, remaining } = await c.checkBoth(...names);
    expect(answers.map(({ index, band }) => [index, band])).toEqual([[0, 'ONE'], [1, 'ONE'], [2, 'TWO_OR_MORE'], [3, 'ONE'], [4, 'ZERO']]);
    expect(remaining).toBe(10_000 - 5 - 10);
    expect(await db.admin('select asked, hits from tally.disclosure where disclosure_id = $1', [disclosureId])).toEqual([{ asked: 5, hits: 4 }]);
    const told = (await c.events()).length;
    await a.retract(meets.clueId);
    expect((await c.events()).slice(told)).toEqual(['CLUE_RETRACTED', 'CLUE_RETRACTED']); // one for each of the two answers
    expect((await c.checkBoth('meets')).answers).toMatchObject([{ band: 'ONE' }]);
  });

  it('tells whoever pairs the tokens of two values nothing of whether one member holds both', async () => {
    await a.publish(1, clue('x'), clue('y'));
    await b.publish(1, clue('z'));
    const { tenant } = await db.app();
    const paired = (one: string, other: string) => tenant.run(c.actor, (tx) => matching.check(tx, STATED, [tokenOf(one)], [tokenOf(other)]));
    const [same, another] = [await paired('x', 'y'), await paired('x', 'z')];
    expect(same.answers).toMatchObject([{ band: 'ONE' }]);
    expect(another.answers).toEqual(same.answers);
  });

  it('refuses former tokens that are not one for each', async () => {
    const { tenant } = await db.app();
    const ask = (former: string[]): Promise<unknown> => tenant.run(c.actor, (tx) => matching.check(tx, STATED, [tokenOf('x'), tokenOf('y')], former));
    for (const former of [[], [tokenOf('x')], [tokenOf('x'), tokenOf('y'), tokenOf('z')]]) await expect(ask(former)).rejects.toMatchObject({ code: '22023' });
    expect(await db.admin('select from tally.check_quota where member_id = $1', [c.id])).toEqual([]);
  });

  it('meet by texts in two epochs as in one: nothing changes when either moves, and the old bands are gone in the end', async () => {
    const [mine, theirs, far] = [aText(['a', 'b', 'c', 'd']), aText(['a', 'b', 'c', 'd']), aText(['a', 'b', 'c'])];
    await a.publish(1, mine);
    await b.publish(1, theirs);
    await c.publish(1, far);
    await rotation.announce(2);
    const seen = (): Promise<unknown> => Promise.all([a, b, c].map(async (bank) => [await bank.overlaps(), await bank.events()]));
    const before = await seen();
    expect((await a.overlaps()).map(({ kind, others, strength }) => [kind, others, strength])).toEqual([['complaint_text', 'ONE', 'WEAK']]);
    for (const [bank, text] of [[a, mine], [c, far], [b, theirs]] as const) {
      expect(await bank.move(2, [text])).toMatchObject({ accepted: 1 });
      expect(await seen()).toEqual(before);
    }
    await rotation.overlapEnds(2);
    await rotation.erase();
    expect(await seen()).toEqual(before);
    expect(await db.admin('select distinct epoch::int as epoch, live from tally.text_band')).toEqual([{ epoch: 2, live: true }]);
    expect(await db.admin("select 1 from tally.clue_token where kind = 'complaint_text' and live")).toEqual([]);
    expect(await db.admin('select 1 from tally.text_band t join tally.clue k using (member_id, clue_id) where t.expires_at <> k.expires_at')).toEqual([]);
    await a.retract(mine.clueId);
    expect((await b.overlaps())[0]).toMatchObject({ state: 'WITHDRAWN' });
  });

  it('meet by a text that moved when the other was published into the new epoch', async () => {
    const [mine, theirs] = [aText(['p', 'q', 'r', 's']), aText(['p', 'q', 'r', 's'])];
    await a.publish(1, mine);
    await rotation.announce(2);
    await b.publish(2, theirs);
    expect(await b.overlaps()).toEqual([]);
    await a.move(2, [mine]);
    for (const bank of [a, b]) expect(await bank.overlaps()).toMatchObject([{ kind: 'complaint_text', state: 'OPEN' }]);
  });

  it('move a text with its bands and nothing sealed, and other clues without', async () => {
    const [text, word] = [aText(['x']), clue('word')];
    await a.publish(1, text, word);
    await rotation.announce(2);
    const { bands, ...bare } = text;
    const wrong = await a.move(2, [{ ...bare, detail: '' }, { ...word, bands } as never, { ...text, bands: bands.slice(1) }]);
    expect(wrong.refused.map(({ code, field }) => [code, field])).toEqual([['BAD_INPUT', 'detail'], ['BAD_INPUT', 'bands'], ['BAD_INPUT', 'bands']]);
  });
});
