import { randomUUID } from 'node:crypto';
import { Metrics } from './metrics.js';

describe(Metrics.name, () => {
  it('counts and times by event name', async () => {
    const sut = new Metrics('worker');
    sut.count('job.runs', { job: 'packages.build', outcome: 'done' });
    sut.count('job.runs', { job: 'packages.build', outcome: 'done' }, 2);
    sut.observeSeconds('job.duration', 0.3, { job: 'packages.build' });
    const text = await sut.metrics();
    expect(text).toMatch(/tally_job_runs_total\{.*job="packages.build".*\} 3/);
    expect(text).toMatch(/tally_job_duration_seconds_bucket\{.*le="0.5".*\} 1/);
  });
  it.each([randomUUID(), '13812345678', '张三', ''])('refuses a label that could be an id or a value: %s', (value) => {
    expect(() => { new Metrics('x').count('y', { kind: value }); }).toThrow('closed word');
  });
});
