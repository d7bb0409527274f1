import fc from 'fast-check';
import { detectKind, INDICATOR_KINDS, normalise, normalisers, REJECT_CODES, REJECT_TEXTS, type IndicatorKind } from './index.js';

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

const HOSTILE = [
  '1', ' ', '(', '转', '- ', '1-', 'x1', '@', '<', '.', '%2', '公司', ':', '(+', 'a.', '电话1', '1/', '/.', '0"', '一', 'é', '、1', '&a=1', 'i.', 'v ', '深圳市', 'the ', '有限责任公司', '\u0301', '#', '@a.', '+1 ',
  // what grows eighteenfold by NFKC, what costs the square to put in order, what a bound end tries from every start
  'ﷺ', '\u0f71\u0f72', '\u0301\uff9e', '=', '我的', "'", '。', '【】', '👉', '某平台', '1️⃣',
];
/** Texts in which nothing repeats: every piece is another one. The multiplier is prime to the sizes of the ranges. */
const among = (from: number, size: number) => (i: number): string => String.fromCodePoint(from + (i * 7_919) % size);
const han = among(0x4e00, 20_992);
const VARIED: Readonly<Record<string, (i: number) => string>> = {
  'ideographs': han,
  'ideographs and commas': (i) => (i % 2 === 0 ? han(i) : '，'),
  'ideographs of plane 2': among(0x2_0000, 42_720),
  'ideographs and letters': (i) => (i % 2 === 0 ? han(i) : among(0x61, 26)(i)),
  'firms': (i) => `${han(i)}${han(i + 1)}有限公司`,
  'words': (i) => `${(i * 7_919 % 46_656).toString(36)} `,
  'names': (i) => `A${(i * 7_919 % 46_656).toString(36)} `,
  'pictures': among(0x1_f300, 512),
  'traditional ideographs and digits': (i) => (i % 3 === 0 ? '國' : i % 3 === 1 ? han(i) : String(i % 10)),
};
/** What stands before and behind a run decides whether an expression gives up early. */
const AROUND = [['', ''], ['1', 'x'], ['公司：', '!'], ['https://a.example/', '中']] as const;

/** Milliseconds of CPU: a busy machine must not turn a test red. */
function cpuOf(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

const { imul } = Math;
const FIXED_WORK_MS = 1.4;
/** Takes so long on a free core of the machine that the limits are written for. */
function fixedWork(): number {
  let hash = 0;
  for (let i = 0; i < 1_000_000; i++) hash = imul(hash ^ i, 0x0100_0193) ^ (hash >>> 13);
  return hash;
}

/**
 * Of fifteen runs at most: the first comes before the code is compiled, any may be interrupted. Where neighbours slow the core itself, a known
 * piece of work beside it takes longer too, and its millisecond counts as less; never as less than a quarter.
 */
function leastCpuOf(work: () => void, limit: number): number {
  let least = Infinity;
  for (let run = 0; run < 15 && least >= limit; run++) {
    const taken = cpuOf(work);
    least = Math.min(least, taken < limit ? taken : taken / Math.min(4, Math.max(1, cpuOf(fixedWork) / FIXED_WORK_MS)));
  }
  return least;
}

describe.each(INDICATOR_KINDS)('normaliser of %s', (kind) => {
  const sut = normalisers[kind];
  // A complaint takes 2 ms in a process of its own (docs/indicators.md, Time), but two or three times that among the heaps of a whole test run.
  const limit = kind === 'complaint_text' ? 25 : 5;

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

  it('takes no longer than it may for the longest accepted hostile text', () => {
    for (const unit of HOSTILE) {
      for (const [before, behind] of AROUND) {
        const text = before + unit.repeat(Math.max(0, Math.floor((sut.maxLength - before.length - behind.length) / unit.length))) + behind;
        expect({ unit, before, slow: leastCpuOf(() => { sut.normalise(text); }, limit) >= limit }).toEqual({ unit, before, slow: false });
      }
    }
  });

  it.each(Object.entries(VARIED))('takes no longer than it may for the longest accepted text of %s', (_, charAt) => {
    const text = Array.from({ length: sut.maxLength }, (_none, i) => charAt(i)).join('').slice(0, sut.maxLength).toWellFormed();
    expect(leastCpuOf(() => { sut.normalise(text); }, limit)).toBeLessThan(limit);
  });
});

describe(detectKind.name, () => {
  it('finds the kind of each kind\'s examples, or none; never another', () => {
    for (const kind of INDICATOR_KINDS) {
      for (const { raw } of normalisers[kind].examples()) {
        const found = detectKind(raw);
        // an address that is nothing but a host is one, whoever wrote it down as a domain
        if (found !== null && !(kind === 'domain' && found === 'url')) expect({ raw, found }).toEqual({ raw, found: kind });
      }
    }
  });
  it('is total, and guesses nothing where two kinds look alike', () => {
    fc.assert(fc.property(noisy, (raw) => { detectKind(raw); }), { numRuns: 1000 });
    for (const raw of ['ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', '张三', 'acme-sv3:9f8e7d6c5b4a39281706f5e4d3c2b1a0', '35209900176148', '', 'x', '未知']) expect(detectKind(raw)).toBeNull();
  });
  it('takes no longer for hostile text, however long', () => {
    for (const unit of HOSTILE) {
      for (const length of [400, 8_192, 1_000_000]) {
        const text = unit.repeat(Math.floor(length / unit.length));
        expect({ unit, length, slow: leastCpuOf(() => { detectKind(text); }, 20) >= 20 }).toEqual({ unit, length, slow: false });
      }
    }
  });
  it('never lets an identity number pass for a card, an account or a code', () => {
    for (const raw of ['330328188909211624', '110111188001010313', '11010518800101101X']) expect([null, 'id_hash']).toContain(detectKind(raw));
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
