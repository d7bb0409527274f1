/** A worker thread's door: errors cross threads as plain data, for a structured clone drops classes and codes. */
import { isDomainError } from '#kernel';
import { collectGarbage } from './collect-garbage.js';
import { runCryptoTask, type CryptoTask } from './crypto-task.js';

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
