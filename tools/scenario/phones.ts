/**
 * Synthetic digits inside real prefixes: mobile segments, area codes with their number length, 400 numbers; published
 * service numbers; international numbers from ranges reserved for drama (NANPA 555-01xx, Ofcom, ACMA). Never dial one.
 */
import { fullWidth, fullWidthDigits, grouped, noise, plainNoise, type Maker, type Noise, type Value } from './maker.js';
import type { SeededRandom } from './random.js';

const SEGMENTS = ('130 131 132 133 134 135 136 137 138 139 145 147 150 151 152 153 155 156 157 158 159 166 167 170 171 172 173 175 176 177 178 '
  + '180 181 182 183 184 185 186 187 188 189 190 191 193 195 196 198 199').split(' ');
/** Area code and length of a subscriber number. */
const AREAS: readonly (readonly [string, number])[] = [
  ...'10 20 21 22 23 24 25 27 28 29 311 371 379 411 431 451 510 512 513 519 531 532 551 571 574 577 591 595 731 755 757 769 898 871'.split(' ').map((a) => [a, 8] as const),
  ...'312 315 335 351 357 372 391 412 419 434 459 471 476 482 534 537 543 552 559 564 570 592 599 635 660 663 701 714 722 735 743 751 763 772 792 797 816 826 835 856 872 879 891 912 932 941 951 955 971 991 999'.split(' ').map((a) => [a, 7] as const),
];
const SERVICE_NUMBERS = '95013 95017 95118 95177 95188 95338 95311 95511 95519 95522 95533 95555 95559 95561 95568 95577 95580 95588 95595 95599 96110 12315 12345 12378 10000 10010 10086 956033 950616 96299'.split(' ');
const DRAMA: readonly ((random: SeededRandom) => readonly [string, string])[] = [
  (r) => ['1', `${r.pick(['202', '212', '303', '312', '404', '415', '503', '512', '617', '646', '702', '808'])}55501${r.digits(2)}`],
  (r) => ['44', `2079460${r.digits(3)}`],
  (r) => ['44', `${r.pick(['141', '118', '121', '161'])}496${`0${r.digits(3)}`}`],
  (r) => ['61', `${r.pick(['2', '3', '7', '8'])}${r.pick(['5550', '7010'])}${r.digits(4)}`],
];

const mobile = (digits: string): Value => ({ shape: 'mobile', plain: digits, canonical: `+86${digits}` });
const landline = (area: string, number: string): Value => ({ shape: 'landline', plain: `0${area}-${number}`, canonical: `+86${area}${number}` });
const hotline400 = (digits: string): Value => ({ shape: 'hotline400', plain: digits, canonical: `+86${digits}` });

function makePhone(random: SeededRandom): Value {
  const share = random.below(1000);
  if (share < 810) return mobile(random.pick(SEGMENTS) + random.digits(8));
  if (share < 900) {
    const [area, length] = random.pick(AREAS);
    return landline(area, String(random.between(2, 8)) + random.digits(length - 1));
  }
  if (share < 965) return hotline400(`400${random.digits(7)}`);
  if (share < 998) {
    const [country, number] = random.pick(DRAMA)(random);
    return { shape: 'international', plain: `+${country} ${number}`, canonical: `+${country}${number}` };
  }
  const service = random.pick(SERVICE_NUMBERS);
  return { shape: 'service', plain: service, canonical: `CN-SHORT:${service}` };
}

const dashless = (value: string): string => value.replace(/\D/g, '');
const area = (value: string): string => value.split('-')[0] ?? '';
const subscriber = (value: string): string => value.split('-')[1] ?? '';
const blocks = (value: string): string => grouped(value, value.length === 8 ? [4, 4] : [3, 4], ' ');
const country = (value: string): string => /^\+(\d+) /.exec(value)?.[1] ?? '';
const national = (value: string): string => value.split(' ')[1] ?? '';

