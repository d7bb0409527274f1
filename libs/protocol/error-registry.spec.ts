import { ERROR_CODES } from '#kernel';
import { ERROR_REGISTRY, isErrorCode } from './error-registry.js';

describe('ERROR_REGISTRY', () => {
  it('has one entry a code, in both languages, and no other', () => {
    expect(Object.keys(ERROR_REGISTRY).sort()).toEqual([...ERROR_CODES].sort());
    for (const entry of Object.values(ERROR_REGISTRY)) {
      expect(entry.en).toMatch(/^[\x20-\x7e]+$/);
      expect(entry.zh).toMatch(/\p{Script=Han}/u);
    }
  });
  it('does not take inherited names for codes', () => {
    expect(isErrorCode('toString')).toBe(false);
    expect(isErrorCode('FORBIDDEN')).toBe(true);
  });
});
