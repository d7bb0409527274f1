/** The id that ties together what one request or job did, without passing it through every call. */
import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<string>();

export function withCorrelation<T>(id: string, work: () => T): T {
  return storage.run(id, work);
}

export function correlationId(): string | undefined {
  return storage.getStore();
}
