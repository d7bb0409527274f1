import { type BenchRow, verdictOf } from './bench.model.js';
import { freeCores } from './free-cores.js';
import { median, perItem } from './interleave.js';

const row = (figure: number | null, better: BenchRow['better']): BenchRow => ({ name: 'x', figure, pass: 2, aim: better === 'higher' ? 3 : 1, better, note: '' });

describe('figures beside their targets', () => {
  it('count from the target on, in the direction of the row', () => {
    expect([1.99, 2, 2.99, 3].map((figure) => verdictOf(row(figure, 'higher')))).toEqual(['MISSED', 'pass', 'pass', 'aim']);
    expect([2.01, 2, 1.01, 1].map((figure) => verdictOf(row(figure, 'lower')))).toEqual(['MISSED', 'pass', 'pass', 'aim']);
    expect(verdictOf(row(null, 'higher'))).toBe('skipped');
  });
  it('are medians of interleaved rounds', async () => {
    expect([[3, 1, 2], [4, 1, 2, 3], [7]].map(median)).toEqual([2, 2.5, 7]);
    const order: string[] = [];
    const contestant = (name: string) => ({ items: 10, spend: () => { order.push(name); return order.length; } });
    const figures = await perItem({ a: contestant('a'), b: contestant('b') }, 2, () => undefined);
    expect(order.slice(2)).toEqual(['a', 'b', 'b', 'a']); // after one round that does not count
    expect(Object.keys(figures)).toEqual(['a', 'b']);
  });
  it('on the clock count what others took', () => {
    const from = { cores: 2, wall: 1_000, idle: 5_000, own: 300 };
    expect(freeCores(from, { cores: 2, wall: 2_000, idle: 5_010, own: 2_280 })).toBeCloseTo(1.99); // two threads of ours
    expect(freeCores(from, { cores: 2, wall: 2_000, idle: 6_000, own: 1_300 })).toBeCloseTo(2); // one thread, one core idle
    expect(freeCores(from, { cores: 2, wall: 2_000, idle: 5_300, own: 1_300 })).toBeCloseTo(1.3); // somebody else beside it
  });
});
