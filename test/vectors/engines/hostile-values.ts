/** Encodings and scalars at which field and group arithmetic break first, and as many more as are wanted: the same at every run. */
import { createHash } from 'node:crypto';
import { GROUP_ORDER } from '#crypto';

const P = 2n ** 255n - 19n;

export function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
}

/** `count` strings of `bytes` bytes, uniform. */
export function uniformBytes(seed: string, count: number, bytes: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const blocks = Array.from({ length: Math.ceil(bytes / 64) }, (_block, j) => createHash('sha512').update(`${seed} ${i} ${j}`).digest());
    return new Uint8Array(Buffer.concat(blocks)).subarray(0, bytes);
  });
}

/** y-coordinates of the points of order 1, 2, 4 and 8 of edwards25519: strings that a decoder for another encoding would take. */
const LOW_ORDER = [0n, 1n, P - 1n, 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n, 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7n];

/** Values around 0, p, 2^255, 2^256 and every limb boundary of 13, 26, 29, 51 and 52 bits. */
function edges(): bigint[] {
  const out: bigint[] = [...LOW_ORDER, ...LOW_ORDER.map((y) => y + 2n ** 255n)];
  for (let k = -64n; k <= 64n; k += 1n) out.push(P + k, 2n ** 255n + k, 2n ** 256n + k, GROUP_ORDER + k, k, (P + k) / 2n);
  for (const bits of [13n, 26n, 29n, 51n, 52n]) {
    for (let at = bits; at < 256n; at += bits) out.push(2n ** at - 2n, 2n ** at - 1n, 2n ** at, 2n ** at + 1n, 2n ** at + 2n, P - 2n ** at, P - 2n ** at - 1n);
  }
  return out.filter((value) => value >= 0n && value < 2n ** 256n);
}

/** Strings of 32 bytes: edges, valid encodings with a bit flipped, negated or written non-canonically, and uniform ones. Most are refused. */
export function hostileEncodings(valid: readonly Uint8Array[], count: number): Uint8Array[] {
  const values = edges().map(littleEndian);
  for (const [i, encoding] of valid.entries()) {
    const flipped = encoding.slice();
    flipped[i % 32] = (flipped[i % 32] as number) ^ (1 << ((i >> 5) % 8));
    const value = BigInt(`0x${Buffer.from(encoding).reverse().toString('hex')}`);
    values.push(flipped, littleEndian(P - value), encoding, ...(value < 19n ? [littleEndian(value + P)] : [encoding.map((byte, at) => (at === 31 ? byte | 128 : byte))]));
  }
  const uniform = uniformBytes('encoding', Math.max(0, count - values.length), 32);
  // Half of them with what a decoder looks at first set right: even, below 2^255.
  for (const [i, bytes] of uniform.entries()) if (i % 2 === 0) { bytes[0] = (bytes[0] as number) & 254; bytes[31] = (bytes[31] as number) & 127; }
  return [...values, ...uniform].slice(0, count);
}

/** Canonical, non-zero scalars: the ends of the range, long carries of signed windows, powers and their neighbours, uniform ones. */
export function hostileScalars(count: number): Uint8Array[] {
  const repeat = (nibble: bigint): bigint => Array.from({ length: 63 }, (_, i) => nibble << BigInt(4 * i)).reduce((a, b) => a + b, 0n);
  const values = [1n, 2n, 3n, 4n, 7n, 8n, 9n, 15n, 16n, 17n, (GROUP_ORDER + 1n) / 2n, 2n ** 252n, 2n ** 252n - 1n, ...Array.from({ length: 8 }, (_, k) => GROUP_ORDER - 1n - BigInt(k))];
  for (const nibble of [1n, 7n, 8n, 9n, 15n]) values.push(repeat(nibble), 2n * repeat(nibble));
  for (let bit = 0n; bit < 252n; bit += 1n) values.push(2n ** bit, 2n ** bit + 1n, GROUP_ORDER - 2n ** bit);
  const uniform = uniformBytes('scalar', Math.max(0, count - values.length), 64).map((bytes) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
  return [...values, ...uniform].map((value) => value % GROUP_ORDER).filter((value) => value !== 0n).slice(0, count).map(littleEndian);
}

/** Never a secret: zero, the order, what lies above. */
export function refusedScalars(): Uint8Array[] {
  return [0n, GROUP_ORDER, GROUP_ORDER + 1n, 2n * GROUP_ORDER, 2n ** 255n - 1n, 2n ** 255n, 2n ** 256n - 1n].map(littleEndian);
}
