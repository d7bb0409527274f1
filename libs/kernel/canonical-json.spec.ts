import { canonicalJson, type Json } from './canonical-json.js';

describe(canonicalJson.name, () => {
  it('orders keys by UTF-16 code units, as RFC 8785 3.2.3 shows', () => {
    const value: Json = { '€': 1, '\r': 2, '\ufb33': 3, '1': 4, '😀': 5, '\u0080': 6, 'ö': 7 };
    expect(canonicalJson(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
  });
  it('writes numbers as ECMAScript does', () => {
    expect(canonicalJson([333333333.33333329, 1e30, 4.5, 2e-3, 1e-27, -0])).toBe('[333333333.3333333,1e+30,4.5,0.002,1e-27,0]');
  });
  it('refuses what JSON cannot hold', () => {
    for (const bad of [Number.NaN, '\ud800', undefined, new Date(0), [undefined]]) expect(() => canonicalJson(bad as Json)).toThrow(TypeError);
  });
});
