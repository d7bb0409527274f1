import { randomBytes } from 'node:crypto';
import { encodeInput } from './derivation.js';
import type { Engine } from './engine.js';
import { acceptFast, checkWith, type DeferredCheck, drawCheck, fastPublicKey, fastSecret, judgeCheck, judgeVector } from './fast-batch.js';
import { acceptAnswers, type HolderAnswer, prepareBatch, type PreparedBatch } from './member-batch.js';
import { type DealtKey, dealShares, partialSecret } from './shamir.js';
import { createSodiumEngine } from './sodium.engine.js';
import { elementAt, GROUP_ORDER, scalarBytes } from './suite.js';

const inputs = Array.from({ length: 6 }, (_, i) => encodeInput({ kind: 'phone', federationId: 'fed', value: `+8613800000${String(i % 5).padStart(3, '0')}` }));
const little = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);

describe('a batch in fast mode', () => {
  let engine: Engine;
  let dealt: DealtKey;
  let batch: PreparedBatch;
  const secrets = { seed: randomBytes(32), manifestHash: randomBytes(32), batchId: randomBytes(16) };
  beforeAll(async () => {
    engine = await createSodiumEngine();
    dealt = dealShares(engine, [1, 2, 3].map(() => engine.scalars.reduce(randomBytes(64))), 5);
    batch = prepareBatch(engine, { ...secrets, inputs, padTo: 8, blinding: 'additive' });
  });
  const shareOf = (index: number): Uint8Array => dealt.shares[index - 1]!.secret;
  const vectorsOf = (quorum: readonly number[]): Uint8Array[] => quorum.map((index) => engine.evaluate(fastSecret(engine, shareOf(index), index, quorum), batch.points));
  const answerTo = (check: DeferredCheck, index: number, quorum: readonly number[], share = shareOf(index)): HolderAnswer => {
    const kappa = fastSecret(engine, share, index, quorum);
    const evaluated = engine.evaluate(kappa, check.challenge);
    return { holderIndex: index, evaluated, proof: engine.prove(kappa, engine.multiplyBase(kappa), check.challenge, evaluated) };
  };
  const accept = (quorum: readonly number[], combined: Uint8Array, check = drawCheck(engine, batch.points, combined), answers = quorum.map((index) => answerTo(check, index, quorum))) =>
    acceptFast(engine, { batch, groupKey: dealt.publicKey, combined, check, quorum, holders: dealt.shares, answers });
  const baseline = (quorum: readonly number[], blinding: 'additive' | 'multiplicative'): Uint8Array => {
    const other = prepareBatch(engine, { ...secrets, inputs, padTo: 8, blinding });
    const answers = quorum.map((index) => {
      const secret = partialSecret(engine, shareOf(index), index, quorum);
      const evaluated = engine.evaluate(secret, other.points);
      return { holderIndex: index, evaluated, proof: engine.prove(secret, engine.multiplyBase(secret), other.points, evaluated) };
    });
    return acceptAnswers(engine, { batch: other, holders: dealt.shares, quorum, answers, groupKey: dealt.publicKey });
  };
  const changed = (points: Uint8Array, at: number, encoding: Uint8Array): Uint8Array => {
    const out = points.slice();
    out.set(encoding, at * 32);
    return out;
  };
  const swapped = (points: Uint8Array, a: number, b: number): Uint8Array => changed(changed(points, a, elementAt(points, b)), b, elementAt(points, a));

  it('gives the outputs of baseline mode byte for byte, for each quorum', () => {
    const expected = Buffer.from(baseline([1, 2, 3], 'multiplicative'));
    for (const quorum of [[1, 2, 3], [1, 3, 5], [2, 4, 5]]) expect(Buffer.from(accept(quorum, engine.combineDoubled(vectorsOf(quorum))))).toEqual(expected);
  });

  it('falls back to proofs over the same points with the same outputs', () => {
    expect(Buffer.from(baseline([2, 3, 4], 'additive'))).toEqual(Buffer.from(baseline([1, 2, 3], 'multiplicative')));
    expect(() => acceptAnswers(engine, { batch, holders: dealt.shares, quorum: [1], answers: [] })).toThrow('one answer');
  });

  it('draws weights that nobody can know: twice over the same points, two different checks', () => {
    const combined = engine.combineDoubled(vectorsOf([1, 2, 3]));
    const [one, two] = [drawCheck(engine, batch.points, combined), drawCheck(engine, batch.points, combined)];
    expect(one.weights).not.toEqual(two.weights);
    expect(one.challenge).not.toEqual(two.challenge);
    expect(new Set(Array.from({ length: batch.n }, (_, i) => Buffer.from(one.weights.subarray(i * 16, i * 16 + 16)).toString('hex'))).size).toBe(batch.n);
  });

  it('lets wrong points pass when the combiner knows the weights first: why they are drawn last', () => {
    const quorum = [1, 2, 3];
    const honest = engine.combineDoubled(vectorsOf(quorum));
    const known = new Uint8Array(randomBytes(batch.n * 16));
    const [e0, e1] = [little(known.subarray(0, 16)), little(known.subarray(16, 32))];
    const tag = engine.multiplyBase(scalarBytes(424242n));
    const lie = changed(changed(honest, 0, engine.addEach(elementAt(honest, 0), engine.multiply(scalarBytes(e1), tag))), 1,
      engine.addEach(elementAt(honest, 1), engine.multiply(scalarBytes(GROUP_ORDER - e0), tag)));
    const tagged = accept(quorum, lie, checkWith(engine, known, batch.points, lie));
    expect(Buffer.from(tagged)).not.toEqual(Buffer.from(accept(quorum, honest)));
    for (let i = 0; i < 8; i += 1) expect(() => accept(quorum, lie)).toThrow(expect.objectContaining({ code: 'PROOF_INVALID' }));
  });

  it.each<[string, (combined: Uint8Array) => Uint8Array]>([
    ['swapped items', (combined) => swapped(combined, 0, 5)],
    ['another element in the padding', (combined) => changed(combined, 7, elementAt(combined, 6))],
    ['the identity', (combined) => changed(combined, 3, new Uint8Array(32))],
    ['a non-canonical encoding', (combined) => changed(combined, 3, new Uint8Array(32).fill(255))],
    ['fewer points', (combined) => combined.slice(32)],
    ['all points doubled', (combined) => engine.combineDoubled([combined])],
  ])('uses nothing of a combiner that gives %s', (_, lie) => {
    const quorum = [1, 2, 4];
    const combined = lie(engine.combineDoubled(vectorsOf(quorum)));
    expect(() => accept(quorum, combined)).toThrow(expect.objectContaining({ code: 'PROOF_INVALID', fields: { holder: 0 }, unproven: [] }));
  });

  it('names the holder whose answer to the check is not proven', () => {
    const quorum = [1, 2, 5];
    const combined = engine.combineDoubled(vectorsOf(quorum));
    const check = drawCheck(engine, batch.points, combined);
    const honest = quorum.map((index) => answerTo(check, index, quorum));
    const judge = (answers: HolderAnswer[]) => judgeCheck(engine, { check, quorum, holders: dealt.shares, answers });
    expect(judge(honest)).toEqual({ held: true, unproven: [] });
    const lies: Record<string, HolderAnswer> = {
      'another share': answerTo(check, 2, quorum, scalarBytes(7n)),
      'another proof': { ...honest[1]!, proof: honest[0]!.proof },
      'the answer for another quorum': answerTo(check, 2, [1, 2, 3]),
      'another element': { ...honest[1]!, evaluated: honest[2]!.evaluated },
      'the identity': { ...honest[1]!, evaluated: new Uint8Array(32) },
      'two elements': { ...honest[1]!, evaluated: new Uint8Array(64) },
    };
    for (const lie of Object.values(lies)) expect(judge([honest[0]!, lie, honest[2]!])).toEqual({ held: false, unproven: [2] });
    expect(judge(honest.slice(1))).toEqual({ held: false, unproven: [1] });
  });

  it('tells a false vector from a lying combiner', () => {
    const quorum = [1, 2, 3];
    const vectors = vectorsOf(quorum);
    const lie = swapped(vectors[1]!, 0, 1);
    const combined = engine.combineDoubled([vectors[0]!, lie, vectors[2]!]);
    const check = drawCheck(engine, batch.points, combined);
    const answers = quorum.map((index) => answerTo(check, index, quorum));
    expect(judgeCheck(engine, { check, quorum, holders: dealt.shares, answers })).toEqual({ held: false, unproven: [] });
    const findings = [vectors[0]!, lie, vectors[2]!].map((vector, i) => judgeVector(engine, check, vector, answers[i]!.evaluated).kind);
    expect(findings).toEqual(['consistent', 'false', 'consistent']);
    expect(vectors.map((vector, i) => judgeVector(engine, check, vector, answers[i]!.evaluated).kind)).toEqual(['consistent', 'consistent', 'consistent']);
    expect(judgeVector(engine, check, changed(lie, 4, new Uint8Array(32)), answers[1]!.evaluated)).toEqual({ kind: 'refused', position: 4 });
    expect(judgeVector(engine, check, lie.slice(32), answers[1]!.evaluated)).toEqual({ kind: 'refused', position: batch.n });
  });

  it('proves a check under a key that follows from the manifest', () => {
    for (const quorum of [[1, 2, 3], [2, 4, 5]]) for (const index of quorum) {
      expect(fastPublicKey(engine, dealt.shares[index - 1]!.publicKey, index, quorum)).toEqual(engine.multiplyBase(fastSecret(engine, shareOf(index), index, quorum)));
    }
  });
});
