/** Who handles which job. The worker does not boot unless every job has exactly one handler and a policy. */
import type { OutboxId } from '#kernel';
import { JOB_NAMES, type JobName, type JobPayloads } from '#protocol';
import { JOB_POLICIES, type JobPolicy } from './job-policy.js';

export interface JobRun {
  readonly outboxId: OutboxId;
  /** 1 for the first run; runs that a crash cut off count too. */
  readonly attempt: number;
  /** Key of this job's effect, the same in every run; a job with several effects names them. */
  effectKey(name?: string): string;
}

export interface JobHandler<N extends JobName = JobName> {
  readonly job: N;
  /** May run more than once for one job: begin the transaction with `effects.once(tx, run.effectKey())`. */
  handle(payload: JobPayloads[N], run: JobRun): Promise<void>;
}

/** A handler of some job; the registry keeps name and payload together. */
export type AnyJobHandler = { readonly [N in JobName]: JobHandler<N> }[JobName];

export class JobRegistry {
  private readonly handlers = new Map<string, AnyJobHandler>();

  /** @throws Error naming every job without or with more than one handler, without policy, and every unknown handler. */
  constructor(
    handlers: readonly AnyJobHandler[],
    private readonly policies: Readonly<Partial<Record<JobName, JobPolicy>>> = JOB_POLICIES,
    private readonly names: readonly JobName[] = JOB_NAMES,
  ) {
    const faults: string[] = [];
    for (const handler of handlers) {
      if (!names.includes(handler.job)) faults.push(`${handler.job}: handler of an unknown job`);
      else if (this.handlers.has(handler.job)) faults.push(`${handler.job}: more than one handler`);
      this.handlers.set(handler.job, handler);
    }
    for (const name of names) {
      if (!this.handlers.has(name)) faults.push(`${name}: no handler`);
      if (!policies[name]) faults.push(`${name}: no policy`);
    }
    if (faults.length > 0) throw new Error(`job registry refused:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }

  jobs(): readonly JobName[] {
    return this.names;
  }

  policy(name: JobName): JobPolicy {
    const policy = this.policies[name];
    if (!policy) throw new Error(`${name}: no policy`);
    return policy;
  }

  handle(name: JobName, payload: JobPayloads[JobName], run: JobRun): Promise<void> {
    const handler = this.handlers.get(name) as JobHandler | undefined;
    if (!handler) throw new Error(`${name}: no handler`);
    return handler.handle(payload, run);
  }
}
