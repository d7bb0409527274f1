/** Card numbers under the unassigned prefix 620000 and hashes of nobody's identity number (random bytes). */
import { fullWidth, inFours, noise, plainNoise, withCheckDigit, type Maker } from './maker.js';

const CARD_NOISES = [
  plainNoise,
  noise('space4', 'must', (v) => inFours(v, ' ')),
  noise('dash4', 'must', (v) => inFours(v, '-')),
  noise('fullwidth', 'must', fullWidth),
  noise('label', 'must', (v) => `卡号：${v}`),
];
export const cards: Maker = {
  type: 'bank_card',
  letter: 'C',
  make(random) {
    const plain = withCheckDigit(`620000${random.digits(random.chance(0.5) ? 9 : 12)}`);
    return { shape: 'card', plain, canonical: plain };
  },
  noises: () => CARD_NOISES,
};

const HASH_NOISES = [
  noise('lower', 'must', (v) => v),
  noise('upper', 'must', (v) => v.toUpperCase()),
  noise('prefix', 'must', (v) => `sha256:${v}`),
  noise('pad', 'must', (v) => ` ${v}`),
];
export const idHashes: Maker = {
  type: 'id_hash',
  letter: 'I',
  make(random) {
    const plain = random.hex(64);
    return { shape: 'hash', plain, canonical: plain };
  },
  noises: () => HASH_NOISES,
};
