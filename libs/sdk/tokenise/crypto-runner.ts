import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { DomainError, type ErrorCode, type SafeFields } from '#kernel';
import { engineChoice } from './member-engine.js';
import { runCryptoTask, type CryptoResults, type CryptoRunner, type CryptoTask } from './crypto-task.js';

/** In the calling thread: for a handful of values, and where there are no compiled workers (tests run from source). */
export function inlineRunner(): CryptoRunner {
  return {
    run: <T extends CryptoTask>(task: T) => runCryptoTask(task) as Promise<CryptoResults[T['op']]>,
    close: () => Promise.resolve(),
  };
}

/** 15 to 25 MB each, and the whole process stays under 200 MB on machines of any size: with eight it took 251. */
const THREADS_MAX = 3;

/** One thread a core; each makes its engine once. */
export function threadRunner(threads = Math.min(availableParallelism(), THREADS_MAX)): CryptoRunner {
  const pool = new Piscina({
    filename: new URL('./crypto-task.worker.js', import.meta.url).href, minThreads: threads, maxThreads: threads, workerData: { engine: engineChoice() },
    resourceLimits: { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 3 },
  });
  const run = async <T extends CryptoTask>(task: T): Promise<CryptoResults[T['op']]> => {
    const answer = (await pool.run(task)) as { value: CryptoResults[T['op']] } | { failure: { code: ErrorCode; message: string; fields: SafeFields } };
    if ('failure' in answer) throw new DomainError(answer.failure.code, answer.failure.message, answer.failure.fields);
    return answer.value;
  };
  return { run, close: () => pool.destroy() };
}
