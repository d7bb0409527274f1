/** How each job is tried. Attempts end in a dead letter; the delays before them are drawn by full jitter. */
import type { JobName } from '#protocol';

export interface JobPolicy {
  /** Failed runs until the job is dead. */
  readonly attempts: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  /** Jobs of this kind at once in one worker process. */
  readonly concurrency: number;
}

const USUAL: JobPolicy = { attempts: 12, backoffBaseMs: 500, backoffCapMs: 5 * 60_000, concurrency: 2 };

export const JOB_POLICIES: Readonly<Record<JobName, JobPolicy>> = {
  'overlaps.match': USUAL,
  'overlaps.standing': USUAL,
  'epochs.erase': { ...USUAL, concurrency: 1 },
  'packages.build': USUAL,
  'packages.notify': { ...USUAL, concurrency: 4 },
};

/** Full jitter: anything between 0 and the exponential ceiling, so that failed jobs do not come back together. */
export function backoffMs(policy: JobPolicy, attempt: number, chance: () => number = Math.random): number {
  return Math.floor(chance() * Math.min(policy.backoffCapMs, policy.backoffBaseMs * 2 ** Math.min(attempt - 1, 30)));
}
