/**
 * The two heavy steps of a batch, as plain messages: a thread runs them, or the process itself for a handful of values.
 * Outputs (y) never leave the step that computes them: what comes back are tokens and sealed details.
 */
import {
  acceptAnswers, createDetailBox, createSodiumEngine, deriveSealKey, deriveToken, outputAt, prepareBatch,
  type AnswersToAccept, type DetailBox, type Engine, type PreparedBatch,
} from '#crypto';

export interface PrepareTask {
  readonly op: 'prepare';
  readonly inputs: readonly Uint8Array[];
  readonly seed: Uint8Array;
  readonly manifestHash: Uint8Array;
  readonly batchId: Uint8Array;
  readonly padTo: number;
}
/** A detail to be sealed under the seal key of the input at `position`. */
export interface SealOrder {
  readonly position: number;
  readonly clueId: string;
  readonly detail: Uint8Array;
}
export interface AcceptTask extends AnswersToAccept {
  readonly op: 'accept';
  readonly hubId: string;
  readonly epoch: number;
  readonly seals: readonly SealOrder[];
}
export interface Accepted {
  /** inputs.length * 16 bytes, in the caller's order. */
  readonly tokens: Uint8Array;
  /** In the order of `seals`. */
  readonly sealed: readonly Uint8Array[];
}

export type CryptoTask = PrepareTask | AcceptTask;
export interface CryptoRunner {
  prepare(task: Omit<PrepareTask, 'op'>): Promise<PreparedBatch>;
  accept(task: Omit<AcceptTask, 'op'>): Promise<Accepted>;
  close(): Promise<void>;
}

let tools: Promise<{ engine: Engine; box: DetailBox }> | null = null;

/** @throws what libs/crypto throws: PROOF_INVALID, POINT_INVALID, BAD_INPUT */
export async function runCryptoTask(task: CryptoTask): Promise<PreparedBatch | Accepted> {
  tools ??= Promise.all([createSodiumEngine(), createDetailBox()]).then(([engine, box]) => ({ engine, box }));
  const { engine, box } = await tools;
  return task.op === 'prepare' ? prepareBatch(engine, task) : accept(engine, box, task);
}

function accept(engine: Engine, box: DetailBox, task: AcceptTask): Accepted {
  const outputs = acceptAnswers(engine, task);
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