const NOISES: Readonly<Record<string, readonly Noise[]>> = {
  mobile: [
    plainNoise,
    noise('space', 'must', (v) => grouped(v, [3, 4, 4], ' ')),
    noise('dash', 'must', (v) => grouped(v, [3, 4, 4], '-')),
    noise('fullwidth', 'must', fullWidth),
    noise('plus86', 'must', (v) => `+86${v}`),
    noise('plus86_sp', 'must', (v) => `+86 ${grouped(v, [3, 4, 4], ' ')}`),
    noise('paren_cc', 'must', (v) => `(+86)${v}`),
    noise('fw_plus86', 'must', (v) => `＋８６　${fullWidthDigits(grouped(v, [3, 4, 4], ' '))}`),
    noise('cc86', 'must', (v) => `86${v}`),
    noise('idd0086', 'must', (v) => `0086-${v}`),
    noise('label', 'must', (v, r) => r.pick(['电话：', '手机:', 'Tel:', 'TEL ', '来电号码 ']) + v),
    noise('pad', 'must', (v) => ` ${v}\t`),
    noise('apostrophe', 'should', (v) => `'${v}`),
    noise('trunk0', 'should', (v) => `0${v}`),
  ],
  landline: [
    noise('dash', 'must', (v) => v),
    noise('plain', 'must', dashless),
    noise('space', 'must', (v) => `${area(v)} ${blocks(subscriber(v))}`),
    noise('paren', 'must', (v) => `(${area(v)})${subscriber(v)}`),
    noise('fw_paren', 'must', (v) => fullWidth(`(${area(v)})${subscriber(v)}`)),
    noise('fullwidth', 'must', fullWidth),
    noise('plus86', 'must', (v) => `+86 ${area(v).slice(1)} ${subscriber(v)}`),
    noise('plus86_dash', 'must', (v) => `+86-${area(v).slice(1)}-${subscriber(v)}`),
    noise('idd0086', 'must', (v) => `0086${dashless(v).slice(1)}`),
    noise('label', 'must', (v) => `座机：${v}`),
  ],
  hotline400: [
    plainNoise,
    noise('dash343', 'must', (v) => grouped(v, [3, 3, 4], '-')),
    noise('dash433', 'must', (v) => grouped(v, [4, 3, 3], '-')),
    noise('space', 'must', (v) => grouped(v, [3, 3, 4], ' ')),
    noise('space34', 'must', (v) => grouped(v, [3, 4, 3], ' ')),
    noise('plus86', 'must', (v) => `+86${v}`),
    noise('fullwidth', 'must', fullWidth),
    noise('label', 'must', (v) => `客服热线${grouped(v, [3, 3, 4], '-')}`),
  ],
  service: [
    plainNoise,
    noise('pad', 'must', (v) => ` ${v} `),
    noise('fullwidth', 'must', fullWidth),
    noise('label', 'must', (v) => `客服电话：${v}`),
    noise('apostrophe', 'should', (v) => `'${v}`),
  ],
  international: [
    noise('e164', 'must', (v) => v.replace(' ', '')),
    noise('space', 'must', (v) => `+${country(v)} ${grouped(national(v), [3, 3], ' ')}`),
    noise('dash', 'must', (v) => `+${country(v)}-${grouped(national(v), [3, 3], '-')}`),
    noise('paren', 'must', (v) => `+${country(v)} (${national(v).slice(0, 3)}) ${national(v).slice(3)}`),
    noise('fullwidth', 'must', (v) => `＋${fullWidthDigits(country(v))}　${fullWidthDigits(national(v))}`),
    noise('idd00', 'must', (v) => `00${country(v)}${national(v)}`),
    noise('idd00_cn', 'must', (v) => `00 ${country(v)} ${national(v)}`),
  ],
};

/** One of the last seven digits changed, or two neighbours swapped: a different subscriber behind the same prefix. */
function decoyDigits(digits: string, random: SeededRandom): { readonly digits: string; readonly how: string } | null {
  const at = digits.length - random.between(2, 6);
  const [a = '', b = ''] = [digits[at], digits[at + 1]];
  if (random.chance(0.5)) {
    const other = String((Number(b) + random.between(1, 9)) % 10);
    return { digits: digits.slice(0, at + 1) + other + digits.slice(at + 2), how: 'one_digit' };
  }
  return a === b ? null : { digits: digits.slice(0, at) + b + a + digits.slice(at + 2), how: 'swap' };
}

/** `count` different mobile numbers without remembering any: a full-period step through all numbers of the segments. */
export function mobileAt(index: number, seed: number): Value {
  const size = SEGMENTS.length * 1e8;
  const at = (index * 1_618_033 + (seed % 1e6) * 7_919) % size; // 1,618,033 shares no factor with size
  return mobile((SEGMENTS[Math.floor(at / 1e8)] ?? '138') + String(at % 1e8).padStart(8, '0'));
}

export const phones: Maker = {
  type: 'phone',
  letter: 'P',
  make: makePhone,
  noises: (value) => NOISES[value.shape] ?? [plainNoise],
  decoy(value, random) {
    if (value.shape !== 'mobile' && value.shape !== 'hotline400' && value.shape !== 'landline') return null;
    const found = decoyDigits(value.shape === 'landline' ? subscriber(value.plain) : value.plain, random);
    if (found === null) return null;
    const make = value.shape === 'mobile' ? mobile : value.shape === 'hotline400' ? hotline400 : (number: string) => landline(area(value.plain).slice(1), number);
    return { value: make(found.digits), how: found.how };
  },
};
