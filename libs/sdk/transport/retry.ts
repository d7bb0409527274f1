/** Bounded retry with full jitter: a restarting service is waited for, a dead one is reported. */
export interface RetryPolicy {
  /** No new attempt starts later than this after the first. */
  readonly budgetMs: number;
  readonly baseMs: number;
  readonly capMs: number;
  readonly attempts: number;
}
const PATIENCE = { ms: 30_000 };

/** How long this process waits for a service before it gives up: 30 s unless the user says otherwise. */
export function setPatience(ms: number): void {
  PATIENCE.ms = ms;
}
export function agentRetry(): RetryPolicy {
  return { budgetMs: PATIENCE.ms, baseMs: 100, capMs: 4_000, attempts: 1_000 };
}

/** How often an error may be tried again: 0 = never. */
export type RetriesOf = (error: unknown) => number;

export interface Chance {
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
}
export const realChance: Chance = {
  random: Math.random,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  now: () => performance.now(),
};

export async function withRetry<T>(work: () => Promise<T>, retriesOf: RetriesOf, policy: RetryPolicy = agentRetry(), chance: Chance = realChance): Promise<T> {
  const startedAt = chance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const pauseMs = chance.random() * Math.min(policy.capMs, policy.baseMs * 2 ** attempt);
      const late = chance.now() - startedAt + pauseMs > policy.budgetMs;
      if (late || attempt >= policy.attempts || attempt > retriesOf(error)) throw error;
      await chance.sleep(pauseMs);
    }
  }
}
