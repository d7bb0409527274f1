import { proveAccess, type Operation } from './operations.js';

const operation = (more: Partial<Operation>): Operation => ({ name: 'query me', kind: 'query', source: 'MeResolver.me', rule: { kind: 'allow', scopes: ['self:read'] }, ...more });

describe(proveAccess.name, () => {
  it('accepts operations that all declare who may', () => {
    expect(() => { proveAccess([operation({}), operation({ kind: 'rest', rule: { kind: 'public', reason: 'health' } })]); }).not.toThrow();
  });
  it('names every operation that does not, at once', () => {
    const faulty = [operation({ name: 'query a', rule: undefined }), operation({ name: 'query b', rule: { kind: 'public', reason: 'x' } }), operation({ name: 'GET /c', kind: 'rest', rule: { kind: 'public', reason: ' ' } })];
    expect(() => { proveAccess([operation({}), ...faulty]); }).toThrow(/query a .*query b .*GET \/c/);
  });
});
