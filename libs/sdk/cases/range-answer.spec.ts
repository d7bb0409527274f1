import type { RestAnswer } from '../transport/index.js';
import { placeOf } from './range-answer.js';

describe('a range of a package', () => {
  const answer = (range: string | null, length: number, status = 206): Pick<RestAnswer, 'status' | 'headers' | 'bytes'> =>
    ({ status, headers: new Headers(range === null ? {} : { 'content-range': range }), bytes: new Uint8Array(length) });

  it('goes on from the draft, one byte of it again, up to the end', () => {
    expect(placeOf(answer('bytes 0-99/250', 100), 0)).toEqual({ at: 0, end: 100, total: 250 });
    expect(placeOf(answer('bytes 99-249/250', 151), 99)).toEqual({ at: 99, end: 250, total: 250 });
    expect(placeOf(answer('bytes 249-249/250', 1), 249)).toEqual({ at: 249, end: 250, total: 250 });
    expect(placeOf(answer(null, 250, 200), 99)).toEqual({ at: 0, end: 250, total: 250 });
  });

  it.each([
    ['of no length', 'bytes 0-99/250', 0, 0],
    ['of no total', 'bytes 0-99/*', 100, 0],
    ['that is not named', null, 100, 0],
    ['of another place', 'bytes 0-99/250', 100, 99],
    ['of more than it names', 'bytes 0-9/250', 100, 0],
    ['behind the end', 'bytes 0-99/50', 100, 0],
    ['that adds nothing', 'bytes 99-99/250', 1, 99],
  ])('is refused %s: no fetch goes on for ever', (_, range, length, from) => {
    expect(() => placeOf(answer(range, length), from)).toThrow(expect.objectContaining({ code: 'PACKAGE_INVALID' }));
  });

  it('is refused of a package that would fill the disk', () => {
    expect(() => placeOf(answer(`bytes 0-99/${2 ** 40 - 1}`, 100), 0)).toThrow(expect.objectContaining({ code: 'PAYLOAD_TOO_LARGE' }));
    expect(() => placeOf(answer(`bytes 0-99/${512 * 1024 * 1024 + 1}`, 100), 0)).toThrow(expect.objectContaining({ code: 'PAYLOAD_TOO_LARGE' }));
  });
});
