import fc from 'fast-check';
import { plainText } from '../text/plain-text.js';
import { minHashOf } from './min-hash.js';
import { redacted } from './redact.js';
import { shinglesFrom, shinglesOf, type Shingles } from './shingles.js';
import { bandsOf, textBandsOf, textPiecesOf, TEXT_BANDS, TEXT_READ_MAX } from './text-bands.js';

const LETTER = '本人于2026年9月22日在某分期平台借款72400元，分6期，每期还款3510元，其中包含担保费4180元。合同中没有说明担保费，某分期平台客服王女士称该费用由郴州创捷商务咨询有限公司收取。要求退还全部担保费3022元并出具结清证明。';
/** Pieces of one token each. */
const setOf = (pieces: readonly string[]): Shingles => shinglesFrom(pieces, 1);
const equal = (a: readonly string[], b: readonly string[]): number => a.filter((band, i) => band === b[i]).length;

describe(redacted.name, () => {
  it.each([
    ['sums, dates and numbers', '2026年3月1日扣款1,234.50元，电话400-655-0123，尾号8179', '#扣款#,电话#,尾号#'],
    ['a firm with its place', '扣款商户显示武威汇瑞信息科技有限公司，要求退款', '扣款商户显示#,要求退款'],
    ['a firm without a place', '放款方是汇瑞信息科技有限公司', '放款#'],
    ['persons', '客服王女士和张经理来电，收款人：李小明', '客服#女士和#经理来电,收款人:#'],
    ['addresses', 'see https://a.example/x?y=1 or write to ab.c+d@mail.example now', 'see # or write to # now'],
    ['names in an English sentence', 'I wrote to Acme Lending and Mr. John Smith on 05/06/2025 about {$500.00}.', 'i wrote to # on # about #.'],
    ['what a publisher blacked out', 'On XX/XX/XXXX I paid XXXX for it', 'on #/#/# i paid # for it'],
    ['traditional and full-width', '２０２６年，張經理說要還款', '#经理说要还款'],
  ])('takes out %s', (_, raw, expected) => { expect(redacted(plainText(raw))).toBe(expected); });

  it('leaves no digit', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'0123456789٣९元年月日-.,:/王李先生有限公司北京科技#XxAbé. 的了我'), maxLength: 200 }), (raw) => {
      expect(redacted(plainText(raw))).not.toMatch(/\p{Nd}/u);
    }), { numRuns: 300 });
  });

  it('takes any text in time', () => {
    for (const unit of ['1', 'a.', '有限公司', '王', '某平', 'Aa ', '{', '1/', '@a', '北京', 'http://']) {
      const start = process.cpuUsage();
      redacted(unit.repeat(Math.floor(32_000 / unit.length)));
      const { user, system } = process.cpuUsage(start);
      expect((user + system) / 1000).toBeLessThan(250);
    }
  });
});

describe(textBandsOf.name, () => {
  it('is blind to what was redacted', () => {
    const other = LETTER.replaceAll(/\d+/g, '7').replace('王女士', '李女士').replace('郴州创捷商务咨询有限公司', '江门亿众信息科技有限公司');
    expect(textBandsOf(plainText(other))).toEqual(textBandsOf(plainText(LETTER)));
  });

  it('keeps many bands where a sentence is dropped or moved, and none where another letter stands', () => {
    const own = textBandsOf(plainText(LETTER))!.bands;
    const moved = LETTER.replace('合同中没有说明担保费，', '') + '合同中没有说明担保费。';
    expect(equal(own, textBandsOf(plainText(moved))!.bands)).toBeGreaterThanOrEqual(8);
    const other = '2026年3月1日起，深圳汇顺商务咨询有限公司的催收人员用400-645-4254多次拨打我和家人的电话，威胁要上门并把我的信息发到单位群里，请求停止骚扰。';
    expect(equal(own, textBandsOf(plainText(other))!.bands)).toBe(0);
  });

  it.each(['', '要求退款。', '投诉：望尽快处理，谢谢！', '退款退款退款退款退款退款退款退款退款退款', 'To whom it may concern, please help me. Thank you for your time. Kind regards', '1234567890'.repeat(50)])(
    'has nothing to compare in %j', (raw) => { expect(textBandsOf(plainText(raw))).toBeNull(); });

  it('holds 96 bits a band behind its position, and no two positions alike', () => {
    const { bands } = textBandsOf(plainText(LETTER))!;
    expect(bands).toHaveLength(TEXT_BANDS);
    bands.forEach((band, i) => { expect(band).toMatch(new RegExp(`^${String(i).padStart(2, '0')}\\.[0-9a-f]{24}$`)); });
    expect(new Set(bands.map((band) => band.slice(3))).size).toBeGreaterThan(15);
  });
});

