import { type MemorySample, peakUntil, residentMemoryOf, thinned } from './resident-memory.js';

const sample = (rows: number, peak: number): MemorySample => ({ rows, peak, own: peak - 10, mapped: 10 });

describe('the memory of a process by its rows', () => {
  it('is read from what the kernel says', () => {
    const status = 'Name:\tnode\nVmPeak:\t  999999 kB\nVmHWM:\t  204800 kB\nVmRSS:\t  153600 kB\nRssAnon:\t  102400 kB\nRssFile:\t   51200 kB\nRssShmem:\t       0 kB\n';
    expect(residentMemoryOf(status)).toEqual({ peak: 200, own: 100, mapped: 50 });
    expect(residentMemoryOf('Name:\tnode\nState:\tZ (zombie)\n')).toBeNull();
    expect(residentMemoryOf('')).toBeNull();
  });
  it('is the highest until then, and never that of later rows', () => {
    const samples = [sample(0, 80), sample(1_000, 120), sample(2_000, 120), sample(3_000, 190)];
    expect([0, 999, 1_000, 2_999, 3_000].map((rows) => peakUntil(samples, rows))).toEqual([80, 80, 120, 120, 190]);
    expect(peakUntil([], 10)).toBeNull();
  });
  it('is shown evenly, the end included', () => {
    const samples = Array.from({ length: 101 }, (_, i) => sample(i * 10, 100 + i));
    expect(thinned(samples, 4).map(({ rows }) => rows)).toEqual([250, 500, 750, 1_000]);
    expect(thinned([sample(5, 1)], 4)).toHaveLength(1);
    expect(thinned([], 4)).toEqual([]);
  });
});
