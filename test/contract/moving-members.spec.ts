/**
 * A new epoch as an agent meets it: two banks, of which one moves and the other has not yet, with real holders that answer both epochs.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { Vault, type ClueRecord, type MoveSummary, type PartyHome } from '#sdk';
import { STATED, withAgentNetwork } from './agent-network.js';
import type { Lie } from './lying-parties.js';

const LETTER = '本人因资金周转困难多次致电贵行客服均未得到妥善处理，现要求贵行立即停止委托第三方催收机构拨打本人亲属及单位电话，并就此前泄露个人信息的行为书面致歉，同时减免全部利息与违约金，重新制定六十期个性化分期还款方案，否则将继续向监管部门及媒体反映直至问题解决为止。';
const OWN_LETTER = `${LETTER}望尽快答复，谢谢。`;
const number = (n: number): [string, string] => ['phone', `133${23_000_000 + n}`];
/** Held by both banks. */
const MANY = Array.from({ length: 100 }, (_, i) => number(1_000 + i));

describe('members that move to a new epoch at different times', () => {
  const network = withAgentNetwork();
  let first: PartyHome;
  let second: PartyHome;

  beforeAll(async () => {
    [first, second] = network.banks;
    const files = [network.csv('first.csv', [['complaint_text', OWN_LETTER], number(6), ...MANY]), network.csv('second.csv', [number(1), number(2), ['complaint_text', LETTER], ...MANY])] as const;
    for (const [i, home] of network.banks.entries()) {
      expect(await network.publish(home, files[i]!)).toMatchObject({ exit: 0 });
      expect(await network.tally(home, ['warnings', 'publish', '--json'])).toMatchObject({ exit: 0 });
      rmSync(files[i]!); // from here on there is the vault only
    }
    await network.match();
    await network.rotate();
  });

  /** Whether each number is a hit, as `tally check` says it. */
  const check = async (home: PartyHome, ...n: number[]): Promise<{ hits: boolean[]; err: string }> => {
    const ran = await network.tally(home, ['check', '-', '--kind', 'phone', ...STATED, '--json'], n.map((one) => `${number(one)[1]}\n`).join(''));
    expect([ran.exit, ran.err]).toEqual([0, expect.any(String)]);
    return { hits: (JSON.parse(ran.out) as { hit: boolean }[]).map(({ hit }) => hit), err: ran.err };
  };
  const overlapsOf = async (home: PartyHome): Promise<unknown> => JSON.parse((await network.tally(home, ['overlaps', ...STATED, '--json'])).out);
  const retokenise = async (home: PartyHome): Promise<MoveSummary> => {
    const ran = await network.tally(home, ['vault', 'retokenise', '--json']);
    expect([ran.exit, ran.err.includes('_')]).toEqual([0, false]);
    await network.match();
    return JSON.parse(ran.out) as MoveSummary;
  };
  const withVault = async <T>(home: PartyHome, work: (vault: Vault) => Promise<T>): Promise<T> => {
    const vault = await Vault.open(home);
    return work(vault).finally(() => vault.close());
  };
  /** As `tally vault purge --raw` leaves it, for the number alone. */
  const purgeOne = (home: PartyHome): Promise<void> => withVault(home, async (vault) => {
    for await (const [key, text] of vault.entries('c/')) {
      const { sealed, ...record } = JSON.parse(text) as ClueRecord;
      if (vault.openClue(key.slice('c/'.length), { ...record, sealed: sealed! })?.raw === number(6)[1]) await vault.write([{ type: 'put', key, value: JSON.stringify(record) }]);
    }
  });
  const evaluated = async (home: PartyHome): Promise<number> => (await network.used(home)).reduce((a, b) => a + b, 0);

  describe('a check', () => {
    it('finds clues of either epoch, and asks a second time without an evaluation', async () => {
      expect(await network.publish(first, network.csv('new.csv', [number(3)]))).toMatchObject({ exit: 0 }); // into the new epoch
      expect(await check(first, 1, 2, 4)).toEqual({ hits: [true, true, false], err: '' });
      expect((await check(second, 3)).hits).toEqual([true]);
      const before = await evaluated(first);
      expect((await check(first, 4, 2, 1)).hits).toEqual([false, true, true]);
      expect(await evaluated(first)).toBe(before);
    });
  });

  describe('a move that is killed again and again', () => {
    const sent = new Map<string, Set<string>>();
    let ended: Promise<unknown[]>;
    let child: ChildProcess;
    const kill = async (): Promise<void> => { child.kill('SIGKILL'); await ended; };
    const move = async (): Promise<unknown> => {
      child = network.spawn(second, ['vault', 'retokenise', '--chunk', '64']);
      ended = once(child, 'exit');
      const [code, signal] = await ended;
      return signal ?? code;
    };
    const tokensOf = async ({ party }: PartyHome): Promise<string[]> => (await network.hub.db.admin<{ token: string }>(
      "select encode(token, 'hex') as token from tally.clue_token where member_id = $1 and epoch = 2 and live order by 1", [party.partyId])).map(({ token }) => token);

    it('between batches, before and after the hub has taken a chunk, and at its end, goes on and repeats no blind', async () => {
      const before = [await overlapsOf(first), await overlapsOf(second)];
      const paid = await network.used(second);
      let answers = 0;
      let killAt = 2;
      const proven: Lie['proven'] = (_, { batchId, points }) => {
        const id = Buffer.from(batchId).toString('hex');
        sent.set(id, (sent.get(id) ?? new Set()).add(Buffer.from(points).toString('hex')));
        answers += 1;
        if (answers === killAt) void kill(); // evaluated and charged; the answer reaches nobody
        return {};
      };
      network.proxies[0]!.lie = { proven };
      network.proxies[1]!.lie = { proven };
      network.proxies[2]!.lie = { proven };
      expect(await move()).toBe('SIGKILL');
      killAt = answers + 4;
      expect(await move()).toBe('SIGKILL');
      killAt = 0;
      for (const path of ['/moves/', '/moves/', '/finish']) {
        let armed = true;
        network.onHubAnswer = (_, url) => {
          if (!armed || !url.includes(path)) return null;
          armed = false;
          return kill(); // committed at the hub, unknown to the agent
        };
        expect([path, await move()]).toEqual([path, 'SIGKILL']);
      }
      network.onHubAnswer = () => null;
      expect(await move()).toBe(0);
      network.proxies.forEach((proxy) => proxy.honest());
      await network.match();

      // A batch that goes out again is the same byte for byte; no point is in two batches, so no blind serves twice.
      expect([...sent.values()].map(({ size }) => size)).toEqual(Array.from(sent, () => 1));
      const points = [...sent.values()].flatMap((all) => [...all].flatMap((hex) => hex.match(/.{64}/g)!));
      expect(new Set(points).size).toBe(points.length);
      const charged = (await network.used(second)).reduce((a, b) => a + b, 0) - paid.reduce((a, b) => a + b, 0);
      expect(charged).toBeLessThanOrEqual(3 * points.length); // once a holder, however often it was sent
      // Nothing lost, nothing double.
      const clues = await withVault(second, async (vault) => {
        const found: ClueRecord[] = [];
        for await (const [, text] of vault.entries('c/')) found.push(JSON.parse(text) as ClueRecord);
        return found;
      });
      expect(clues.map(({ epoch, state }) => [epoch, state])).toEqual(Array.from({ length: 103 }, () => [2, 'PUBLISHED']));
      const tokens = await tokensOf(second);
      expect([tokens.length, new Set(tokens).size]).toEqual([102, 102]);
      expect(tokens).toEqual(clues.filter(({ kind }) => kind === 'phone').map(({ forms }) => forms[0]!.token).sort());
      expect(await withVault(second, (vault) => vault.status())).toMatchObject({ unverifiedBatches: 0 });
      expect([await overlapsOf(first), await overlapsOf(second)]).toEqual(before);
    });
  });

  describe('a check, when the clues have moved,', () => {
    it('finds the same', async () => {
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

  describe('a text', () => {
    it('that waits in the epoch before is not published a second time from its file', async () => {
      const ran = await network.publish(first, network.csv('again.csv', [['complaint_text', OWN_LETTER]]));
      expect(JSON.parse(ran.out)).toMatchObject({ counts: { knownBefore: 1, clues: 0 } });
    });
    it('moves from the vault, without its file, and is met as before whoever has moved; the old bands are gone in the end', async () => {
      const seen = (): Promise<unknown> => Promise.all(network.banks.map(overlapsOf));
      const before = await seen();
      for (const overlaps of before as { kind: string }[][]) expect(overlaps.map(({ kind }) => kind).filter((kind) => kind === 'complaint_text')).toHaveLength(1);
      await purgeOne(first);
      const moved = await retokenise(first); // the second has moved above
      expect(moved).toMatchObject({ epoch: 2, counts: { clues: 102, moved: 101, refused: 0, withoutValue: 1, byCode: { RAW_VALUE_MISSING: 1 } } });
      const shared = await network.hub.db.admin('select count(*)::int as clues, count(distinct token)::int as tokens from tally.clue_token where epoch = 2 and live and token in (select token from tally.clue_token where epoch = 2 and live group by 1 having count(*) = 2)');
      expect(shared).toEqual([{ clues: 200, tokens: 100 }]); // the tokens of the move that was killed are those of this one
      expect(Date.parse(moved.formerEndsAt!) - Date.now()).toBeGreaterThan(29 * 86_400_000); // what stays behind, and until when, is told
      expect(await seen()).toEqual(before);
      await network.endFormerEpoch();
      expect(await seen()).toEqual(before);
      expect(await network.hub.db.admin('select epoch::int, count(*)::int as bands from tally.text_band where live group by 1')).toEqual([{ epoch: 2, bands: 40 }]);
    });
  });

  it('warned tokens are given anew in the new epoch, by whoever had given them', async () => {
    expect(await network.hub.db.admin('select epoch::int, count(distinct member_id)::int as members from tally.warned_token group by 1 order by 1')).toEqual([{ epoch: 1, members: 2 }, { epoch: 2, members: 2 }]);
    expect(await retokenise(first)).toMatchObject({ warnings: null });
  });
});
