// Prints assembly/product.ts: the unrolled field product, square and reduction. Unrolled because a loop keeps neither the ten
// left operands in registers nor the column order that V8 schedules well; printed because 800 such lines are not written by hand.
// The representation and the bounds that these lines rely on: docs/protocol/kernel.md.

const PAIRS = 10;
const COLUMNS_AT_ONCE = 3;
const CARRY_BITS = 13;

/** Terms of column n of a * b as [pair of a, pair of b]; even columns take crossed pairs of b, odd columns swapped ones. */
function productTerms(n) {
  const q = n >> 1;
  const last = n % 2 === 0 ? PAIRS : PAIRS - 1;
  const terms = [];
  for (let k = Math.max(0, q - last); k <= Math.min(PAIRS - 1, q); k += 1) terms.push([`a${k}`, q - k]);
  return terms;
}

/** The same for a square: mirror images are taken once, with the doubled left operand `d`; what is its own mirror image once, plain. */
function squareTerms(n) {
  const q = n >> 1;
  const terms = [];
  const even = n % 2 === 0;
  const middle = even && q % 2 === 1 ? (q - 1) / 2 : q / 2;
  for (let k = Math.max(0, q - (even ? PAIRS : PAIRS - 1)); k < middle; k += 1) terms.push([`d${k}`, q - k]);
  if (!even) {
    if (q % 2 === 0) terms.push([`v128.load(q, ${16 * middle})`, middle]);
  } else if (q % 2 === 1) terms.push([`crossed(d${middle}, v128.load(q, ${16 * middle}))`, q - middle]);
  else if (middle < PAIRS) terms.push([`v128.and(v128.load(q, ${16 * middle}), lowHalves)`, middle]);
  return terms;
}

function columns(termsOf, parity) {
  const lines = [];
  const wanted = Array.from({ length: 39 }, (_, n) => n).filter((n) => n % 2 === parity);
  for (let i = 0; i < wanted.length; i += COLUMNS_AT_ONCE) {
    const group = wanted.slice(i, i + COLUMNS_AT_ONCE).map((n) => ({ n, terms: termsOf(n), begun: false }));
    const rights = [...new Set(group.flatMap((column) => column.terms.map((term) => term[1])))].sort((a, b) => a - b);
    for (const right of rights) {
      lines.push(`  r = v128.load(${parity === 0 ? 'CROSSED' : 'SWAPPED'}, ${16 * right});`);
      for (const column of group) {
        const term = column.terms.find((candidate) => candidate[1] === right);
        if (term === undefined) continue;
        const sum = `c${group.indexOf(column)}`;
        const product = `dot(${term[0]}, r)`;
        lines.push(`  ${sum} = ${column.begun ? `add(${sum}, ${product})` : product};`);
        column.begun = true;
      }
    }
    group.forEach((column, at) => lines.push(`  v128.store(COLUMNS, c${at}, ${16 * column.n});`));
  }
  return lines;
}

function prepare(source) {
  const lines = ['  let before = i32x4.splat(0), now = i32x4.splat(0);'];
  for (let m = 0; m < PAIRS; m += 1) {
    lines.push(`  now = v128.load(${source}, ${16 * m}); v128.store(CROSSED, crossed(now, before), ${16 * m}); v128.store(SWAPPED, swapped(now), ${16 * m}); before = now;`);
  }
  lines.push(`  v128.store(CROSSED, crossed(i32x4.splat(0), before), ${16 * PAIRS});`);
  return lines;
}

/** Low column `n` with the part of the high columns that falls on it, and the bias that makes digits balanced. */
const folded = (n, low, high) => `add(add(v128.load(COLUMNS, ${16 * n}), bias), dot(crossed(${low}, ${high}), fold))`;

