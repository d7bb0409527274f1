/** Device identifiers. IMEIs begin with 00 (test body of GSMA TS.06), MACs with 02 (locally administered). */
import { fullWidth, grouped, noise, plainNoise, withCheckDigit, type Maker, type Noise, type Value } from './maker.js';
import type { SeededRandom } from './random.js';

const upper = noise('upper', 'must', (v) => v.toUpperCase());
const pad = noise('pad', 'must', (v) => `${v} `);
const nodash = noise('nodash', 'must', (v) => v.replaceAll('-', ''));
const UUID_NOISES = [plainNoise, upper, pad, nodash];
const NOISES: Readonly<Record<string, readonly Noise[]>> = {
  imei: [
    plainNoise,
    noise('dash', 'must', (v) => grouped(v, [2, 6, 6, 1], '-')),
    noise('fullwidth', 'must', fullWidth),
    noise('label', 'should', (v) => `IMEI:${v}`),
  ],
  idfa: UUID_NOISES, gaid: UUID_NOISES, oaid_uuid: UUID_NOISES,
  oaid_64: [plainNoise, upper, pad], android_id: [plainNoise, upper, pad], fpjs_oss: [plainNoise, pad], fpjs_pro: [plainNoise, pad],
  mac: [plainNoise, upper, noise('dash', 'must', (v) => v.replaceAll(':', '-'))],
};
const uuid = (r: SeededRandom): string => `${r.hex(8)}-${r.hex(4)}-4${r.hex(3)}-${r.pick(['8', '9', 'a', 'b'])}${r.hex(3)}-${r.hex(12)}`;
const SHAPES: Readonly<Record<string, (random: SeededRandom) => string>> = {
  imei: (r) => withCheckDigit(`00${r.digits(12)}`),
  idfa: uuid, gaid: uuid, oaid_uuid: uuid,
  oaid_64: (r) => r.hex(64),
  android_id: (r) => r.hex(16),
  fpjs_oss: (r) => r.hex(32),
  fpjs_pro: (r) => r.letters(20, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'),
  mac: (r) => grouped(`02${r.hex(10)}`, [2, 2, 2, 2, 2, 2], ':'),
};

export const devices: Maker = {
  type: 'device_id',
  letter: 'D',
  make(random): Value {
    const shape = random.pick(Object.keys(SHAPES));
    const plain = SHAPES[shape]?.(random) ?? '';
    return { shape, plain, canonical: `${shape}:${plain}` };
  },
  noises: (value) => NOISES[value.shape] ?? [plainNoise],
};
