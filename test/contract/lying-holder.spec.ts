/**
 * A key-holder that lies in baseline mode does not stop a member: `tally publish` against a real hub and real holders, one or two of which
 * change what they answer. Nothing of a lie is used, the liar is named, the tokens are those of honest holders.
 */
import { readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { Vault, type BatchRecord, type FalseHolder, type PartyHome, type PublishSummary } from '#sdk';
import { withAgentNetwork } from './agent-network.js';
import { type Lie, OtherShare } from './lying-parties.js';

const LIAR = 2;
type Published = Pick<PublishSummary, 'publicationId' | 'resumed' | 'acceptedRows'> & { readonly falseHolders: readonly FalseHolder[] };

describe('a member among holders that lie', () => {
  const network = withAgentNetwork();
  let first: PartyHome;
  let second: PartyHome;
  let numbers = 20_000_000;

  beforeAll(() => { [first, second] = network.banks; });
  afterEach(() => network.proxies.forEach((proxy) => proxy.honest()));

  const someRows = (n: number): [string, string][] => Array.from({ length: n }, () => ['phone', `133${(numbers += 1)}`]);
  const parsed = (out: string): Published => JSON.parse(out) as Published;
  const tokensOf = async ({ party }: PartyHome): Promise<string[]> => (
    await network.hub.db.admin<{ token: string }>("select encode(token, 'hex') as token from tally.clue_token where member_id = $1 order by 1", [party.partyId])).map(({ token }) => token);
  const withVault = async <T>(work: (vault: Vault) => Promise<T>): Promise<T> => {
    const vault = await Vault.open(first);
    return work(vault).finally(() => vault.close());
  };
  const changed = (points: Uint8Array, encoding: Uint8Array): Uint8Array => {
    const out = points.slice();
    out.set(encoding, 64);
    return out;
  };
  const other = (): OtherShare => new OtherShare(network.epochs[0].engine, network.epochs[0].engine.scalars.reduce(randomBytes(64)), LIAR);
  const flipped: Lie = { proven: ({ proof }) => ({ proof: proof.map((byte, i) => (i === 3 ? byte ^ 1 : byte)) }) };

  it.each<[string, string, () => Lie]>([
    ['a wrong proof', 'false-proof', () => flipped],
    ['a share off the polynomial', 'false-proof', () => { const share = other(); return { proven: (_, request) => share.proven(request) }; }],
    ['swapped items', 'false-proof', () => ({ proven: ({ points }) => ({ points: new Uint8Array([...points.subarray(32, 64), ...points.subarray(0, 32), ...points.subarray(64)]) }) })],
    ['the identity', 'refused-element', () => ({ proven: ({ points }) => ({ points: changed(points, new Uint8Array(32)) }) })],
    ['a point that is not canonical', 'refused-element', () => ({ proven: ({ points }) => ({ points: changed(points, new Uint8Array(32).fill(255)) }) })],
    ['fewer points', 'refused-element', () => ({ proven: ({ points }) => ({ points: points.slice(32) }) })],
    ['an answer of another generation', 'other-batch', () => ({ proven: () => ({ manifestHash: new Uint8Array(32).fill(7) }) })],
  ])('publishes with the others when a holder gives %s, with the same tokens, and names it', async (_, lie, how) => {
    const file = network.csv('rows.csv', someRows(3));
    const before = await network.used(first);
    network.proxies[LIAR - 1]!.lie = how();
    const ran = await network.publish(first, file);
    expect([ran.exit, ran.err]).toEqual([0, expect.stringContaining(`{"event":"holder.answered-falsely","holder":${LIAR},"id":"holder-${LIAR}","lie":"${lie}"}`)]);
    expect(parsed(ran.out)).toMatchObject({ acceptedRows: 3, falseHolders: [{ holder: LIAR, id: `holder-${LIAR}`, lie, times: 1 }] });
    expect((await network.used(first)).map((n, i) => n - before[i]!)).toEqual([64, 64, 64]);
    network.proxies[LIAR - 1]!.honest();
    expect(parsed((await network.publish(second, file)).out)).toMatchObject({ acceptedRows: 3, falseHolders: [] });
    expect(await tokensOf(first)).toEqual(await tokensOf(second));
  });
  it('tells a person too, in the remark and in the report, and asks the liar no more in that run', async () => {
    network.proxies[LIAR - 1]!.lie = flipped;
    const rows = network.csv('long.csv', someRows(190));
    const ran = await network.tally(first, ['publish', rows, '--profile', network.profile, '--chunk', '64']);
    expect(ran).toMatchObject({ exit: 0, err: expect.stringContaining(`Key-holder ${LIAR} (holder-${LIAR}) answered falsely: false-proof`), out: expect.stringContaining('left out, its answers were not used') });
    expect(network.proxies[LIAR - 1]!.asked.length).toBeLessThanOrEqual(4); // what was under way when it was found
  });
  it('ends with a code and both names when two of three lie, with nothing half-done, and goes on when they do not', async () => {
    const file = network.csv('two.csv', someRows(5));
    const standing = await tokensOf(first);
    network.proxies[LIAR - 1]!.lie = flipped;
    network.proxies[2]!.lie = flipped;
    const ran = await network.publish(first, file);
    expect([ran.exit, ran.out]).toEqual([6, '']);
    expect(ran.err).toMatch(/PROOF_INVALID: .*liars=2\|3, needed=2, of=3/);
    expect(await tokensOf(first)).toEqual(standing);
    const batches = (): Promise<BatchRecord[]> => withVault(async (vault) => {
      const found: BatchRecord[] = [];
      const running = new Set((await vault.publications()).filter(({ state }) => state === 'RUNNING').map(({ publicationId }) => publicationId));
      for await (const [key, text] of vault.entries('b/')) if (running.has(key.split('/')[1]!)) found.push(JSON.parse(text) as BatchRecord);
      return found;
    });
    const [left] = await batches();
    expect(left).toMatchObject({ state: 'unverified' });
    const before = await network.used(first);
    network.proxies.forEach((proxy) => proxy.honest());
    const again = await network.publish(first, file);
    expect(parsed(again.out)).toMatchObject({ resumed: true, acceptedRows: 5, falseHolders: [] });
    expect(await network.used(first)).toEqual(before); // the same points: every holder had charged them
    const after = await tokensOf(first);
    await network.publish(second, file);
    expect(after.filter((token) => !standing.includes(token))).toHaveLength(5);
    expect(await tokensOf(second)).toEqual(expect.arrayContaining(after.filter((token) => !standing.includes(token))));
  });
  it('leaves a liar out of a check too', async () => {
    network.proxies[LIAR - 1]!.lie = flipped;
    const rows = someRows(1);
    await network.publish(second, network.csv('hit.csv', rows));
    const ran = await network.tally(first, ['check', '-', '--kind', 'phone', '--purpose', 'FRAUD_PREVENTION', '--legal-basis', 'PUBLIC_INTEREST', '--json'], `${rows[0]![1]}\n`);
    expect(ran).toMatchObject({ exit: 0, out: expect.stringContaining('"hit": true'), err: expect.stringContaining('holder.answered-falsely') });
  });
  it('works with the manifest of the others when one serves a key off the polynomial, and names who served it', async () => {
    const [epoch] = network.epochs;
    const rogue = epoch.manifest.holders.map((holder) => (holder.index === LIAR ? { ...holder, publicKey: epoch.manifest.publicKey } : holder));
    network.proxies[LIAR - 1]!.lie = { manifest: readFileSync(epoch.writeManifest({ ...epoch.manifest, holders: rogue }, 'rogue.json')) };
    const ran = await network.publish(first, network.csv('rogue.csv', someRows(2)));
    expect([ran.exit, parsed(ran.out).falseHolders]).toEqual([0, [{ holder: LIAR, id: `holder-${LIAR}`, lie: 'false-manifest', times: 1 }]]);
  });
});
