import { randomUUID } from 'node:crypto';
import { DomainError } from '#kernel';
import { withCorrelation } from './correlation.js';
import { createEventLog } from './event-log.js';

const capture = (): { readonly sut: ReturnType<typeof createEventLog>; readonly lines: () => Record<string, unknown>[] } => {
  const out: string[] = [];
  return {
    sut: createEventLog({ app: 'hub', destination: { write: (text) => { out.push(text); } } }),
    lines: () => out.map((text) => JSON.parse(text) as Record<string, unknown>),
  };
};

describe(createEventLog.name, () => {
  it('writes one line with name, ids, counts and the correlation id', () => {
    const { sut, lines } = capture();
    const [member, correlation] = [randomUUID(), randomUUID()];
    withCorrelation(correlation, () => { sut.event('clues.published', { member, accepted: 12, ms: 3.5, url: 'http://127.0.0.1:8080' }); });
    expect(lines()).toEqual([expect.objectContaining({
      app: 'hub', level: 'info', event: 'clues.published', member, accepted: 12, ms: 3.5, correlationId: correlation, url: 'http://127.0.0.1:8080',
    })]);
  });
  it.each(['13812345678', '+86 138 1234 5678', '张三金融咨询', 'a@b.example', '6222020200112233445', 'deadbeef'.repeat(4), 'ey'.repeat(60)])(
    'withholds a string that could be a value: %s', (value) => {
      const { sut, lines } = capture();
      sut.event('x', { value });
      expect(lines()[0]?.value).toBe('[withheld]');
    });
  it('tells class, code and own frames of an error, not the message of a driver', () => {
    const { sut, lines } = capture();
    sut.error('x', Object.assign(new Error('Key (phone)=(13812345678) already exists'), { code: '23505', detail: '13812345678' }));
    expect(lines()[0]?.error).toMatchObject({ type: 'Error', code: '23505' });
    expect(JSON.stringify(lines())).not.toContain('13812345678');
  });
  it('tells the message of an error of our own', () => {
    const { sut, lines } = capture();
    sut.error('x', new DomainError('NOT_FOUND', 'no such case'));
    expect(lines()[0]?.error).toMatchObject({ type: 'DomainError', code: 'NOT_FOUND', message: 'no such case' });
  });
});
