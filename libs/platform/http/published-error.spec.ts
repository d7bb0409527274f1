import { DomainError } from '#kernel';
import { publish } from './published-error.js';

describe(publish.name, () => {
  it('tells code, text of the registry and safe fields, never the message', () => {
    expect(publish(new DomainError('NOT_FOUND', 'internal words', { kind: 'case' }), 'id')).toEqual({ code: 'NOT_FOUND', message: 'not found', correlationId: 'id', fields: { kind: 'case' } });
  });
  it('masks what is not ours', () => {
    for (const unknown of [new Error('Key (phone)=(13812345678)'), Object.assign(new Error('x'), { code: '23505' }), 'text', null, undefined]) {
      expect(publish(unknown, 'id')).toEqual({ code: 'INTERNAL', message: 'an internal error; quote the correlation id', correlationId: 'id', fields: {} });
    }
  });
  it.each([
    { code: '57P01' }, { code: '57P03' }, { code: '08006' }, { code: '53300' }, { code: 'ECONNREFUSED' }, { code: 'ENOENT', syscall: 'connect' },
    { message: 'Connection terminated unexpectedly' }, { driverError: { code: '57P01' } },
  ])('a database that went away may be asked again: %j', (fault) => {
    expect(publish(Object.assign(new Error('x'), fault), 'id').code).toBe('UNREACHABLE');
  });
});
