import { parseUrl } from './parse-url.js';

describe(parseUrl.name, () => {
  it('answers the twenty-thousandth time as the first', () => {
    const answers = new Set(Array.from({ length: 20_000 }, () => parseUrl('https://w\u00e9bank.example/')?.hostname));
    expect([...answers]).toEqual(['xn--wbank-bsa.example']);
  });

  it.each(['', '/path', 'https://', 'http://[::1', 'not a url'])('knows no address in %j', (text) => { expect(parseUrl(text)).toBeNull(); });
});
