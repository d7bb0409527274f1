/** SHA-512 in the kernel against node:crypto, over every length around the ends of its blocks. */
import { concat, utf8 } from '../bytes.js';
import { type KernelExports, loadKernel, withKernel } from './kernel.arena.js';
import { expandTo64, finalizeHash, MODE_VOPRF, TAGS } from './suite.js';

const INPUTS = [...Array.from({ length: 300 }, (_, n) => n), 1000, 65_535].map((n) => Uint8Array.from({ length: n }, (_, i) => (i * 31 + n) & 255));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('the hashes of the kernel', () => {
  let kernel: KernelExports;
  beforeAll(async () => { kernel = await loadKernel(); });

  it.each([TAGS[0].hashToGroup, TAGS[MODE_VOPRF].hashToScalar])('expand as RFC 9380 5.3.1 does (tag %#)', (tag) => {
    const prime = concat(tag, Uint8Array.of(tag.length));
    const expanded = withKernel(kernel, (arena) => {
      const out = arena.reserve(64 * INPUTS.length);
      const { inputs, offsets } = arena.putInputs(INPUTS);
      kernel.expandEach(out, inputs, offsets, INPUTS.length, arena.put(prime), prime.length);
      return arena.take(out, 64 * INPUTS.length);
    });
    expect(hex(expanded)).toBe(hex(concat(...INPUTS.map((input) => expandTo64(input, tag)))));
  });

  it('finalise as RFC 9497 3.3.1 does', () => {
    const points = Uint8Array.from({ length: 32 * INPUTS.length }, (_, i) => (i * 7) & 255);
    const hashed = withKernel(kernel, (arena) => {
      const out = arena.reserve(64 * INPUTS.length);
      const { inputs, offsets } = arena.putInputs(INPUTS);
      kernel.finalizeEach(out, inputs, offsets, INPUTS.length, arena.put(points), arena.put(utf8('Finalize')));
      return arena.take(out, 64 * INPUTS.length);
    });
    expect(hex(hashed)).toBe(hex(concat(...INPUTS.map((input, i) => finalizeHash(input, points.subarray(32 * i, 32 * i + 32))))));
  });
});
