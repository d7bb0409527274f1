/** A worker thread's door: errors cross threads as plain data, for a structured clone drops classes and codes. */
import { workerData } from 'node:worker_threads';
import type { EngineChoice } from '#crypto';
import { isDomainError } from '#kernel';
import { collectGarbage } from './collect-garbage.js';
import { runCryptoTask, type CryptoTask } from './crypto-task.js';
import { setEngine } from './member-engine.js';
import { keepYoungGenerationSmall } from './small-young-generation.js';

keepYoungGenerationSmall();
setEngine((workerData as { engine: EngineChoice }).engine);

export default async function work(task: CryptoTask): Promise<unknown> {
  try {
    return { value: await runCryptoTask(task) };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { failure: { code: error.code, message: error.message, fields: error.fields } };
  } finally {
    collectGarbage();
  }
}
