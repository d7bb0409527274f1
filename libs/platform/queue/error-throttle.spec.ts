import type { EventFields, EventLog } from '#platform/logging';
import { throttleErrors } from './error-throttle.js';

describe(throttleErrors.name, () => {
  it('writes one line a kind and period, and how many it left out', () => {
    const lines: [string, EventFields | undefined][] = [];
    const log: EventLog = { event: () => undefined, warn: () => undefined, error: (name, _, fields) => { lines.push([name, fields]); } };
    let time = 0;
    const sut = throttleErrors(log, 1_000, () => time);
    const gone = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
    for (let i = 0; i < 5; i++) sut('queue.error', gone);
    sut('queue.error', new TypeError('another kind'));
    time = 1_000;
    sut('queue.error', gone);
    expect(lines).toEqual([['queue.error', {}], ['queue.error', {}], ['queue.error', { leftOut: 4 }]]);
  });
});
