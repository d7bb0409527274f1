import { ristretto255_FROST } from '@noble/curves/ed25519.js';
import { type Engine } from '../voprf/engine.js';
import { dealShares } from '../voprf/shamir.js';
import { scalarBytes } from '../voprf/suite.js';
import { createSodiumEngine } from '../voprf/sodium.engine.js';
import { checkCommitments, commitTo, drawCoefficients, shareAt, shareFits } from './dealing.js';
import { groupKeyFrom, newShare } from './group-key.js';
import { provePossession, verifyPossession } from './possession.js';
import { checkBox, discloseBox, type DisputedShare, drawBoxKey, judgeDispute, openShareBox, sealShare } from './share-box.js';

const context = Buffer.from('ceremony 1, from a to b');
const elsewhere = Buffer.from('ceremony 2, from a to b');
const identity = new Uint8Array(32);

describe('what a ceremony is made of', () => {
  let engine: Engine;
  beforeAll(async () => { engine = await createSodiumEngine(); });
  const plusOne = (scalar: Uint8Array): Uint8Array => engine.scalars.add(scalar, scalarBytes(1n));
  const aScalar = (): Uint8Array => drawCoefficients(engine, 1)[0]!;

  it('agrees with the distributed key generation of another library', () => {
    const { DKG, Identifier } = ristretto255_FROST;
    const ids = [1, 2, 3].map((n) => Identifier.fromNumber(n));
    const first = ids.map((id) => DKG.round1(id, { min: 2, max: 3 }));
    const others = (i: number) => first.filter((_, j) => j !== i).map((one) => one.public);
    const second = first.map((one, i) => DKG.round2(one.secret, others(i)));
    const dealings = first.map((one) => one.public.commitment);
    second.forEach((sent, dealer) => ids.forEach((id, receiver) => {
      if (dealer !== receiver) expect(shareFits(engine, 'generate', dealings[dealer]!, receiver + 1, sent[id]!.signingShare)).toBe(true);
    }));
    const ours = groupKeyFrom(engine, { kind: 'generate', threshold: 2, receivers: [1, 2, 3], dealings, base: null });
    const theirs = DKG.round3(first[1]!.secret, others(1), [0, 2].map((i) => second[i]![ids[1]!]!));
    expect(ours.commitments).toEqual(theirs.public.commitments.map((point) => new Uint8Array(point)));
    expect(ours.holders[1]!.publicKey).toEqual(engine.multiplyBase(theirs.secret.signingShare));
  });

  it('fits a share to its commitments and to nothing else', () => {
    for (const kind of ['generate', 'refresh', 'reshare'] as const) {
      const coefficients = drawCoefficients(engine, 3);
      const points = commitTo(engine, coefficients);
      const share = shareAt(engine, kind, coefficients, 4);
      expect(shareFits(engine, kind, points, 4, share)).toBe(true);
      expect(shareFits(engine, kind, points, 5, share)).toBe(false);
      expect(shareFits(engine, kind, points, 4, plusOne(share))).toBe(false);
      for (const bad of [identity, new Uint8Array(32).fill(255), share.subarray(1)]) expect(shareFits(engine, kind, points, 4, bad)).toBe(false);
    }
  });

  it('refuses commitments of another degree, invalid points, another constant, and points that cancel out for a receiver', () => {
    const coefficients = drawCoefficients(engine, 2);
    const points = commitTo(engine, coefficients);
    const rule = { dealer: 2, threshold: 2, receivers: [1, 2, 3], constant: null };
    expect(() => checkCommitments(engine, 'generate', points, rule)).not.toThrow();
    const cancelling = commitTo(engine, [engine.scalars.multiply(engine.scalars.subtract(scalarBytes(0n), scalarBytes(3n)), coefficients[1]!), coefficients[1]!]);
    const refused: [Uint8Array[], object][] = [
      [points.slice(0, 1), {}], [[...points, points[0]!], {}], [[identity, points[1]!], {}], [[points[0]!, new Uint8Array(32).fill(255)], {}], [cancelling, {}], [points, { constant: points[1]! }],
    ];
    for (const [bad, more] of refused) expect(() => checkCommitments(engine, 'generate', bad, { ...rule, ...more })).toThrow(expect.objectContaining({ code: 'PROOF_INVALID', fields: { holder: 2 } }));
    expect(() => checkCommitments(engine, 'refresh', points, rule)).toThrow('number of commitments');
  });

  it('proves possession of the one scalar, in the one place', () => {
    const secret = aScalar();
    const point = engine.multiplyBase(secret);
    const proof = provePossession(engine, secret, point, context);
    expect(verifyPossession(engine, point, context, proof)).toBe(true);
    expect(verifyPossession(engine, point, elsewhere, proof)).toBe(false);
    expect(verifyPossession(engine, engine.multiplyBase(plusOne(secret)), context, proof)).toBe(false);
    expect(verifyPossession(engine, point, context, provePossession(engine, plusOne(secret), point, context))).toBe(false);
    for (const at of [0, 31, 32, 60]) expect(verifyPossession(engine, point, context, proof.map((byte, i) => (i === at ? byte ^ 1 : byte)))).toBe(false);
    for (const bad of [proof.subarray(1), new Uint8Array(64), new Uint8Array(64).fill(255)]) expect(verifyPossession(engine, point, context, bad)).toBe(false);
    expect(provePossession(engine, secret, point, context)).not.toEqual(proof);
  });

  it('opens a box with its own key in its own place only', () => {
    const [receiver, other] = [drawBoxKey(engine), drawBoxKey(engine)];
    const share = aScalar();
    const box = sealShare(engine, receiver.publicKey, context, share);
    expect(box).toHaveLength(80);
    expect(openShareBox(engine, receiver, box, context)).toEqual(share);
    expect(openShareBox(engine, receiver, box, elsewhere)).toBeNull();
    expect(openShareBox(engine, other, box, context)).toBeNull();
    for (const at of [0, 40, 79]) expect(openShareBox(engine, receiver, box.map((byte, i) => (i === at ? byte ^ 1 : byte)), context)).toBeNull();
    expect(() => checkBox(engine, box)).not.toThrow();
    for (const bad of [box.subarray(1), new Uint8Array(80)]) expect(() => checkBox(engine, bad)).toThrow();
  });

  describe('dispute', () => {
    const receiver = { index: 2 };
    const disputeOver = (share: (good: Uint8Array) => Uint8Array, place = context) => {
      const key = drawBoxKey(engine);
      const coefficients = drawCoefficients(engine, 2);
      const box = sealShare(engine, key.publicKey, place, share(shareAt(engine, 'generate', coefficients, receiver.index)));
      const dispute: DisputedShare = { kind: 'generate', points: commitTo(engine, coefficients), receiverIndex: receiver.index, receiverKey: key.publicKey, box, context };
      return { dispute, key };
    };

    it('finds the dealer at fault for a share that does not fit or does not open', () => {
      for (const { dispute, key } of [disputeOver(plusOne), disputeOver((good) => good, elsewhere)]) {
        expect(judgeDispute(engine, dispute, discloseBox(engine, key, dispute.box))).toBe('dealer');
      }
    });
    it('finds the accuser at fault for a share that fits, and for a point it cannot prove', () => {
      const good = disputeOver((share) => share);
      expect(judgeDispute(engine, good.dispute, discloseBox(engine, good.key, good.dispute.box))).toBe('accuser');
      const bad = disputeOver((share) => share);
      const lie = engine.multiplyBase(aScalar());
      expect(judgeDispute(engine, bad.dispute, { ...discloseBox(engine, bad.key, bad.dispute.box), shared: lie })).toBe('accuser');
      expect(judgeDispute(engine, bad.dispute, { shared: identity, proof: new Uint8Array(64) })).toBe('accuser');
    });
  });

  it('sums up to a key that does not change when it is refreshed, and refuses one that would', () => {
    const dealt = dealShares(engine, drawCoefficients(engine, 2), 3);
    const base = { threshold: 2, publicKey: dealt.publicKey, commitments: dealt.commitments, holders: dealt.shares };
    const polynomials = [1, 2, 3].map(() => drawCoefficients(engine, 1));
    const facts = groupKeyFrom(engine, { kind: 'refresh', threshold: 2, receivers: [1, 2, 3], dealings: polynomials.map((one) => commitTo(engine, one)), base });
    expect(facts.publicKey).toEqual(dealt.publicKey);
    expect(facts.commitments[1]).not.toEqual(dealt.commitments[1]);
    const received = polynomials.map((one) => shareAt(engine, 'refresh', one, 3));
    expect(engine.multiplyBase(newShare(engine, received, dealt.shares[2]!.secret, facts.holders[2]!.publicKey))).toEqual(facts.holders[2]!.publicKey);
    expect(() => newShare(engine, received.map(plusOne), dealt.shares[2]!.secret, facts.holders[2]!.publicKey)).toThrow('does not fit');
    const foreign = [0, 1].map(() => commitTo(engine, drawCoefficients(engine, 2)));
    expect(() => groupKeyFrom(engine, { kind: 'reshare', threshold: 2, receivers: [1, 2, 3], dealings: foreign, base })).toThrow('would change');
  });
});
