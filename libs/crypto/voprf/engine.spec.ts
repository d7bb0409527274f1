import { PointInvalidError } from '../crypto.errors.js';
import { createKernelEngine } from './kernel.engine.js';
import { createNobleEngine } from './noble.engine.js';
import { createSodiumEngine } from './sodium.engine.js';
import type { Engine } from './engine.js';
import { elementAt, GROUP_ORDER, scalarBytes } from './suite.js';

const bytes = (fill: number, n = 32): Uint8Array => new Uint8Array(n).fill(fill);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');

const INPUTS = ['13800000000', '', 'x'.repeat(300)].map(text);
/** RFC 9496 A.3: encodings that must be refused. */
const REFUSED = [
  '00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', // not canonical
  'f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0100000000000000000000000000000000000000000000000000000000000000', // negative
  '26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371', // no square root
  '0000000000000000000000000000000000000000000000000000000000000000', // identity
];

describe('engines', () => {
  const engines: Engine[] = [createNobleEngine()];
  const secret = scalarBytes(987654321n);
  const blinds = new Uint8Array(96);
  beforeAll(async () => {
    engines.push(await createSodiumEngine(), await createKernelEngine());
    INPUTS.forEach((_, i) => blinds.set(scalarBytes(GROUP_ORDER - 5n - BigInt(i)), i * 32));
  });
  const alike = (run: (engine: Engine) => Uint8Array): void => {
    const [oracle, ...others] = engines.map((engine) => hex(run(engine)));
    for (const other of others) expect(other).toBe(oracle);
  };

  it('agree bit for bit on each step', () => {
    const oracle = engines[0] as Engine;
    for (const mode of [0, 1] as const) {
      alike((engine) => engine.hashToGroup(mode, INPUTS));
      alike((engine) => engine.deriveKeyPair(mode, bytes(7), text('info')).secretKey);
      const blinded = oracle.blind(mode, INPUTS, blinds);
      alike((engine) => engine.blind(mode, INPUTS, blinds));
      const evaluated = oracle.evaluate(secret, blinded);
      alike((engine) => engine.evaluate(secret, blinded));
      alike((engine) => engine.proveWithNonce(secret, oracle.multiplyBase(secret), blinded, evaluated, scalarBytes(31n)));
      alike((engine) => engine.finalise(INPUTS, blinds, evaluated));
      alike((engine) => engine.addEach(blinded, evaluated));
    }
  });

  it('verify each other, and refuse a changed proof, key, element or order', () => {
    for (const prover of engines) for (const verifier of engines) {
      const key = prover.multiplyBase(secret);
      const blinded = prover.blind(1, INPUTS, blinds);
      const evaluated = prover.evaluate(secret, blinded);
      const proof = prover.prove(secret, key, blinded, evaluated);
      expect(verifier.verify(key, blinded, evaluated, proof)).toBe(true);
      for (const at of [0, 31, 32, 63]) {
        const changed = proof.slice();
        changed[at] = (changed[at] as number) ^ 1;
        expect(verifier.verify(key, blinded, evaluated, changed)).toBe(false);
      }
      const swapped = evaluated.slice();
      swapped.set(elementAt(evaluated, 1), 0);
      swapped.set(elementAt(evaluated, 0), 32);
      expect(verifier.verify(key, blinded, swapped, proof)).toBe(false);
      expect(verifier.verify(verifier.multiplyBase(scalarBytes(5n)), blinded, evaluated, proof)).toBe(false);
      expect(verifier.verify(key, blinded, evaluated, proof.subarray(0, 63))).toBe(false);
    }
  });

  it('refuse a proof whose scalar is written above the order', () => {
    const sodium = engines[1] as Engine;
    const blinded = sodium.blind(1, INPUTS, blinds);
    const evaluated = sodium.evaluate(secret, blinded);
    const key = sodium.multiplyBase(secret);
    const proof = sodium.prove(secret, key, blinded, evaluated);
    const s = BigInt(`0x${Buffer.from(proof.subarray(32)).reverse().toString('hex')}`);
    const changed = proof.slice();
    changed.set(scalarBytes(s + GROUP_ORDER), 32);
    for (const engine of engines) expect(engine.verify(key, blinded, evaluated, changed)).toBe(false);
  });

  it.each(REFUSED)('refuse the encoding %s wherever it comes in, with its position', (encoding) => {
    const bad = Uint8Array.from(Buffer.from(encoding, 'hex'));
    for (const engine of engines) {
      const good = engine.blind(1, INPUTS, blinds);
      const mixed = good.slice();
      mixed.set(bad, 32);
      const attempts = [
        () => engine.checkElements(mixed),
        () => engine.evaluate(secret, mixed),
        () => engine.addEach(good, mixed),
        () => engine.finalise(INPUTS, blinds, mixed),
      ];
      for (const attempt of attempts) {
        expect(attempt).toThrow(PointInvalidError);
        expect(attempt).toThrow(expect.objectContaining({ position: 1 }));
      }
      expect(() => engine.verify(engine.multiplyBase(secret), mixed, good, bytes(1, 64))).toThrow(PointInvalidError);
      expect(() => engine.verify(bad, good, good, bytes(1, 64))).toThrow(PointInvalidError);
    }
  });

  it('refuse zero and non-canonical secrets and blinds', () => {
    for (const engine of engines) {
      const points = engine.hashToGroup(1, INPUTS);
      for (const scalar of [bytes(0), scalarBytes(GROUP_ORDER), bytes(255)]) {
        expect(() => engine.evaluate(scalar, points)).toThrow('secret scalar');
        expect(() => engine.blind(1, [text('a')], scalar)).toThrow('secret scalar');
      }
    }
  });
});
