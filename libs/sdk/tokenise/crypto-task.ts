/**
 * The heavy steps of a batch, as plain messages: a thread runs them, or the process itself for a handful of values.
 * Outputs (y) never leave the step that computes them: what comes back are tokens and sealed details.
 */
import {
  acceptAnswers, acceptFast, AnswersRefusedError, CheckFailedError, createDetailBox, deriveSealKey, deriveToken, drawCheck, judgeVector, outputAt, prepareBatch,
  PointInvalidError, type AnswersToAccept, type Blinding, type DeferredCheck, type DetailBox, type Engine, type FastAnswersToAccept, type PreparedBatch, type RefusedAnswer, type VectorFinding,
} from '#crypto';
import { memberEngine } from './member-engine.js';

export interface PrepareTask {
  readonly op: 'prepare';
  readonly inputs: readonly Uint8Array[];
  readonly seed: Uint8Array;
  readonly manifestHash: Uint8Array;
  readonly batchId: Uint8Array;
  readonly padTo: number;
  readonly blinding: Blinding;
}
/** A detail to be sealed under the seal key of the input at `position`. */
export interface SealOrder {
  readonly position: number;
  readonly clueId: string;
  readonly detail: Uint8Array;
}
/** What tokens are made for. */
export interface TokenOrder {
  readonly hubId: string;
  readonly epoch: number;
  readonly seals: readonly SealOrder[];
}
export interface AcceptTask extends AnswersToAccept, TokenOrder {
  readonly op: 'accept';
}
export interface Accepted {
  /** inputs.length * 16 bytes, in the caller's order. */
  readonly tokens: Uint8Array;
  /** In the order of `seals`. */
  readonly sealed: readonly Uint8Array[];
}
/** Every proof held, or nothing was computed from any answer. */
export type Outcome = { readonly held: true; readonly accepted: Accepted } | { readonly held: false; readonly refused: readonly RefusedAnswer[] };

// Fast mode (docs/protocol/fast-mode.md).
export interface CombineTask {
  readonly op: 'combine';
  readonly vectors: readonly Uint8Array[];
}
/** Weights are drawn here. `combined` must be in the journal by now: only fixed-points.ts may say so. */
export interface DrawTask {
  readonly op: 'draw';
  readonly points: Uint8Array;
  readonly combined: Uint8Array;
}
export interface AcceptFastTask extends FastAnswersToAccept, TokenOrder {
  readonly op: 'accept-fast';
}
export type FastOutcome = { readonly held: true; readonly accepted: Accepted } | { readonly held: false; readonly unproven: readonly number[] };
export interface JudgeVectorsTask {
  readonly op: 'judge-vectors';
  readonly weights: Uint8Array;
  readonly answers: readonly { readonly vector: Uint8Array; readonly value: Uint8Array }[];
}

export type CryptoTask = PrepareTask | AcceptTask | CombineTask | DrawTask | AcceptFastTask | JudgeVectorsTask;
/** What each task gives. */
export interface CryptoResults {
  readonly prepare: PreparedBatch;
  readonly accept: Outcome;
  /** Empty when an element is refused or a sum vanishes: no check holds for it, and who gave it is found out then. */
  readonly combine: Uint8Array;
  readonly draw: DeferredCheck;
  readonly 'accept-fast': FastOutcome;
  readonly 'judge-vectors': readonly VectorFinding[];
}
export interface CryptoRunner {
  /** @throws what libs/crypto throws: PROOF_INVALID, POINT_INVALID, BAD_INPUT */
  run<T extends CryptoTask>(task: T): Promise<CryptoResults[T['op']]>;
  close(): Promise<void>;
}

let boxes: Promise<DetailBox> | null = null;

/** @throws what libs/crypto throws: PROOF_INVALID, POINT_INVALID, BAD_INPUT */
export async function runCryptoTask(task: CryptoTask): Promise<CryptoResults[CryptoTask['op']]> {
  boxes ??= createDetailBox();
  const [engine, box] = await Promise.all([memberEngine(), boxes]);
  switch (task.op) {
    case 'prepare': return prepareBatch(engine, task);
    case 'accept': return acceptIfProven(engine, box, task);
    case 'combine': return combine(engine, task.vectors);
    case 'draw': return drawCheck(engine, task.points, task.combined);
    case 'accept-fast': return acceptIfHeld(engine, box, task);
    case 'judge-vectors': return task.answers.map(({ vector, value }) => judgeVector(engine, task, vector, value));
  }
}

function combine(engine: Engine, vectors: readonly Uint8Array[]): Uint8Array {
  if (vectors.some((vector) => vector.length !== vectors[0]?.length)) return new Uint8Array(0);
  try {
    return engine.combineDoubled(vectors);
  } catch (error) {
    if (error instanceof PointInvalidError) return new Uint8Array(0);
    throw error;
  }
}

function acceptIfProven(engine: Engine, box: DetailBox, task: AcceptTask): Outcome {
  try {
    return { held: true, accepted: tokensOf(box, task, acceptAnswers(engine, task)) };
  } catch (error) {
    if (error instanceof AnswersRefusedError) return { held: false, refused: error.refused };
    throw error;
  }
}

function acceptIfHeld(engine: Engine, box: DetailBox, task: AcceptFastTask): FastOutcome {
  try {
    return { held: true, accepted: tokensOf(box, task, acceptFast(engine, task)) };
  } catch (error) {
    if (error instanceof CheckFailedError) return { held: false, unproven: error.unproven };
    throw error;
  }
}

function tokensOf(box: DetailBox, task: AcceptTask | AcceptFastTask, outputs: Uint8Array): Accepted {
  const scope = { hubId: task.hubId, epoch: task.epoch };
  const count = task.batch.positions.length;
  const tokens = new Uint8Array(count * 16);
  for (let k = 0; k < count; k++) tokens.set(deriveToken(outputAt(outputs, k), scope), k * 16);
  const sealed = task.seals.map(({ position, clueId, detail }) => {
    const sealKey = deriveSealKey(outputAt(outputs, position), scope, clueId);
    const token = tokens.slice(position * 16, position * 16 + 16);
    const bytes = box.seal(sealKey, detail, { hub: task.hubId, epoch: task.epoch, token, clueId, revision: 1 });
    sealKey.fill(0);
    return bytes;
  });
  outputs.fill(0);
  return { tokens, sealed };
}
