import { JOB_NAMES, type JobName } from '#protocol';
import { backoffMs, JOB_POLICIES } from './job-policy.js';
import { JobRegistry, type AnyJobHandler } from './job-registry.js';

const handlerOf = (job: JobName): AnyJobHandler => ({ job, handle: () => Promise.resolve() }) as AnyJobHandler;
const all = JOB_NAMES.map(handlerOf);

describe(JobRegistry.name, () => {
  it('boots when every job has exactly one handler and a policy', () => expect(() => new JobRegistry(all)).not.toThrow());
  it('refuses a job without a handler', () => expect(() => new JobRegistry(all.slice(1))).toThrow(`${String(JOB_NAMES[0])}: no handler`));
  it('refuses two handlers of one job', () => expect(() => new JobRegistry([...all, handlerOf('packages.build')])).toThrow('packages.build: more than one'));
  it('refuses a job without a policy', () => {
    expect(() => new JobRegistry(all, { ...JOB_POLICIES, 'packages.build': undefined } as never)).toThrow('packages.build: no policy');
  });
  it('refuses the handler of an unknown job', () => {
    expect(() => new JobRegistry([...all, handlerOf('nobody.knows' as JobName)])).toThrow('nobody.knows: handler of an unknown job');
  });
});

describe(backoffMs.name, () => {
  const policy = { attempts: 12, backoffBaseMs: 100, backoffCapMs: 1_000, concurrency: 1 };
  it('doubles its ceiling up to the cap and draws below it', () => {
    expect([1, 2, 3, 4, 5, 99].map((attempt) => backoffMs(policy, attempt, () => 0.999_999))).toEqual([99, 199, 399, 799, 999, 999]);
    expect(backoffMs(policy, 5, () => 0)).toBe(0);
  });
});
