import { ERROR_CODES } from '#kernel';
import { ERROR_REGISTRY } from '#protocol';
import { sourceFiles } from './source-tree.js';

const CEILING = 48;

describe('error codes', () => {
  it('have one transport entry each, and no entry is left over', () => {
    expect(Object.keys(ERROR_REGISTRY).sort()).toEqual([...ERROR_CODES].sort());
    expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length);
  });

  it(`stay about forty (at most ${CEILING}), in words a person can act on`, () => {
    expect(ERROR_CODES.length).toBeLessThanOrEqual(CEILING);
    for (const [code, { en, zh }] of Object.entries(ERROR_REGISTRY)) {
      expect([code, en.length > 5, /\p{Script=Han}/u.test(zh)]).toEqual([code, true, true]);
    }
  });

  it('are each used somewhere', () => {
    const elsewhere = sourceFiles().filter(({ name }) => !/libs\/kernel\/error-code\.ts|libs\/protocol\/error-registry|^test\//.test(name));
    const text = elsewhere.map((file) => file.text).join('\n');
    expect(ERROR_CODES.filter((code) => !text.includes(`'${code}'`))).toEqual([]);
  });
});
