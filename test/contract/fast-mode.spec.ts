/**
 * What a member's agent does when a key-holder or a combiner lies: real key-holders over HTTP, real journal, one lie at a time. In every
 * case no token comes out of the lie, the liar is named, and in fast mode a file convicts it.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { drawCheck, elementAt, type PrivateJwk, fastSecret, generatePrivateJwk, manifestHash, signDetached, signerOf } from '#crypto';
import { canonicalBytes, DomainError, type Json } from '#kernel';
import { EVALUATION_TYP, evaluationStatement, OPRF_COMBINE_PATH, OPRF_MEDIA_TYPE } from '#protocol';
import {
  createHome, falseVector, type FalseHolder, type FastVerdict, fingerprintOf, inlineRunner, parsePublicFile, refusedElement, setPatience, Tokeniser, type TokenBatch, type TokenisedBatch, Vault, verifyFastEvidence,
  type BatchRecord, type PartyHome, type TrustedManifest, TrustStore, twoAnswers,
} from '#sdk';
import { COMMANDS } from '../../apps/agent/commands/index.js';
import { runTally } from '../../apps/agent/shell/run-tally.js';
import { FakeHubStatus, FEDERATION, HolderDatabase, HolderFederation, HolderProcess, until } from '../../apps/keyholder/test/holder-federation.js';
import { type TestParty, withHub } from '../../apps/hub/test/support/hub-under-test.js';
import { type Lie, LyingHolder, OtherShare, TestCombiner } from './lying-parties.js';

const FORMS: TokenBatch['forms'] = ['+8613320826779', '+8613320826780', '+8613320826781'].map((value) => ({ kind: 'phone' as const, value }));
/** One of the quorum that a new agent asks first. */
const LIAR = 2;

