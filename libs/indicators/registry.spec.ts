import fc from 'fast-check';
import { INDICATOR_KINDS, normalise, normalisers, REJECT_CODES, REJECT_TEXTS, type IndicatorKind } from './index.js';

const noisy = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...'0123456789+-() .:：（）＋８６转x*#ext;=＠@/?%.[]<>"\'公司有限集团股份責任電話微信qQ_Aaf'), maxLength: 40 }),
);

/** A raw example, disturbed: characters dropped, doubled, swapped, wrapped. */
function disturbed(kind: IndicatorKind): fc.Arbitrary<string> {
  const raws = [...normalisers[kind].examples(), ...normalisers[kind].rejects()].map((example) => example.raw);
  return fc.tuple(fc.constantFrom(...raws), fc.nat(30), fc.constantFrom('', ' ', '　', '\u200b', '（', ')', ':', '/', '%2e', '0', '转', '.', '@'), noisy)
    .map(([raw, at, extra, tail]) => raw.slice(0, at) + extra + raw.slice(at) + (extra === '/' ? tail : ''));
}

/** Milliseconds of CPU: a busy machine must not turn a test red. */
function cpuOf(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

describe.each(INDICATOR_KINDS)('normaliser of %s', (kind) => {
  const sut = normalisers[kind];

  it.each(sut.examples())('reads $raw as $canonical', ({ raw, canonical }) => {
    const result = sut.normalise(raw);
    expect(result).toMatchObject({ forms: { 0: { kind, value: canonical, strength: 'exact', variant: 'canonical' } } });
  });

  it.each(sut.rejects())('rejects $raw as $code', ({ raw, code }) => {
    const [reason, reasonZh] = REJECT_TEXTS[code];
    expect(sut.normalise(raw)).toEqual({ reject: { code, reason, reasonZh } });
  });

  it('is total, deterministic and idempotent on any text', () => {
    fc.assert(fc.property(fc.oneof(noisy, disturbed(kind)), (raw) => {
      const result = sut.normalise(raw);
      expect(sut.normalise(raw)).toEqual(result);
      if (!('forms' in result)) return;
      const [exact, ...weak] = result.forms;
      expect(exact.strength).toBe('exact');
      expect(weak.every((form) => form.strength === 'weak' && form.kind !== kind)).toBe(true);
      expect(exact.value.isWellFormed()).toBe(true);
      expect(sut.normalise(exact.value)).toMatchObject({ forms: { 0: { value: exact.value } } });
    }), { numRuns: Number(process.env.TALLY_PROPERTY_RUNS ?? 500) });
  });

  it('refuses what is too long before any work', () => {
    const text = '(1'.repeat(2_000_000);
    expect(cpuOf(() => { expect(sut.normalise(text)).toHaveProperty('reject.code', 'TOO_LONG'); })).toBeLessThan(100);
  });

  it('stays fast on the longest accepted hostile text', () => {
    for (const unit of ['1', ' ', '(', '转', '- ', '1-', 'x1', '@', '<', '.', '%2', '公司', ':', '(+', 'a.', '电话1', '1/', '/.', '0"']) {
      const text = unit.repeat(Math.floor(sut.maxLength / unit.length));
      expect(cpuOf(() => { sut.normalise(text); })).toBeLessThan(250);
    }
  });
});

describe(normalise.name, () => {
  it('refuses an unknown kind without echoing it', () => {
    expect(() => normalise('passport_no', 'E123')).toThrow(expect.objectContaining({ code: 'KIND_UNKNOWN', message: expect.not.stringContaining('passport') }));
    expect(() => normalise('__proto__', 'x')).toThrow(expect.objectContaining({ code: 'KIND_UNKNOWN' }));
  });

  it('has a text in both languages for every reject code', () => {
    for (const code of REJECT_CODES) {
      expect(REJECT_TEXTS[code][0]).toMatch(/^[a-z]/);
      expect(REJECT_TEXTS[code][1]).toMatch(/\p{Script=Han}/u);
    }
  });

  it('every reject code is shown by an example or belongs to the screen that all kinds share', () => {
    const shown = new Set(INDICATOR_KINDS.flatMap((kind) => normalisers[kind].rejects().map((r) => r.code)));
    expect(REJECT_CODES.filter((code) => !shown.has(code))).toEqual(['TOO_LONG', 'MALFORMED_TEXT']);
  });

  it('refuses text that has no UTF-8', () => {
    for (const kind of INDICATOR_KINDS) expect(normalise(kind, 'a\ud800')).toHaveProperty('reject.code', 'MALFORMED_TEXT');
  });
});