function reduction() {
  const carry = (value) => `i32x4.shr_s(${value}, ${CARRY_BITS})`;
  const pack = (even, odd) => `i16x8.sub(v128.and(crossed(${even}, i32x4.shl(${odd}, 16)), digits), balance)`;
  const lines = [
    '  const half = i32x4.splat(0x8000), fold = i32x4.splat(608 | (4864 << 16)), bias = i32x4.splat(4096), mask = i32x4.splat(0x1fff);',
    '  const digits = i32x4.splat(0x1fff1fff), balance = i32x4.splat(0x10001000), zero = i32x4.splat(0);',
    '  let low: v128, high: v128, x: v128, y: v128, x0: v128, y0: v128;',
    '  // limbs 8, 9 and 18, 19 first, so that two carry chains of ten can run side by side',
    '  low = v128.load(COLUMNS, 448);',
    `  x = ${folded(8, 'low', 'add(v128.load(COLUMNS, 432), half)')};`,
    '  high = add(low, half); low = v128.load(COLUMNS, 464);',
    `  y = add(${folded(9, 'low', 'high')}, ${carry('x')});`,
    `  const d8 = v128.and(x, mask), d9 = v128.and(y, mask);`,
    `  let t = ${carry('y')};`,
    '  let highB = add(low, half);',
    '  low = v128.load(COLUMNS, 608);',
    `  x = ${folded(18, 'low', 'add(v128.load(COLUMNS, 592), half)')};`,
    `  y = add(${folded(19, 'zero', 'add(low, half)')}, ${carry('x')});`,
    `  const d18 = v128.and(x, mask), d19 = v128.and(y, mask);`,
    `  let u = i32x4.mul(${carry('y')}, i32x4.splat(608));`,
    '  let highA = zero;',
  ];
  for (let n = 0; n < 8; n += 1) {
    lines.push(
      `  low = v128.load(COLUMNS, ${16 * (n + 20)}); x = add(${folded(n, 'low', 'highA')}, u); u = ${carry('x')}; highA = add(low, half);`,
      `  low = v128.load(COLUMNS, ${16 * (n + 30)}); y = add(${folded(n + 10, 'low', 'highB')}, t); t = ${carry('y')}; highB = add(low, half);`,
      n % 2 === 0 ? '  x0 = x; y0 = y;' : `  v128.store(out, ${pack('x0', 'x')}, ${8 * (n - 1)}); v128.store(out, ${pack('y0', 'y')}, ${8 * (n - 1) + 80});`,
    );
  }
  lines.push(
    `  x0 = add(d8, u); x = add(d9, ${carry('x0')}); y0 = add(d18, t); y = add(d19, ${carry('y0')});`,
    `  v128.store(out, ${pack('x0', 'x')}, 64); v128.store(out, ${pack('y0', 'y')}, 144);`,
    '  // the last carries are -1, 0 or 1 and stay where they fall: limb 10, and limb 0 times 608',
    `  v128.store(out, i16x8.add(v128.load(out, 80), v128.and(${carry('x')}, lowHalves)), 80);`,
    `  v128.store(out, i16x8.add(v128.load(out), v128.and(dot(${carry('y')}, i32x4.splat(608)), lowHalves)));`,
  );
  return lines;
}

const operands = (name, from, more = '') => Array.from({ length: PAIRS }, (_, k) => `  const ${name}${k} = ${more}v128.load(${from}, ${16 * k})${more === '' ? '' : ', 1)'};`);

const limbwise = (name, what, operation) => [
  `/** out = ${what}, limb by limb, not reduced. */`,
  `export function ${name}(out: usize, a: usize, b: usize): void {`,
  ...Array.from({ length: PAIRS }, (_, k) => `  v128.store(out, ${operation}(v128.load(a, ${16 * k}), v128.load(b, ${16 * k})), ${16 * k});`),
  '}',
];

