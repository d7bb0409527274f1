// Prints assembly/constants.ts: constants of RFC 9496 4.1, of the order and of SHA-512, computed here from their definitions, as quads of balanced limbs.

const P = 2n ** 255n - 19n;
const mod = (value) => ((value % P) + P) % P;

function power(base, exponent) {
  let result = 1n;
  for (let square = mod(base), rest = exponent; rest > 0n; rest >>= 1n, square = mod(square * square)) {
    if (rest & 1n) result = mod(result * square);
  }
  return result;
}

const inverse = (value) => power(value, P - 2n);
const positive = (value) => (value & 1n ? P - value : value);

/** The non-negative root; p = 5 mod 8. */
function squareRoot(value) {
  const root = power(value, (P + 3n) / 8n);
  const found = mod(root * root) === mod(value) ? root : mod(root * power(2n, (P - 1n) / 4n));
  if (mod(found * found) !== mod(value)) throw new Error('not a square');
  return positive(found);
}

const D = mod(-121665n * inverse(121666n));
const BASE_Y = mod(4n * inverse(5n));
const BASE_X = squareRoot(mod((BASE_Y * BASE_Y - 1n) * inverse(D * BASE_Y * BASE_Y + 1n)));
// RFC 9496 4.1 fixes this root by its value, which is negative.
const SQRT_AD_MINUS_ONE = P - squareRoot(mod(-D - 1n));

const CONSTANTS = {
  ONE: 1n,
  TWO: 2n,
  HALF: inverse(2n),
  D,
  D_TWICE: mod(2n * D),
  SQRT_M1: squareRoot(mod(-1n)),
  INVSQRT_A_MINUS_D: squareRoot(inverse(mod(-1n - D))),
  SQRT_AD_MINUS_ONE,
  ONE_MINUS_D_SQUARED: mod(1n - D * D),
  D_MINUS_ONE_SQUARED: mod((D - 1n) ** 2n),
  BASE_X,
  BASE_Y,
  BASE_T: mod(BASE_X * BASE_Y),
};

/** 20 digits of 13 bits, each in [-4096, 4096). */
function balancedLimbs(value) {
  const limbs = [];
  let rest = value;
  for (let i = 0; i < 20; i += 1) {
    let digit = rest & 8191n;
    rest >>= 13n;
    if (i < 19 && digit >= 4096n) { digit -= 8192n; rest += 1n; }
    limbs.push(Number(digit));
  }
  return limbs;
}

/** Ten vectors of four lanes, a lane holds limbs 2k and 2k + 1: the same value in each lane. */
function quad(value) {
  const limbs = balancedLimbs(value);
  return Array.from({ length: 10 }, (_, k) => Array.from({ length: 4 }, () => [limbs[2 * k], limbs[2 * k + 1]])).flat(2);
}

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const RADIX = 2n ** 261n;

/** 9 digits of 29 bits. */
function scalarLimbs(value) {
  return Array.from({ length: 9 }, (_, i) => String((value >> BigInt(29 * i)) & (2n ** 29n - 1n))).join(', ');
}

/** -1/ORDER mod 2^29, by Newton's iteration. */
function orderInverse() {
  let x = 1n;
  for (let i = 0; i < 6; i += 1) x = (x * (2n - ORDER * x)) & (2n ** 29n - 1n);
  return (2n ** 29n - x) & (2n ** 29n - 1n);
}

const PRIMES = Array.from({ length: 410 }, (_, i) => i).filter((n) => n > 1 && !Array.from({ length: n }, (_, d) => d).some((d) => d > 1 && n % d === 0));

/** The largest integer whose power of `degree` is at most `value`. */
function integerRoot(value, degree) {
  let root = 0n;
  for (let bit = 1n << 80n; bit > 0n; bit >>= 1n) if ((root + bit) ** degree <= value) root += bit;
  return root;
}

/** FIPS 180-4 4.2.3 and 5.3.5: the first 64 bits of the fractions of roots of the first primes. */
const fractionOfRoot = (prime, degree) => `0x${(integerRoot(BigInt(prime) << (64n * degree), degree) & (2n ** 64n - 1n)).toString(16)}`;

export function printConstants() {
  return [
    '// Printed by tools/kernel/print-constants.mjs (npm run kernel). Do not edit. Each is a quad: the same value in four lanes.',
    ...Object.entries(CONSTANTS).map(([name, value]) => `export const ${name}: usize = memory.data<i16>([${quad(value).join(', ')}], 16);`),
    '',
    '/** The order of the group, its relatives for Montgomery products with R = 2^261, and the exponent of an inversion. */',
    `export const ORDER: usize = memory.data<u64>([${scalarLimbs(ORDER)}], 16);`,
    `export const ORDER_WORDS: usize = memory.data<u64>([${Array.from({ length: 4 }, (_, i) => `0x${((ORDER >> BigInt(64 * i)) & (2n ** 64n - 1n)).toString(16)}`).join(', ')}], 16);`,
    `export const RADIX_SQUARED: usize = memory.data<u64>([${scalarLimbs(RADIX ** 2n % ORDER)}], 16);`,
    `export const RADIX_CUBED: usize = memory.data<u64>([${scalarLimbs(RADIX ** 3n % ORDER)}], 16);`,
    `export const SCALAR_ONE: usize = memory.data<u64>([${scalarLimbs(1n)}], 16);`,
    `export const ORDER_NEGATIVE_INVERSE: u64 = ${orderInverse()};`,
    `export const SHA512_INITIAL: usize = memory.data<u64>([${PRIMES.slice(0, 8).map((prime) => fractionOfRoot(prime, 2n)).join(', ')}], 16);`,
    `export const SHA512_ROUND: usize = memory.data<u64>([${PRIMES.slice(0, 80).map((prime) => fractionOfRoot(prime, 3n)).join(', ')}], 16);`,
    `export const ORDER_MINUS_TWO: usize = memory.data<u8>([${Array.from({ length: 32 }, (_, i) => String(((ORDER - 2n) >> BigInt(8 * i)) & 255n)).join(', ')}], 16);`,
    '',
  ].join('\n');
}
