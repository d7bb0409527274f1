/** What the agent makes of holders that refuse, over real HTTP: who is asked again, and what a person is told. */
import { createServer, type Server } from 'node:http';
import { decodeOprfRequest, encodeOprfResponse, type OprfResponse, type SignedOprfRequest } from '#protocol';
import { listenOnLoopback, FloodingService } from '#testing';
import type { TrustedManifest } from '../trust/trusted-manifest.js';
import { FalseAnswerError } from './false-holders.js';
import { HoldersFailed, KeyHolderClient, type BatchToSend, type QuorumAnswer } from './key-holder-client.js';

type Refusal = { readonly code: string; readonly fields: object };

/** Answers every batch with its own points, unless it has something to say against it. */
class Holder {
  readonly asked: SignedOprfRequest[] = [];
  refuses: (request: SignedOprfRequest, times: number) => Refusal | null = () => null;
  changes: (answer: OprfResponse) => Partial<OprfResponse> | Uint8Array = () => ({});
  private readonly server: Server = createServer((incoming, response) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
      const request = decodeOprfRequest(new Uint8Array(Buffer.concat(parts)));
      this.asked.push(request);
      const refusal = this.refuses(request, this.asked.length);
      if (refusal !== null) { response.writeHead(429, { 'content-type': 'application/json' }).end(JSON.stringify(refusal)); return; }
      const answer = { ...request, holderIndex: this.index, proof: new Uint8Array(64) };
      const changed = this.changes(answer);
      response.writeHead(200).end(changed instanceof Uint8Array ? changed : encodeOprfResponse({ ...answer, ...changed }));
    });
  });

  constructor(readonly index: number) {}

  async start(): Promise<{ id: string; url: string }> {
    const origin = await listenOnLoopback(this.server);
    return { id: `h${this.index}`, url: origin };
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const batch: BatchToSend = {
  manifestHash: new Uint8Array(32), batchId: new Uint8Array(16).fill(1), budget: 'daily', memberId: '0190a0a0-0000-7000-8000-000000000001', kid: new Uint8Array(32),
  points: new Uint8Array(32).fill(2), sign: () => new Uint8Array(64),
};
const exhausted = (refillsAt: string | null) => (): Refusal => ({ code: 'BUDGET_EXHAUSTED', fields: { budget: 'daily', left: 0, refillsAt } });
const EARLY = '2026-11-23T00:00:00.000Z';
const LATE = '2026-11-24T00:00:00.000Z';

describe(KeyHolderClient.name, () => {
  const started: Holder[] = [];
  let holders: Holder[];
  let sut: KeyHolderClient;
  let trusted: TrustedManifest;

  const federation = async (threshold: number, n: number): Promise<void> => {
    holders = Array.from({ length: n }, (_, i) => new Holder(i + 1));
    started.push(...holders);
    sut = new KeyHolderClient(await Promise.all(holders.map((holder) => holder.start())));
    trusted = { manifest: { threshold }, holders: holders.map(({ index }) => ({ index, id: `h${index}`, publicKey: new Uint8Array(32) })), hash: new Uint8Array(32) } as unknown as TrustedManifest;
  };
  beforeEach(() => federation(2, 3));
  afterEach(() => started.splice(0).forEach((holder) => holder.stop()));
  const all = (answer: QuorumAnswer): Promise<QuorumAnswer> => Promise.resolve(answer);
  const send = (accept = all) => sut.evaluate(batch, trusted, accept);
  /** Accepts nothing of these holders, as if their proofs did not hold. */
  const unproven = (...liars: number[]) => (answer: QuorumAnswer): Promise<QuorumAnswer> => {
    const found = answer.quorum.filter((index) => liars.includes(index));
    return found.length === 0 ? all(answer) : Promise.reject(new HoldersFailed(found.map((index) => ({ index, error: new FalseAnswerError(index, 'false-proof') }))));
  };

  it('turns to another quorum when one holder\'s budget is empty, signs for it anew, and asks nobody twice for one quorum', async () => {
    holders[0]!.refuses = exhausted(EARLY);
    expect((await send()).quorum).toEqual([2, 3]);
    expect(holders.map(({ asked }) => asked.map(({ quorum }) => quorum.join()))).toEqual([['1,2'], ['1,2', '2,3'], ['2,3']]);
    const [first, second] = holders[1]!.asked.map(({ signedAtMs }) => signedAtMs);
    expect(second).toBeGreaterThan(first!);
  });
  it('takes no more from a holder than an answer can be, and turns to another quorum', async () => {
    const flood = await new FloodingService().start();
    const others = [new Holder(2), new Holder(3)];
    started.push(...others);
    sut = new KeyHolderClient([{ id: 'h1', url: flood.url }, ...await Promise.all(others.map((holder) => holder.start()))]);
    expect((await send()).quorum).toEqual([2, 3]);
    expect(flood.sent).toBeLessThan(16 * 1024 * 1024);
    flood.stop();
  });
  it('tells the earliest time at which a quorum can answer again', async () => {
    holders[0]!.refuses = exhausted(LATE);
    holders[1]!.refuses = exhausted(EARLY);
    await expect(send()).rejects.toMatchObject({ code: 'BUDGET_EXHAUSTED', fields: { refillsAt: EARLY } }); // the third still has some
    await federation(3, 3);
    holders.forEach((holder, i) => { holder.refuses = exhausted(i === 1 ? LATE : EARLY); });
    await expect(send()).rejects.toMatchObject({ code: 'BUDGET_EXHAUSTED', fields: { refillsAt: LATE } }); // all three are needed
    holders[0]!.refuses = exhausted(null);
    await expect(send()).rejects.toMatchObject({ code: 'BUDGET_EXHAUSTED', fields: { refillsAt: null } });
  });
  it('signs anew when a batch was delivered twice on its way', async () => {
    holders[0]!.refuses = (_, times) => (times === 1 ? { code: 'REPEAT_REFUSED', fields: { reason: 'answered' } } : null);
    expect((await send()).answers).toHaveLength(2);
    expect(holders[0]!.asked).toHaveLength(1); // the second quorum was without it
  });
  it('leaves out a holder whose clock is wrong, and says so when no quorum is left', async () => {
    const wrongClock = (): Refusal => ({ code: 'REPEAT_REFUSED', fields: { reason: 'time', now: LATE } });
    holders[2]!.refuses = wrongClock;
    for (let i = 0; i < 3; i += 1) expect((await send()).quorum).toEqual([1, 2]);
    holders[0]!.refuses = wrongClock;
    await expect(send()).rejects.toMatchObject({ code: 'REPEAT_REFUSED', fields: { reason: 'time', now: LATE } });
  });
  it('does without one holder that refuses the member, and says why when too few do not', async () => {
    const suspended = (): Refusal => ({ code: 'MEMBER_SUSPENDED', fields: {} });
    holders[0]!.refuses = suspended;
    expect((await send()).quorum).toEqual([2, 3]);
    holders[2]!.refuses = suspended;
    await expect(send()).rejects.toMatchObject({ code: 'MEMBER_SUSPENDED' });
    expect(sut.falseHolders.all()).toEqual([]); // a refusal is no lie that could be shown
  });
  it('passes on at once that the repeats of a batch are used up: only other points help', async () => {
    holders[0]!.refuses = () => ({ code: 'REPEAT_REFUSED', fields: { reason: 'repeats' } });
    await expect(send()).rejects.toMatchObject({ code: 'REPEAT_REFUSED', fields: { reason: 'repeats' } });
    expect(holders[0]!.asked).toHaveLength(1);
  });
  it('leaves out a holder without a proof, asks it no more while others answer, and names it', async () => {
    for (let i = 0; i < 4; i += 1) expect((await send(unproven(2))).quorum).toEqual([1, 3]);
    expect(holders[1]!.asked).toHaveLength(1);
    expect(sut.falseHolders.all()).toEqual([{ holder: 2, id: 'h2', lie: 'false-proof', times: 1 }]);
  });
  it.each<[string, string, (answer: OprfResponse) => Partial<OprfResponse> | Uint8Array]>([
    ['another batch', 'other-batch', () => ({ batchId: new Uint8Array(16).fill(9) })],
    ['another generation of the key', 'other-batch', () => ({ manifestHash: new Uint8Array(32).fill(9) })],
    ['another quorum', 'other-batch', () => ({ quorum: [1, 2, 3] })],
    ['another holder', 'other-batch', () => ({ holderIndex: 3 })],
    ['no message of the protocol', 'unreadable-answer', () => new Uint8Array(200)],
  ])('leaves out a holder that answers for %s', async (_, lie, changes) => {
    holders[1]!.changes = changes;
    expect((await send()).quorum).toEqual([1, 3]);
    expect(sut.falseHolders.all()).toEqual([{ holder: 2, id: 'h2', lie, times: 1 }]);
  });
  it('finds every liar of five, and a quorum of the others', async () => {
    await federation(3, 5);
    expect((await send(unproven(1, 2))).quorum).toEqual([3, 4, 5]);
    expect(sut.falseHolders.all().map(({ holder }) => holder)).toEqual([1, 2]);
  });
  it('says who lied when too few are left; a time of refill, where one helps', async () => {
    await expect(send(unproven(2, 3))).rejects.toMatchObject({ code: 'PROOF_INVALID', fields: { lie: 'false-proof', liars: ['2', '3'], needed: 2, of: 3 } });
    await federation(2, 3);
    holders[0]!.refuses = exhausted(EARLY);
    await expect(send(unproven(2))).rejects.toMatchObject({ code: 'BUDGET_EXHAUSTED', fields: { refillsAt: EARLY } });
    expect(sut.falseHolders.all()).toHaveLength(1);
  });
  it('asks a liar again in a later batch when there is no other way, and believes its proofs only', async () => {
    await send(unproven(2));
    holders[0]!.refuses = exhausted(null);
    expect((await send()).quorum).toEqual([2, 3]);
  });
  it('asks a holder fewer times than it answers free of charge, however long another is away', async () => {
    await federation(3, 5);
    holders[4]!.stop();
    holders[3]!.stop();
    for (let i = 0; i < 3; i += 1) await send();
    for (const { asked } of holders.slice(0, 3)) expect(new Set(asked.map(({ quorum }) => quorum.join())).size).toBeLessThanOrEqual(9);
  });
});
