import { randomBytes } from 'node:crypto';
import { ManifestInvalidError, ProofInvalidError } from '../crypto.errors.js';
import { deriveSealKey, deriveToken, encodeInput } from './derivation.js';
import type { Engine } from './engine.js';
import { acceptAnswers, type HolderAnswer, outputAt, prepareBatch, type PreparedBatch } from './member-batch.js';
import { createNobleEngine } from './noble.engine.js';
import { checkGroupKey, type DealtKey, dealShares, partialPublicKey, partialSecret } from './shamir.js';
import { createSodiumEngine } from './sodium.engine.js';
import { finalizeHash } from './suite.js';

const phones = (n: number): Uint8Array[] =>
  Array.from({ length: n }, (_, i) => encodeInput({ kind: 'phone', federationId: 'fed', value: `+86138${String(i).padStart(8, '0')}` }));

describe('a batch through 2 of 3 holders', () => {
  let engine: Engine;
  let dealt: DealtKey;
  const secrets = { seed: randomBytes(32), manifestHash: randomBytes(32), batchId: randomBytes(16) };
  const inputs = [...phones(5), ...phones(2)];
  let batch: PreparedBatch;

  beforeAll(async () => {
    engine = await createSodiumEngine();
    dealt = dealShares(engine, [engine.scalars.reduce(randomBytes(64)), engine.scalars.reduce(randomBytes(64))], 3);
    batch = prepareBatch(engine, { ...secrets, inputs, padTo: 8 });
  });
  const answer = (index: number, quorum: number[]): HolderAnswer => {
    const secret = partialSecret(engine, dealt.shares[index - 1]!.secret, index, quorum);
    const evaluated = engine.evaluate(secret, batch.points);
    return { holderIndex: index, evaluated, proof: engine.prove(secret, engine.multiplyBase(secret), batch.points, evaluated) };
  };
  const accept = (quorum: number[], answers = quorum.map((index) => answer(index, quorum)), holders = dealt.shares): Uint8Array =>
    acceptAnswers(engine, { batch, holders, quorum, answers });

  it('deduplicates, pads and answers in the order of the caller', () => {
    expect(batch.n).toBe(8);
    const outputs = accept([1, 3]);
    expect(outputs.length).toBe(7 * 64);
    expect(outputAt(outputs, 5)).toEqual(outputAt(outputs, 0));
    expect(outputAt(outputs, 1)).not.toEqual(outputAt(outputs, 0));
  });

  it('gives the same outputs for every quorum, and those of the undivided key', () => {
    const whole = engine.scalars.add(
      partialSecret(engine, dealt.shares[0]!.secret, 1, [1, 2]), partialSecret(engine, dealt.shares[1]!.secret, 2, [1, 2]));
    const x = inputs[3]!;
    const expected = finalizeHash(x, engine.multiply(whole, engine.hashToGroup(1, [x])));
    for (const quorum of [[1, 2], [1, 3], [2, 3], [1, 2, 3]]) expect(Buffer.from(outputAt(accept(quorum), 3))).toEqual(Buffer.from(expected));
  });

  it('refuses a swapped proof, a swapped answer and a changed point, and names the holder', () => {
    const [one, two] = [answer(1, [1, 2]), answer(2, [1, 2])];
    const naming = (holder: number) => expect.objectContaining({ code: 'PROOF_INVALID', fields: { holder } });
    expect(() => accept([1, 2], [{ ...one, proof: two.proof }, two])).toThrow(naming(1));
    expect(() => accept([1, 2], [one, { ...two, evaluated: one.evaluated, proof: one.proof }])).toThrow(naming(2));
    expect(() => accept([1, 2], [one, { ...two, evaluated: two.evaluated.map((byte, i) => (i === 40 ? byte ^ 1 : byte)) }])).toThrow(ProofInvalidError);
    expect(() => accept([1, 2], [one, { ...two, evaluated: new Uint8Array(two.evaluated.length) }])).toThrow(naming(2));
  });

  it('refuses an answer that was computed for another quorum', () => {
    expect(() => accept([1, 2], [answer(1, [1, 3]), answer(2, [1, 2])])).toThrow(ProofInvalidError);
  });

  it('refuses a missing or doubled holder', () => {
    expect(() => accept([1, 2], [answer(1, [1, 2])])).toThrow('one answer');
    expect(() => accept([1, 2], [answer(1, [1, 2]), answer(1, [1, 2])])).toThrow('one answer');
  });

  it('is repeated byte for byte, and an edited row changes its blind and the hash that the journal compares', () => {
    expect(prepareBatch(engine, { ...secrets, inputs, padTo: 8 }).pointsHash).toEqual(batch.pointsHash);
    const edited = prepareBatch(engine, { ...secrets, inputs: [...inputs.slice(0, 4), ...phones(9).slice(8)], padTo: 8 });
    expect(edited.pointsHash).not.toEqual(batch.pointsHash);
    const known = new Set(Array.from({ length: batch.n }, (_, i) => Buffer.from(batch.blinds.subarray(i * 32, i * 32 + 32)).toString('hex')));
    const at = edited.positions[4]!;
    expect(known.has(Buffer.from(edited.blinds.subarray(at * 32, at * 32 + 32)).toString('hex'))).toBe(false);
  });

  it('accepts a manifest key only when every K_j lies on the committed polynomial', () => {
    const facts = { threshold: 2, publicKey: dealt.publicKey, commitments: dealt.commitments, holders: dealt.shares };
    for (const checker of [engine, createNobleEngine()]) {
      expect(() => checkGroupKey(checker, facts)).not.toThrow();
      const off = dealt.shares.map((share) => (share.index === 3 ? { index: 3, publicKey: engine.multiplyBase(engine.scalars.reduce(randomBytes(64))) } : share));
      expect(() => checkGroupKey(checker, { ...facts, holders: off })).toThrow(expect.objectContaining({ fields: expect.objectContaining({ holder: 3 }) }));
      expect(() => checkGroupKey(checker, { ...facts, publicKey: dealt.shares[0]!.publicKey })).toThrow(ManifestInvalidError);
      expect(() => checkGroupKey(checker, { ...facts, commitments: dealt.commitments.slice(0, 1) })).toThrow(ManifestInvalidError);
    }
  });

  it('would take a tagging key off the polynomial if only proofs were checked: why the check exists', () => {
    const rogue = engine.scalars.reduce(randomBytes(64));
    const secret = partialSecret(engine, rogue, 2, [1, 2]);
    const evaluated = engine.evaluate(secret, batch.points);
    const forged = { holderIndex: 2, evaluated, proof: engine.prove(secret, engine.multiplyBase(secret), batch.points, evaluated) };
    const holders = dealt.shares.map((share) => (share.index === 2 ? { index: 2, publicKey: engine.multiplyBase(rogue) } : share));
    expect(Buffer.from(accept([1, 2], [answer(1, [1, 2]), forged], holders as typeof dealt.shares))).not.toEqual(Buffer.from(accept([1, 2])));
    expect(() => accept([1, 2], [answer(1, [1, 2]), forged])).toThrow(ProofInvalidError);
  });

  it('derives tokens that differ by hub and epoch, and seal keys that differ by clue', () => {
    const y = outputAt(accept([1, 2]), 0);
    const scope = { hubId: 'hub', epoch: 1 };
    const seen = [deriveToken(y, scope), deriveToken(y, { ...scope, epoch: 2 }), deriveToken(y, { ...scope, hubId: 'hub2' })].map((t) => Buffer.from(t).toString('hex'));
    expect(new Set(seen).size).toBe(3);
    expect(deriveToken(y, scope).length).toBe(16);
    expect(deriveSealKey(y, scope, 'a')).not.toEqual(deriveSealKey(y, scope, 'b'));
    expect(partialPublicKey(engine, dealt.shares[0]!.publicKey, 1, [1, 2])).not.toEqual(dealt.shares[0]!.publicKey);
  });
});