describe('an agent among liars', () => {
  const federation = new HolderFederation();
  const realHub = withHub();
  const hub = new FakeHubStatus();
  const databases = [1, 2, 3].map(() => new HolderDatabase());
  const folder = mkdtempSync(path.join(tmpdir(), 'tally-fast-'));
  let holders: HolderProcess[];
  let liar: LyingHolder;
  let other: OtherShare;
  let home: PartyHome;
  let vault: Vault;
  let honest: readonly string[];
  let bank: TestParty;

  beforeAll(async () => {
    setPatience(2_000);
    await hub.start();
    await federation.init();
    for (const database of databases) await database.create();
    liar = new LyingHolder(LIAR, () => holders[LIAR - 1]!.url, federation.evidence[LIAR - 1]!);
    await liar.start();
    other = new OtherShare(federation.engine, federation.engine.scalars.reduce(randomBytes(64)), LIAR);
    bank = await realHub.party('member');
    const memberId = bank.id;
    home = createHome(path.join(folder, 'home'), {
      partyId: memberId, role: 'member', name: 'Bank', nameZh: 'Bank', hubUrl: 'http://127.0.0.1:9', authUrl: 'http://127.0.0.1:9', federationId: FEDERATION, hubId: 'hub', officers: [],
      keyHolders: [1, 2, 3].map((index) => ({ id: `holder-${index}`, url: liar.url })), evaluation: { mode: 'fast', combiner: 'member' },
    });
    const pins = parsePublicFile(JSON.parse(readFileSync(federation.file('pins.json'), 'utf8')));
    home.trust.add(pins, fingerprintOf(pins), new Date());
    federation.writeRoster([{ memberId, key: home.privateKey('evidence') as PrivateJwk, budgets: { publish: 1_000_000, enrolment: 1_000_000, daily: 1_000_000 } }]);
    holders = await Promise.all(databases.map((database, i) => new HolderProcess({
      ...HolderProcess.environment(federation, i + 1, database, hub), TALLY_FAST_MODE: 'allowed', TALLY_EVIDENCE_KEY_FILE: federation.write(`evidence-${i + 1}.json`, federation.evidence[i]!),
    }).start()));
    home = { ...home, party: { ...home.party, keyHolders: holders.map(({ url }, i) => ({ id: `holder-${i + 1}`, url: i + 1 === LIAR ? liar.url : url })) } };
    writeFileSync(realHub.keyHoldersFile, JSON.stringify({ holders: home.party.keyHolders.map(({ url }, i) => ({ index: i + 1, url })) }));
    vault = await Vault.open(home);
    honest = (await tokenise('baseline')).tokens;
  });
  afterAll(async () => {
    await vault?.close();
    for (const holder of holders ?? []) await holder.stop();
    HolderProcess.killLeft();
    await liar?.stop();
    await hub.stop();
    for (const database of databases) await database.drop();
    federation.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => liar.honest());

  const orderOf = (publicationId: string = randomUUID()): TokenBatch => ({ forms: FORMS, seals: [], padTo: 8, budget: 'publish', journal: { publicationId, window: 0 } });
  const open = (mode: 'fast' | 'baseline', combiner: TestCombiner | null = null): Promise<Tokeniser> =>
    Tokeniser.open({ ...home, party: { ...home.party, evaluation: { mode, combiner: 'member' } } }, vault, inlineRunner(), { combiner: combiner as never });
  async function tokenise(mode: 'fast' | 'baseline', order = orderOf(), combiner: TestCombiner | null = null): Promise<TokenisedBatch & { failed: readonly FastVerdict[]; falseHolders: readonly FalseHolder[]; record: BatchRecord }> {
    const tokeniser = await open(mode, combiner);
    const done = await tokeniser.tokenise(order);
    return { ...done, failed: tokeniser.failedChecks, falseHolders: tokeniser.falseHolders, record: (await vault.batch(order.journal!.publicationId, 0))! };
  }
  /** A run in fast mode that ends before this step, as a kill would end it. */
  async function killedAt(op: 'accept' | 'accept-fast', order: TokenBatch): Promise<TokenisedBatch> {
    const runner = inlineRunner();
    const killed = { ...runner, run: (task: never) => ((task as { op: string }).op === op ? Promise.reject(new Error('killed')) : runner.run(task)) } as typeof runner;
    return (await Tokeniser.open(home, vault, killed)).tokenise(order);
  }
  const combiner = (): TestCombiner => new TestCombiner(federation.engine, (index) => home.party.keyHolders[index - 1]!.url);
  const used = (): Promise<number[]> => Promise.all(databases.map((database) => database.used({ memberId: home.party.partyId } as never)));
  const swapped = (points: Uint8Array): Uint8Array => replaced(replaced(points, 0, elementAt(points, 1)), 1, elementAt(points, 0));
  const replaced = (points: Uint8Array, at: number, encoding: Uint8Array): Uint8Array => {
    const out = points.slice();
    out.set(encoding, at * 32);
    return out;
  };
  const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 3 ? byte ^ 1 : byte));
  const convict = (file: string) => verifyFastEvidence(JSON.parse(readFileSync(home.file(file), 'utf8')), home.trust, federation.engine);

  it('gets the same tokens in both modes, for one unit more, and a verdict in the record that goes with them', async () => {
    const before = await used();
    const { tokens, verified, failed } = await tokenise('fast');
    expect(tokens).toEqual(honest);
    expect(failed).toEqual([]);
    expect(verified).toMatchObject({ state: 'verified', fast: { answer: null, verdict: { held: true, quorum: [1, 2], liars: [] } } });
    const after = await used();
    expect(after.map((n, i) => n - before[i]!)).toEqual([9, 9, 0]);
  });
  it('gets them through a combiner too', async () => {
    const { tokens, failed } = await tokenise('fast', orderOf(), combiner());
    expect([tokens, failed]).toEqual([honest, []]);
  });
  it('gets them through the hub\'s route, for its caller\'s own batch; and without the hub when it does not answer', async () => {
    const statuses: number[] = [];
    const stranger = await realHub.party('member');
    const hubOf = (party: TestParty, headers: Record<string, string> = {}): TestCombiner => ({
      rest: async ({ body }: { body: Uint8Array }) => {
        const answer = await fetch(`${realHub.url}${OPRF_COMBINE_PATH}`, {
          method: 'POST', body: Buffer.from(body), headers: { ...(await party.headers('POST', OPRF_COMBINE_PATH)), 'content-type': OPRF_MEDIA_TYPE, ...headers },
        });
        statuses.push(answer.status);
        if (!answer.ok) throw new DomainError('UNREACHABLE', 'hub');
        return { bytes: new Uint8Array(await answer.arrayBuffer()) };
      },
    }) as never;
    const before = await used();
    for (const combiner of [hubOf(bank), hubOf(bank, { authorization: 'none' }), hubOf(stranger)]) {
      const { tokens, failed } = await tokenise('fast', orderOf(), combiner);
      expect([tokens, failed]).toEqual([honest, []]);
    }
    expect(statuses).toEqual([200, 401, 403]);
    expect((await used()).map((n, i) => n - before[i]!)).toEqual([27, 27, 0]);
  });

  const FAST_LIES: [string, string, () => Lie][] = [
    ['another share', 'false-vector', () => ({ vector: (_, request) => other.vector(request) })],
    ['another share, and answers the check with it', 'false-proof', () => ({ vector: (_, request) => other.vector(request), check: (_, request) => other.check(request) })],
    ['a wrong proof', 'false-proof', () => ({ check: ({ proof }) => ({ proof: flipped(proof) }) })],
    ['swapped items', 'false-vector', () => ({ vector: swapped })],
    ['one wrong item', 'false-vector', () => ({ vector: (points) => replaced(points, 5, elementAt(points, 4)) })],
    ['the identity', 'refused-element', () => ({ vector: (points) => replaced(points, 2, new Uint8Array(32)) })],
    ['a non-canonical point', 'refused-element', () => ({ vector: (points) => replaced(points, 2, new Uint8Array(32).fill(255)) })],
    ['the identity to the check', 'false-proof', () => ({ check: () => ({ points: new Uint8Array(32) }) })],
  ];
  it.each(FAST_LIES)('convicts a holder that gives %s in fast mode, and takes proofs over the same points, uncharged', async (_, lie, how) => {
    liar.lie = how();
    const before = await used();
    const { tokens, failed, record, verified } = await tokenise('fast');
    expect(tokens).toEqual(honest);
    expect(failed).toEqual([expect.objectContaining({ held: false, lyingCombiner: null, undetermined: [], liars: [{ holder: LIAR, lie, evidence: expect.any(String) }] })]);
    expect(record).toMatchObject({ state: 'unverified', fast: { verdict: { held: false } } });
    expect(verified).toMatchObject({ state: 'verified', batchId: record.batchId });
    expect(convict(failed[0]!.liars[0]!.evidence!)).toMatchObject({ lie, holder: { index: LIAR, id: `holder-${LIAR}` }, federation: FEDERATION });
    expect(liar.asked.at(-1)).toBe('baseline');
    expect((await used()).map((n, i) => n - before[i]!)).toEqual([9, 9, 0]);
  });

  it('leaves a holder that lies in both modes out, and gets its proofs over the same points from the others', async () => {
    liar.lie = { vector: swapped, proven: ({ proof }) => ({ proof: flipped(proof) }) };
    const order = orderOf();
    const { tokens, failed, record, verified, falseHolders } = await tokenise('fast', order);
    expect([tokens, failed]).toEqual([honest, [expect.objectContaining({ liars: [expect.objectContaining({ holder: LIAR, lie: 'false-vector' })] })]]);
    expect(falseHolders).toEqual([{ holder: LIAR, id: `holder-${LIAR}`, lie: 'false-proof', times: 1 }]);
    expect(verified).toMatchObject({ state: 'verified', batchId: record.batchId, pointsHash: record.pointsHash });
    expect(await vault.batch(order.journal!.publicationId, 0)).toMatchObject({ state: 'unverified', fast: { verdict: { liars: [{ holder: LIAR, lie: 'false-vector' }] } } });
  });

  it('accuses nobody when the combiner lies, and says that it was the combiner', async () => {
    const files = (): string[] => (existsSync(home.file('evidence')) ? readdirSync(home.file('evidence')) : []);
    const before = files();
    const lies: ((points: Uint8Array) => Uint8Array)[] = [swapped, (points) => replaced(points, 0, federation.engine.multiplyBase(federation.engine.scalars.reduce(new Uint8Array(64).fill(5)))), (points) => replaced(points, 1, new Uint8Array(32))];
    for (const lie of lies) {
      const liar = combiner();
      liar.lie = (combined) => ({ ...combined, points: lie(combined.points) });
      const { tokens, failed } = await tokenise('fast', orderOf(), liar);
      expect(tokens).toEqual(honest);
      expect(failed).toEqual([expect.objectContaining({ held: false, lyingCombiner: 'hub', liars: [], undetermined: [] })]);
    }
    expect(files()).toEqual(before);
  });
  it('takes a combiner that makes receipts up, or answers for other points, for a liar', async () => {
    for (const lie of [{ receipts: [1, 2].map((holderIndex) => ({ holderIndex, answerSha256: randomBytes(32), signature: randomBytes(64) })) }, { batchId: randomBytes(16) }]) {
      const liar = combiner();
      liar.lie = (combined) => ({ ...combined, ...lie });
      const { tokens, failed } = await tokenise('fast', orderOf(), liar);
      expect([tokens, failed]).toEqual([honest, [expect.objectContaining({ lyingCombiner: 'hub', liars: [] })]]);
    }
  });
  it('tells a holder that lies to the combiner and not to the member from a lying combiner: it signed two answers', async () => {
    liar.lie = { vector: (points, _, asked) => (asked === 1 ? swapped(points) : points) };
    const { tokens, failed } = await tokenise('fast', orderOf(), combiner());
    expect(tokens).toEqual(honest);
    expect(failed).toEqual([expect.objectContaining({ lyingCombiner: null, liars: [{ holder: LIAR, lie: 'two-answers', evidence: expect.any(String) }] })]);
    expect(convict(failed[0]!.liars[0]!.evidence!)).toMatchObject({ lie: 'two-answers', holder: { index: LIAR } });
  });
  it('names a holder whose answer it did not sign, without evidence', async () => {
    liar.lie = { signWith: generatePrivateJwk() };
    const { tokens, failed } = await tokenise('fast');
    expect([tokens, failed]).toEqual([honest, [expect.objectContaining({ liars: [{ holder: LIAR, lie: 'unsigned-answer', evidence: null }] })]]);
  });

  it('draws weights only when the combined points are on disk, and anew for each run that goes on from there', async () => {
    const order = orderOf();
    const challenges: string[] = [];
    const journalled: (string | undefined)[] = [];
    liar.lie = {
      beforeCheck: async ({ points }) => {
        challenges.push(Buffer.from(points).toString('hex'));
        journalled.push((await vault.batch(order.journal!.publicationId, 0))?.fast?.answer?.combined);
        return null;
      },
    };
    for (let run = 0; run < 2; run += 1) await expect(killedAt('accept-fast', order)).rejects.toThrow('killed');
    const { tokens, failed } = await tokenise('fast', order);
    expect([tokens, failed]).toEqual([honest, []]);
    expect(new Set(challenges).size).toBe(3);
    expect(journalled).toEqual(Array.from({ length: 3 }, () => journalled[0]));
    expect(Buffer.from(journalled[0]!, 'base64')).toHaveLength(8 * 32);
    expect(liar.asked).toEqual(['fast', 'check', 'check', 'check']);
  });
  it('sends no check when the points cannot be journalled', async () => {
    const order = orderOf();
    let writes = 0;
    const full = new Proxy(vault, {
      get: (target, name) => {
        if (name === 'write') return (entries: never) => ((writes += 1) > 1 ? Promise.reject(new DomainError('VAULT_INVALID', 'disk full')) : target.write(entries));
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
      },
    });
    const tokeniser = await Tokeniser.open(home, full, inlineRunner());
    await expect(tokeniser.tokenise(order)).rejects.toMatchObject({ code: 'VAULT_INVALID' });
    expect(liar.asked).toEqual(['fast']);
  });
  it('goes on with proofs when it was killed after a check had failed', async () => {
    const order = orderOf();
    liar.lie = { vector: swapped };
    await expect(killedAt('accept', order)).rejects.toThrow('killed');
    liar.honest();
    expect((await tokenise('fast', order)).tokens).toEqual(honest);
    expect(liar.asked).toEqual(['baseline']);
  });
  it('finds out by the journal\'s receipts who lied before a kill', async () => {
    const order = orderOf();
    liar.lie = { vector: swapped };
    await expect(killedAt('accept-fast', order)).rejects.toThrow('killed');
    liar.lie = {};
    const { tokens, failed } = await tokenise('fast', order);
    expect(tokens).toEqual(honest);
    expect(failed[0]!.liars).toEqual([{ holder: LIAR, lie: 'two-answers', evidence: expect.any(String) }]);
  });
  it('notices points that were changed in the journal', async () => {
    const order = orderOf();
    await expect(killedAt('accept-fast', order)).rejects.toThrow('killed');
    const record = (await vault.batch(order.journal!.publicationId, 0))!;
    const answer = record.fast!.answer!;
    const combined = Buffer.from(swapped(new Uint8Array(Buffer.from(answer.combined, 'base64')))).toString('base64');
    const value = JSON.stringify({ ...record, fast: { answer: { ...answer, combined }, verdict: null } });
    await vault.write([{ type: 'put', key: `b/${order.journal!.publicationId}/000000000`, value }]);
    const { tokens, failed } = await tokenise('fast', order);
    expect([tokens, failed]).toEqual([honest, [expect.objectContaining({ lyingCombiner: 'member', liars: [] })]]);
  });

  it('begins a batch again, with other points, when its manifest is two generations old by the time of the check', async () => {
    const replace = async (minutes: number): Promise<void> => {
      federation.manifest = { ...federation.manifest, validUntil: new Date(Date.now() + minutes * 60_000).toISOString() };
      federation.hash = manifestHash(canonicalBytes(federation.manifest as unknown as Json));
      const jws = JSON.parse(readFileSync(federation.writeManifest(federation.manifest), 'utf8')) as { payload: string };
      await until(async () => (await Promise.all(holders.map(async ({ url }) => (await (await fetch(`${url}/manifest`)).json()) as { payload: string }))).every(({ payload }) => payload === jws.payload));
    };
    let replaced = false;
    liar.lie = { beforeCheck: async () => { if (!replaced) { replaced = true; await replace(70); await replace(80); } return null; } };
    const before = await used();
    const order = orderOf();
    const { tokens, failed, record } = await tokenise('fast', order);
    expect([tokens, failed]).toEqual([honest, []]);
    expect(record.manifestHash).toBe(Buffer.from(federation.hash).toString('base64url'));
    const total = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
    expect(total(await used()) - total(before)).toBeGreaterThanOrEqual(2 * 8 + 2 * 9);
  });
  it('begins again with a holder that does not know the batch any more', async () => {
    let forgot = true;
    liar.lie = { beforeCheck: async () => { if (forgot) await databases[LIAR - 1]!.rows('delete from keyholder.fast_batch'); forgot = false; return null; } };
    const { tokens, failed } = await tokenise('fast');
    expect([tokens, failed]).toEqual([honest, []]);
  });
  it('refuses a manifest whose K_j is off the polynomial, whoever signed it', async () => {
    const rogue = federation.manifest.holders.map((holder) => (holder.index === LIAR ? { ...holder, publicKey: federation.manifest.publicKey } : holder));
    liar.lie = { manifest: readFileSync(federation.writeManifest({ ...federation.manifest, holders: rogue }, 'rogue.json')) };
    const served = { ...home, party: { ...home.party, keyHolders: [home.party.keyHolders[LIAR - 1]!] } };
    await expect(Tokeniser.open(served, vault, inlineRunner())).rejects.toMatchObject({ code: 'MANIFEST_INVALID', fields: { holder: LIAR } });
    expect(liar.asked).toEqual([]);
  });

  it('takes proofs, and says so once, where a holder does not allow fast mode', async () => {
    const refusing = await new HolderProcess(HolderProcess.environment(federation, LIAR, databases[LIAR - 1]!, hub)).start();
    const real = holders[LIAR - 1]!;
    holders[LIAR - 1] = refusing;
    try {
      const tokeniser = await open('fast');
      for (let i = 0; i < 2; i += 1) expect((await tokeniser.tokenise(orderOf())).tokens).toEqual(honest);
      expect(tokeniser.failedChecks).toEqual([expect.objectContaining({ refusedBy: [LIAR], liars: [], lyingCombiner: null })]);
    } finally {
      holders[LIAR - 1] = real;
      await refusing.stop();
    }
  });

  describe('evidence', () => {
    const files = new Map<string, object>();
    const fileOf = (lie: string): object => files.get(lie)!;
    beforeAll(async () => {
      const ways: [Lie, TestCombiner | null][] = [
        [{ vector: swapped }, null], [{ vector: (points) => replaced(points, 2, new Uint8Array(32)) }, null], [{ check: ({ proof }) => ({ proof: flipped(proof) }) }, null],
        [{ vector: (points, _, asked) => (asked === 1 ? swapped(points) : points) }, combiner()],
      ];
      for (const [lie, through] of ways) {
        liar.honest();
        liar.lie = lie;
        const [found] = (await tokenise('fast', orderOf(), through)).failed[0]!.liars;
        files.set(found!.lie, JSON.parse(readFileSync(home.file(found!.evidence!), 'utf8')) as object);
      }
    });
    const judge = (file: unknown, trust = home.trust) => () => verifyFastEvidence(file, trust, federation.engine);

    it.each(['false-vector', 'refused-element', 'two-answers', 'false-proof'])('of a %s stands for whoever pinned the holders, and for nobody else', (lie) => {
      expect(judge(fileOf(lie))()).toMatchObject({ lie, holder: { index: LIAR } });
      expect(judge(fileOf(lie), new TrustStore(path.join(folder, 'empty.json')))).toThrow(expect.objectContaining({ code: 'KEY_NOT_TRUSTED' }));
    });
    it('does not convict when it is changed, turned to another holder or told as another lie', () => {
      const evidence = fileOf('false-vector') as never as { answers: { vector: string }[]; check: { weights: string; value: string } };
      const other = (text: string): string => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
      const changes: object[] = [
        { holder: 1 }, { quorum: [2, 3] }, { quorum: [1, 1] }, { lie: 'refused-element' }, { lie: 'false-proof' }, { lie: 'two-answers' }, { lie: 'other' }, { typ: 'x' }, { check: undefined },
        { points: other((evidence as never as { points: string }).points) }, { answers: [{ ...evidence.answers[0], vector: other(evidence.answers[0]!.vector) }] }, { answers: [] },
        { check: { ...evidence.check, weights: other(evidence.check.weights) } }, { check: { ...evidence.check, value: evidence.answers[0]!.vector.slice(0, 43) } },
      ];
      for (const change of changes) expect(judge({ ...evidence, ...change })).toThrow(expect.objectContaining({ code: expect.stringMatching(/^(BAD_INPUT|SIGNATURE_INVALID|PROOF_INVALID)$/) as string }));
    });
    it('is judged by a command, and how a member evaluates is set by one', async () => {
      const run = async (...argv: string[]): Promise<{ status: number; out: string }> => {
        const written: string[] = [];
        const sink = () => new Writable({ write: (chunk: Buffer, _, done) => { written.push(chunk.toString()); done(); } });
        const streams = { stdin: process.stdin, stdout: sink(), stderr: sink(), env: {} };
        return { status: await runTally(['--home', home.directory, '--lang', 'en', ...argv], streams, COMMANDS), out: written.join('') };
      };
      const file = path.join(folder, 'evidence.json');
      writeFileSync(file, JSON.stringify(fileOf('false-vector')));
      expect(await run('evidence', 'check', file)).toEqual({ status: 0, out: expect.stringContaining(`holder-${LIAR} signed a false answer (false-vector)`) });
      writeFileSync(file, JSON.stringify({ ...fileOf('false-vector'), holder: 1 }));
      expect(await run('evidence', 'check', file)).toEqual({ status: 6, out: expect.stringContaining('SIGNATURE_INVALID') });
      expect((await run('connect', '--evaluation', 'baseline')).out).toContain('baseline, member');
      expect((await run('connect', '--evaluation', 'fast', '--combiner', 'hub')).out).toMatch(/not been reviewed[\s\S]*fast, hub/);
      expect((await run('connect', '--evaluation', 'faster')).status).toBe(2);
    });
    it('cannot be made of an honest holder\'s answers, whatever weights the accuser chooses', () => {
      const { engine, evidence: keys, hash } = federation;
      const quorum = [1, LIAR];
      const kappa = fastSecret(engine, federation.dealt.shares[LIAR - 1]!.secret, LIAR, quorum);
      const { points } = federation.batch(['+8613800000000'], { blinding: 'additive' });
      const vector = engine.evaluate(kappa, points);
      const [answerSha256, pointsSha256] = [vector, points].map((bytes) => new Uint8Array(createHash('sha256').update(bytes).digest())) as [Uint8Array, Uint8Array];
      const signature = signDetached(EVALUATION_TYP, evaluationStatement({ manifestHash: hash, quorum, holderIndex: LIAR }, 8, pointsSha256, answerSha256), signerOf(keys[LIAR - 1]!));
      const trusted = { jws: JSON.parse(readFileSync(federation.file('manifest.json'), 'utf8')) as unknown } as TrustedManifest;
      const accused = { trusted, holderIndex: LIAR, quorum };
      const signed = { holderIndex: LIAR, vector, answerSha256, signature };
      const check = drawCheck(engine, points, vector);
      const evaluated = engine.evaluate(kappa, check.challenge);
      const proof = engine.prove(kappa, engine.multiplyBase(kappa), check.challenge, evaluated);
      const elsewhere = drawCheck(engine, points, vector);
      const accusations = [
        falseVector(accused, points, signed, check, { evaluated, proof }), falseVector(accused, points, signed, elsewhere, { evaluated, proof }),
        falseVector(accused, points, signed, check, { evaluated: elsewhere.challenge, proof }), refusedElement(accused, points, signed), twoAnswers(accused, points, [signed, signed]),
      ];
      for (const accusation of accusations) expect(judge(accusation)).toThrow(expect.objectContaining({ code: 'PROOF_INVALID' }));
    });
  });
});
