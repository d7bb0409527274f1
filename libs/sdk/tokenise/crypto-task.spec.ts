import {
  createDetailBox, createSodiumEngine, dealShares, deriveSealKey, encodeInput, MODE_VOPRF, partialPublicKey, partialSecret, type DealtKey, type Engine, type PreparedBatch,
} from '#crypto';
import { inlineRunner } from './crypto-runner.js';
import type { Outcome } from './crypto-task.js';

/** y as the holder of the whole key would compute it: blind 1. */
function finaliseOracle(engine: Engine, wholeKey: Uint8Array, input: Uint8Array): Uint8Array {
  const one = new Uint8Array(32);
  one[0] = 1;
  return engine.finalise([input], one, engine.evaluate(wholeKey, engine.hashToGroup(MODE_VOPRF, [input])));
}

const QUORUM = [1, 3];
const HUB = 'hub';
const EPOCH = 4;
const CLUE = '0197a3c2-0000-7000-8000-00000000000a';
const detail = new TextEncoder().encode('{"v":1}');
const inputs = ['+8613320826779', '+8613320826780'].map((value) => encodeInput({ kind: 'phone', federationId: 'fed', value }));

describe('a batch from blinding to sealed details', () => {
  const runner = inlineRunner();
  let engine: Engine;
  let dealt: DealtKey;
  let batch: PreparedBatch;
  beforeAll(async () => {
    engine = await createSodiumEngine();
    const scalar = (fill: number): Uint8Array => engine.scalars.reduce(new Uint8Array(64).fill(fill));
    dealt = dealShares(engine, [scalar(3), scalar(5)], 3);
    batch = await runner.run({ op: 'prepare', blinding: 'multiplicative', inputs, seed: new Uint8Array(32).fill(9), manifestHash: new Uint8Array(32), batchId: new Uint8Array(16), padTo: 8 });
  });

  /** What holder `index` answers; `points` other than the batch's stand for a holder that cheats. */
  const answerOf = (index: number, points = batch.points) => {
    const secret = partialSecret(engine, dealt.shares[index - 1]!.secret, index, QUORUM);
    const evaluated = engine.evaluate(secret, points);
    return { holderIndex: index, evaluated, proof: engine.prove(secret, partialPublicKey(engine, dealt.shares[index - 1]!.publicKey, index, QUORUM), points, evaluated) };
  };
  const accept = (answers: ReturnType<typeof answerOf>[]): Promise<Outcome> => runner.run({
    op: 'accept', batch, quorum: QUORUM, answers, hubId: HUB, epoch: EPOCH, holders: dealt.shares.map(({ index, publicKey }) => ({ index, publicKey })),
    seals: [{ position: 1, clueId: CLUE, detail }],
  });

  it('gives each input its token and seals a detail that only its seal key opens', async () => {
    const outcome = await accept([answerOf(1), answerOf(3)]);
    if (!outcome.held) throw new Error('proofs of honest holders');
    const { tokens, sealed } = outcome.accepted;
    expect(tokens).toHaveLength(32);
    const token = tokens.slice(16, 32);
    const whole = engine.scalars.add( // what nobody has: a_0 = sum of lambda_j * k_j
      partialSecret(engine, dealt.shares[0]!.secret, 1, QUORUM), partialSecret(engine, dealt.shares[2]!.secret, 3, QUORUM),
    );
    const y = finaliseOracle(engine, whole, inputs[1]!);
    const binding = { hub: HUB, epoch: EPOCH, token, clueId: CLUE, revision: 1 };
    const box = await createDetailBox();
    expect(box.open(deriveSealKey(y, { hubId: HUB, epoch: EPOCH }, CLUE), sealed[0]!, binding)).toEqual(detail);
    const foreign = finaliseOracle(engine, whole, inputs[0]!);
    expect(() => box.open(deriveSealKey(foreign, { hubId: HUB, epoch: EPOCH }, CLUE), sealed[0]!, binding)).toThrow();
  });
  it('gives nothing when a proof is swapped or made for other points', async () => {
    const [one, three] = [answerOf(1), answerOf(3)];
    expect(await accept([{ ...one, proof: three.proof }, three])).toEqual({ held: false, refused: [{ holder: 1, fault: 'false-proof' }] });
    const turned = new Uint8Array([...batch.points.subarray(32), ...batch.points.subarray(0, 32)]);
    expect(await accept([one, answerOf(3, turned)])).toEqual({ held: false, refused: [{ holder: 3, fault: 'false-proof' }] });
    const identity = { ...three, evaluated: new Uint8Array(three.evaluated.length) };
    expect(await accept([{ ...one, proof: three.proof }, identity])).toEqual({ held: false, refused: [{ holder: 1, fault: 'false-proof' }, { holder: 3, fault: 'refused-element' }] });
  });
});
