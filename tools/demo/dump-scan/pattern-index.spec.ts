import { createHash } from 'node:crypto';
import { PatternIndex, type Finding } from './pattern-index.js';
import { encodingsOf, isLongEnough } from './patterns.js';
import { scanStream, type PlaceFinding } from './scan-streams.js';

const VALUES = ['+8613800138000', '微众银行科技', 'someone@example.org', '60132510'];
const scan = (sut: PatternIndex, bytes: Buffer): Finding[] => {
  const found: Finding[] = [];
  sut.scan(bytes, 0, bytes.length, (finding) => found.push(finding));
  return found;
};

describe(PatternIndex.name, () => {
  const sut = new PatternIndex(VALUES);

  it('finds every spelling of every value inside noise', () => {
    VALUES.forEach((value, id) => {
      encodingsOf(value).forEach((pattern, encoding) => {
        if (pattern.length < 8) return;
        const bytes = Buffer.concat([Buffer.from('~ ~ ~'), pattern, Buffer.from(' ~ ~')]);
        expect(scan(sut, bytes)).toContainEqual({ value: id, encoding });
      });
    });
  });
  it('finds a value inside a longer base64 text at each alignment', () => {
    for (const before of ['', 'x', 'xy']) {
      const text = Buffer.from(`${before}someone@example.org and more`).toString('base64');
      expect(scan(sut, Buffer.from(text)).map((finding) => finding.value)).toContain(2);
    }
  });
  it('finds a plain digest as bytes', () => {
    const sum = createHash('sha1').update('微众银行科技').digest();
    expect(scan(sut, Buffer.concat([Buffer.alloc(3), sum])).map((finding) => finding.value)).toEqual([1]);
  });
  it('does not take eight digits inside a longer hex run for a value', () => {
    expect(scan(sut, Buffer.from('ab60132510cd'))).toEqual([]);
    expect(scan(sut, Buffer.from('"60132510"'))).toHaveLength(1);
  });
  it('finds a value that lies across two chunks, once', async () => {
    const out: PlaceFinding[] = [];
    const parts = [Buffer.from('{"value":"+86138'), Buffer.from('00138000"}')];
    await scanStream(sut, (async function* () { yield* parts; })(), 'job', 'queue', out);
    expect(out).toEqual([{ place: 'job', where: 'queue', value: 0, encoding: 0 }]);
  });
});

describe(isLongEnough.name, () => {
  it.each([['1234567', false], ['12345678', true], ['工商银行', true], ['工商行', false]])('%s: %s', (value, expected) => {
    expect(isLongEnough(value)).toBe(expected);
  });
});
