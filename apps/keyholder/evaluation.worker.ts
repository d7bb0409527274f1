/**
 * One thread of the evaluation pool: the engine and the share live here. The piscina task is a whole batch, so that a proof is
 * made once over it (RFC 9497 2.2.1). Evaluating with lambda_j*k_j lets the member add t answers without arithmetic of its own.
 */
import { workerData } from 'node:worker_threads';
import { createEngine, type EngineChoice, fastSecret, fromBase64url, partialSecret } from '#crypto';
import type { ShareFile } from '#protocol';

export interface EvaluationTask {
  /**
   * check: strict decoding only. proven: lambda_j*k_j with a proof over the batch. vector: kappa_j without a proof.
   * check-answer: kappa_j with a proof.
   */
  readonly kind: 'check' | 'proven' | 'vector' | 'check-answer';
  readonly generation: number;
  readonly quorum: readonly number[];
  readonly points: Uint8Array;
}
/** `refused` is the position of the first element that is not canonical or is the identity. */
export type EvaluationResult =
  | { readonly refused: number }
  | { readonly refused: null; readonly evaluated: Uint8Array; readonly proof: Uint8Array };

/** What a thread is started with. */
export type EvaluationThread = Pick<ShareFile, 'index' | 'shares'> & { readonly engine: EngineChoice };

const share = workerData as EvaluationThread;
const engine = await createEngine(share.engine);

export function run(task: EvaluationTask): EvaluationResult {
  try {
    if (task.kind === 'check') {
      engine.checkElements(task.points);
      return { refused: null, evaluated: new Uint8Array(0), proof: new Uint8Array(0) };
    }
    return evaluate(task);
  } catch (error) {
    const position = (error as { position?: unknown }).position;
    if (typeof position === 'number') return { refused: position };
    throw error;
  }
}

function evaluate(task: EvaluationTask): EvaluationResult {
  const mine = share.shares.find((entry) => entry.generation === task.generation);
  if (mine === undefined) throw new Error('no share of this generation');
  const multiplier = task.kind === 'proven' ? partialSecret : fastSecret;
  const secret = multiplier(engine, fromBase64url(mine.secret), share.index, task.quorum);
  try {
    const evaluated = engine.evaluate(secret, task.points);
    const proof = task.kind === 'vector' ? new Uint8Array(0) : engine.prove(secret, engine.multiplyBase(secret), task.points, evaluated);
    return { refused: null, evaluated, proof };
  } finally {
    secret.fill(0);
  }
}
