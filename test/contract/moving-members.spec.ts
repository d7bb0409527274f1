/**
 * A new epoch as an agent meets it: two banks, of which one moves and the other has not yet, with real holders that answer both epochs.
 */
import type { PartyHome } from '#sdk';
import { STATED, withAgentNetwork } from './agent-network.js';

describe('members that move to a new epoch at different times', () => {
  const network = withAgentNetwork();
  let first: PartyHome;
  let second: PartyHome;
  const number = (n: number): [string, string] => ['phone', `133${23_000_000 + n}`];

  beforeAll(async () => {
    [first, second] = network.banks;
    expect(await network.publish(second, network.csv('second.csv', [number(1), number(2)]))).toMatchObject({ exit: 0 });
    await network.rotate();
  });

  /** Whether each number is a hit, as `tally check` says it. */
  const check = async (home: PartyHome, ...n: number[]): Promise<{ hits: boolean[]; err: string }> => {
    const ran = await network.tally(home, ['check', '-', '--kind', 'phone', ...STATED, '--json'], n.map((one) => `${number(one)[1]}\n`).join(''));
    expect([ran.exit, ran.err]).toEqual([0, expect.any(String)]);
    return { hits: (JSON.parse(ran.out) as { hit: boolean }[]).map(({ hit }) => hit), err: ran.err };
  };
  const evaluated = async (home: PartyHome): Promise<number> => (await network.used(home)).reduce((a, b) => a + b, 0);

  describe('a check', () => {
    it('finds clues of either epoch, and asks a second time without an evaluation', async () => {
      expect(await network.publish(first, network.csv('first.csv', [number(3)]))).toMatchObject({ exit: 0 }); // into the new epoch
      expect(await check(first, 1, 2, 4)).toEqual({ hits: [true, true, false], err: '' });
      expect((await check(second, 3)).hits).toEqual([true]);
      const before = await evaluated(first);
      expect((await check(first, 4, 2, 1)).hits).toEqual([false, true, true]);
      expect(await evaluated(first)).toBe(before);
    });
    it('finds the same when the clues have moved', async () => {
      expect(await network.tally(second, ['vault', 'retokenise', '--json'])).toMatchObject({ exit: 0 });
      expect((await check(first, 1, 2, 4)).hits).toEqual([true, true, false]);
    });
    it('says so when no key-holder answers the epoch before, which goes on at the hub', async () => {
      const newest = network.onlyNewestManifest();
      network.proxies.forEach((proxy) => { proxy.lie = { manifest: newest }; });
      expect((await check(first, 1)).err).toContain('{"event":"check.former-unanswered","epoch":1}');
      network.proxies.forEach((proxy) => proxy.honest());
    });
    it('asks in one epoch when the overlap is over', async () => {
      await network.hub.db.admin("update tally.epoch set announced_at = announced_at - interval '31 days', overlap_until = now() - interval '6 minutes'");
      const before = await evaluated(first);
      expect(await check(first, 1, 9)).toEqual({ hits: [true, false], err: '' });
      expect(await evaluated(first) - before).toBe(16); // eight for the new number, at two holders
      await network.hub.db.admin("update tally.epoch set announced_at = now(), overlap_until = now() + interval '30 days'");
    });
  });
});
