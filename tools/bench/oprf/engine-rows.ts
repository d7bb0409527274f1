/** The engine alone, in this process and on one core, beside the native baseline; and the whole member path beside the peer. */
import { createHash, randomBytes } from 'node:crypto';
import {
  acceptFast, createEngine, dealShares, deriveToken, drawCheck, encodeInput, type Engine, fastPublicKey, fastSecret, MODE_VOPRF, outputAt, partialSecret, prepareBatch,
} from '#crypto';
import type { BenchContext, BenchRow } from '../bench.model.js';
import { type Contestant, here, perItem } from '../interleave.js';
import type { Peer } from '../peers.js';
import { measured, skipped, type TargetName } from './targets.js';

const [B, LARGE, SMALL] = [1_000, 4_096, 64];
const NATIVE = 512;
const QUORUM = [1, 2];
const SCOPE = { hubId: 'bench-hub', epoch: 1 };

export async function engineRows(context: BenchContext, native: Peer, psi: Peer, wanted: (target: TargetName) => boolean): Promise<BenchRow[]> {
  const engine = await createEngine(context.engine);
  const ours = contestantsOf(engine);
  const rounds = async <K extends string>(contestants: Readonly<Record<K, Contestant>>): Promise<Record<K, number>> => perItem(contestants, context.rounds, context.progress);
  const against = async (target: TargetName, contestant: Contestant, operation: string, items = NATIVE): Promise<BenchRow[]> => {
    if (!wanted(target)) return [];
    const peer = target === 'psi' ? psi : native;
    if ('missing' in peer) return [skipped(target, peer.missing)];
    const cost = await rounds({ ours: contestant, peer: peer.process.contestant(operation, items) });
    const row = measured(target, cost.peer / cost.ours);
    return [{ ...row, note: `${cost.ours.toFixed(1)} against ${cost.peer.toFixed(1)} µs an item; ${row.note}` }];
  };
  const small = async (): Promise<BenchRow[]> => {
    if (!wanted('smallBatch')) return [];
    const cost = await rounds({ small: ours.checkOf(SMALL, 16), large: ours.checkOf(LARGE, 1) });
    return [{ ...measured('smallBatch', cost.small / cost.large), note: `${cost.small.toFixed(1)} against ${cost.large.toFixed(1)} µs an item` }];
  };
  return [
    ...await against('evaluate', ours.evaluate, 'scalarmult'), ...await against('prove', ours.prove, 'prove'), ...await against('blind', ours.blind, 'blind'),
    ...await against('verify', ours.verify, 'verify'), ...await against('check', ours.check(), 'verify'), ...await against('psi', ours.memberPath(), 'path', 1_024), ...await small(),
  ];
}

function contestantsOf(engine: Engine) {
  const key = dealShares(engine, [0, 1].map(() => engine.scalars.reduce(randomBytes(64))), 3);
  const inputs = inputsOf(B);
  const blinds = scalars(engine, B);
  const blinded = engine.blind(MODE_VOPRF, inputs, blinds);
  const secret = partialSecret(engine, key.shares[0]!.secret, 1, QUORUM);
  const publicKey = engine.multiplyBase(secret);
  const evaluated = engine.evaluate(secret, blinded);
  const proof = engine.prove(secret, publicKey, blinded, evaluated);
  return {
    evaluate: here(B, () => engine.evaluate(secret, blinded)),
    prove: here(B, () => engine.prove(secret, publicKey, blinded, engine.evaluate(secret, blinded))),
    blind: here(B, () => engine.blindAdditive(inputs, blinds)),
    verify: here(B, () => {
      if (!engine.verify(publicKey, blinded, evaluated, proof)) throw new Error('a proof did not hold');
      engine.finalise(inputs, blinds, evaluated);
    }),
    check: (): Contestant => {
      const large = fastBatch(engine, key, LARGE);
      return here(LARGE, () => large.accept(large.batch));
    },
    memberPath: (): Contestant => {
      const large = fastBatch(engine, key, LARGE);
      return here(LARGE, () => {
        const outputs = large.accept(prepareBatch(engine, large.order));
        for (let i = 0; i < LARGE; i += 1) deriveToken(outputAt(outputs, i), SCOPE);
      });
    },
    /** Both weighted sums of a check, `times` batches a turn. */
    checkOf: (n: number, times: number): Contestant => {
      const { batch, combined } = fastBatch(engine, key, n);
      return here(n * times, () => { for (let i = 0; i < times; i += 1) drawCheck(engine, batch.points, combined); });
    },
  };
}

/** A batch of fast mode as its member meets it: points, the combined answer, and holders that answer a check (whose time is not the member's). */
function fastBatch(engine: Engine, key: ReturnType<typeof dealShares>, n: number) {
  const secrets = { seed: randomBytes(32), manifestHash: randomBytes(32), batchId: randomBytes(16) };
  const order = { ...secrets, inputs: inputsOf(n), padTo: 64, blinding: 'additive' as const };
  const batch = prepareBatch(engine, order);
  const kappas = QUORUM.map((index) => fastSecret(engine, key.shares[index - 1]!.secret, index, QUORUM));
  const combined = engine.combineDoubled(kappas.map((kappa) => engine.evaluate(kappa, batch.points)));
  const answer = (index: number, challenge: Uint8Array) => {
    const kappa = kappas[QUORUM.indexOf(index)]!;
    const evaluated = engine.evaluate(kappa, challenge);
    return { holderIndex: index, evaluated, proof: engine.prove(kappa, fastPublicKey(engine, key.shares[index - 1]!.publicKey, index, QUORUM), challenge, evaluated) };
  };
  const accept = (prepared: typeof batch): Uint8Array => {
    const check = drawCheck(engine, prepared.points, combined);
    return acceptFast(engine, { check, quorum: QUORUM, holders: key.shares, answers: QUORUM.map((index) => answer(index, check.challenge)), batch: prepared, groupKey: key.publicKey, combined });
  };
  return { order, batch, combined, accept };
}

function inputsOf(n: number): Uint8Array[] {
  return Array.from({ length: n }, (_, i) => encodeInput({ kind: 'phone', federationId: 'bench', value: `+86138${String(i).padStart(8, '0')}` }));
}

function scalars(engine: Engine, n: number): Uint8Array {
  return Buffer.concat(Array.from({ length: n }, (_, i) => engine.scalars.reduce(createHash('sha512').update(`blind ${String(i)}`).digest())));
}