describe(textPiecesOf.name, () => {
  const PROSE = '平台客服承诺不收任何费用之后又以会员服务为名划走款项我多次要求说明均被拒绝。';

  it('reads Han behind a Latin word, spaced or not', () => {
    expect(textPiecesOf('扣款app平台要求退款vip').tokens).toEqual(['扣', '款', 'app', '平', '台', '要', '求', '退', '款', 'vip']);
  });

  it('reads a long text as far as its last whole sentence within the limit', () => {
    const long = PROSE.repeat(Math.ceil(TEXT_READ_MAX / PROSE.length));
    const read = textPiecesOf(long);
    expect(read.tokens).toEqual(textPiecesOf(PROSE.repeat(Math.floor(TEXT_READ_MAX / PROSE.length))).tokens);
    expect(textBandsOf(plainText(`${long}${LETTER}`))).toEqual(textBandsOf(plainText(long)));
  });

  it('leaves no half of a name where it stops', () => {
    const tail = '放款方是武威汇瑞信息科技有限公司，收款人：李小明';
    for (let cut = 1; cut < tail.length; cut++) {
      const before = PROSE.repeat(Math.floor((TEXT_READ_MAX - cut) / PROSE.length));
      const text = `${before}${'啊'.repeat(Math.max(0, TEXT_READ_MAX - cut - before.length - 1))}。${tail}`;
      expect(textPiecesOf(text).tokens.join('')).not.toMatch(/汇瑞|李小?/);
    }
  });

  it('leaves no half of an address or of an English name where it stops', () => {
    const prose = 'The agent kept calling about an account that was closed long ago and would not stop. ';
    const tail = 'write to jane.roe@mail.example or see https://site.example/jane.roe?x=1 or ask Mr. Jane Roe';
    for (let cut = 1; cut < tail.length; cut++) {
      const before = prose.repeat(Math.floor((TEXT_READ_MAX - cut) / prose.length));
      for (const gap of [' ', '. ']) {
        const text = `${before}${'a'.repeat(Math.max(0, TEXT_READ_MAX - cut - before.length - gap.length))}${gap}${tail}`;
        expect(textPiecesOf(text).tokens.join(' ')).not.toMatch(/jane|roe/);
      }
    }
  });

  it('never tears a character', () => {
    expect(textPiecesOf('𠀀𠀁'.repeat(TEXT_READ_MAX)).tokens.every((token) => token.isWellFormed())).toBe(true);
    expect(textPiecesOf(`a${'𠀀𠀁'.repeat(TEXT_READ_MAX)}`).tokens.every((token) => token.isWellFormed() && token !== '\ufffd')).toBe(true);
  });
});

describe(minHashOf.name, () => {
  it('agrees as often as two sets share pieces', () => {
    const set = (from: number, to: number): Shingles => setOf(Array.from({ length: to - from }, (_, i) => `piece ${String(from + i)}`));
    for (const shared of [20, 50, 80]) {
      const [a, b] = [set(0, 100), set(100 - shared, 200 - shared)];
      const agreed = equal(minHashOf(a, 2_000), minHashOf(b, 2_000)) / 2_000;
      expect(Math.abs(agreed - shared / (200 - shared))).toBeLessThan(0.04);
    }
  });

  it('asks for the set, not its order, and not for what comes first anyway', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 30 }), fc.string(), (pieces, extra) => {
      const hashes = minHashOf(setOf(pieces), 16);
      expect(minHashOf(setOf([...pieces].reverse()), 16)).toEqual(hashes);
      const more = minHashOf(setOf([...pieces, extra]), 16);
      const [alone] = minHashOf(setOf([extra]), 1);
      expect(more.every((hash, i) => hash === hashes[i] || hash === alone)).toBe(true);
    }), { numRuns: 200 });
    expect(minHashOf(setOf([]), 4)).toEqual([]);
  });

  it('gives bands that change when any of their min-hashes does', () => {
    const pieces = shinglesOf(redacted(LETTER));
    expect(bandsOf(pieces, 4, 2).map((band) => band.slice(3)).join('')).toBe(minHashOf(pieces, 8).join(''));
  });
});
