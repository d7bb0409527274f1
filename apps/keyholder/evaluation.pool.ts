import { Piscina } from 'piscina';
import { type EngineChoice, PointInvalidError } from '#crypto';
import { DomainError } from '#kernel';
import type { ShareFile } from '#protocol';
import type { EvaluationResult, EvaluationTask, EvaluationThread } from './evaluation.worker.js';

/** Batches that may wait; past that the caller is told to come back, instead of memory growing. */
const QUEUE_MAX = 64;

export class EvaluationPool {
  private readonly pool: Piscina<EvaluationTask, EvaluationResult>;

  /** @param engine what this process chose; each thread makes its own */
  constructor(share: ShareFile, threads: number, engine: EngineChoice) {
    this.pool = new Piscina({
      filename: new URL('./evaluation.worker.js', import.meta.url).href, name: 'run',
      minThreads: threads, maxThreads: threads, maxQueue: QUEUE_MAX,
      workerData: { index: share.index, shares: share.shares, engine } satisfies EvaluationThread,
    });
  }

  /** Strict decoding only: 8 µs a point, before anything is charged. @throws PointInvalidError */
  async check(points: Uint8Array): Promise<void> {
    await this.run({ kind: 'check', generation: 0, quorum: [], points });
  }

  /** `proof` is empty for a vector. */
  async evaluate(task: EvaluationTask & { readonly kind: Exclude<EvaluationTask['kind'], 'check'> }): Promise<{ readonly evaluated: Uint8Array; readonly proof: Uint8Array }> {
    return this.run(task);
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  private async run(task: EvaluationTask): Promise<{ readonly evaluated: Uint8Array; readonly proof: Uint8Array }> {
    if (this.pool.queueSize >= QUEUE_MAX) throw new DomainError('KEY_HOLDERS_UNAVAILABLE', 'too many batches are waiting');
    const result = await this.pool.run(task);
    if (result.refused !== null) throw new PointInvalidError(result.refused);
    return result;
  }
}