export function printProduct() {
  return [
    '// Printed by tools/kernel/print-product.mjs (npm run kernel). Do not edit. Representation and bounds: docs/protocol/kernel.md.',
    "import { COLUMNS, CROSSED, SWAPPED } from './layout';",
    '',
    '@inline function dot(a: v128, b: v128): v128 { return i32x4.dot_i16x8_s(a, b); }',
    '@inline function add(a: v128, b: v128): v128 { return i32x4.add(a, b); }',
    '@inline function swapped(a: v128): v128 { return i16x8.shuffle(a, a, 1, 0, 3, 2, 5, 4, 7, 6); }',
    '@inline function crossed(even: v128, odd: v128): v128 { return i16x8.shuffle(even, odd, 0, 9, 2, 11, 4, 13, 6, 15); }',
    '',
    '/** COLUMNS = the 39 columns of a * b. */',
    'export function productColumns(a: usize, b: usize): void {',
    ...prepare('b'), ...operands('a', 'a'), '  let r: v128, c0 = i32x4.splat(0), c1 = c0, c2 = c0;', ...columns(productTerms, 0), ...columns(productTerms, 1), '}',
    '',
    '/** COLUMNS = the 39 columns of a * q, where q is a small multiple of a (1, -1 or 2 times). */',
    'export function squareColumns(a: usize, q: usize): void {',
    '  const lowHalves = i32x4.splat(0xffff);',
    ...prepare('a'), ...operands('d', 'q', 'i16x8.shl('), '  let r: v128, c0 = i32x4.splat(0), c1 = c0, c2 = c0;', ...columns(squareTerms, 0), ...columns(squareTerms, 1), '}',
    '',
    '/** out = COLUMNS mod p, limbs balanced. */',
    'export function reduce(out: usize): void {',
    '  const lowHalves = i32x4.splat(0xffff);',
    ...reduction(), '}',
    '',
    '/** COLUMNS += x, limb by limb: an addition that costs no reduction of its own. */',
    'export function addToColumns(x: usize): void {',
    '  let pair: v128;',
    ...Array.from({ length: PAIRS }, (_, k) => [
      `  pair = v128.load(x, ${16 * k});`,
      `  v128.store(COLUMNS, add(v128.load(COLUMNS, ${32 * k}), i32x4.shr_s(i32x4.shl(pair, 16), 16)), ${32 * k});`,
      `  v128.store(COLUMNS, add(v128.load(COLUMNS, ${32 * k + 16}), i32x4.shr_s(pair, 16)), ${32 * k + 16});`,
    ]).flat(),
    '}',
    '',
    '/** COLUMNS = 0. */',
    'export function clearColumns(): void {',
    ...Array.from({ length: 39 }, (_, n) => `  v128.store(COLUMNS, i32x4.splat(0), ${16 * n});`),
    '}',
    '',
    ...limbwise('plus', 'a + b', 'i16x8.add'),
    ...limbwise('minus', 'a - b', 'i16x8.sub'),
    '',
    '/** sum = a + b, difference = a - b, limb by limb, not reduced. */',
    'export function sumAndDifference(sum: usize, difference: usize, a: usize, b: usize): void {',
    '  let x: v128, y: v128;',
    ...Array.from({ length: PAIRS }, (_, k) => [
      `  x = v128.load(a, ${16 * k}); y = v128.load(b, ${16 * k});`,
      `  v128.store(sum, i16x8.add(x, y), ${16 * k}); v128.store(difference, i16x8.sub(x, y), ${16 * k});`,
    ]).flat(),
    '}',
    '',
    '/** twice = 2a, opposite = -2b, limb by limb, not reduced. */',
    'export function twiceAndOpposite(twice: usize, opposite: usize, a: usize, b: usize): void {',
    ...Array.from({ length: PAIRS }, (_, k) => [
      `  v128.store(twice, i16x8.shl(v128.load(a, ${16 * k}), 1), ${16 * k});`,
      `  v128.store(opposite, i16x8.neg(i16x8.shl(v128.load(b, ${16 * k}), 1)), ${16 * k});`,
    ]).flat(),
    '}',
    '',
  ].join('\n');
}
