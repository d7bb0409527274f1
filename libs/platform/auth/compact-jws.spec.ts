import { isCompactJws } from './compact-jws.js';

describe(isCompactJws.name, () => {
  it('takes three canonical base64url parts', () => {
    expect(isCompactJws('eyJh.eyJi.AAAA')).toBe(true);
  });
  // The last: "AB" and "AA" decode to the same byte, so only one of them is canonical.
  it.each(['', 'a.b', 'eyJh.eyJi', 'eyJh.eyJi.AAAA.AAAA', 'eyJh..AAAA', 'ey+h.eyJi.AAAA', 'eyJh.eyJi.AAA=', ' eyJh.eyJi.AAAA', 'eyJh.eyJi.AAAA\n', 'eyJh.eyJi.AB', 17, null])('refuses %j', (value) => {
    expect(isCompactJws(value)).toBe(false);
  });
  it('refuses more than 8 KiB', () => {
    expect(isCompactJws(`eyJh.${'AAAA'.repeat(2100)}.AAAA`)).toBe(false);
  });
});
