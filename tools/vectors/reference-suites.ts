/**
 * Groups that the network does not use (POPRF, other curves) are skipped by our engines, not believed: @noble/curves' own suites
 * recompute them, so that a damaged file fails wherever the damage is.
 */
import { ristretto255_oprf } from '@noble/curves/ed25519.js';
import { decaf448_oprf } from '@noble/curves/ed448.js';
import { p256_oprf, p384_oprf, p521_oprf } from '@noble/curves/nist.js';
import type { Vector, VectorGroup } from './vector-file.js';

type Suite = typeof ristretto255_oprf;
type Draw = (bytes?: number) => Uint8Array<ArrayBuffer>;
interface Reference {
  readonly suite: Suite;
  readonly littleEndian: boolean;
}

const REFERENCES: Readonly<Record<string, Reference>> = {
  'ristretto255-SHA512': { suite: ristretto255_oprf, littleEndian: true },
  'decaf448-SHAKE256': { suite: decaf448_oprf, littleEndian: true },
  'P256-SHA256': { suite: p256_oprf, littleEndian: false },
  'P384-SHA384': { suite: p384_oprf, littleEndian: false },
  'P521-SHA512': { suite: p521_oprf, littleEndian: false },
};

/** The first figure that differs, by name, or null. */
export function differenceFromReference(group: VectorGroup): string | null {
  const reference = REFERENCES[group.identifier] as Reference;
  const { oprf, voprf, poprf } = reference.suite;
  try {
    const keys = [oprf, voprf, poprf(new Uint8Array(0))][group.mode]!.deriveKeyPair(group.seed, group.keyInfo);
    const wrongKey = differs([['skSm', keys.secretKey, group.skSm], ...(group.pkSm === null ? [] : [['pkSm', keys.publicKey, group.pkSm] as const])]);
    if (wrongKey !== null) return wrongKey;
    for (const [i, vector] of group.vectors.entries()) {
      const wrong = checkVector(reference, group, vector);
      if (wrong !== null) return `vector ${i + 1}: ${wrong}`;
    }
    return null;
  } catch (error) {
    return `refused: ${(error as Error).message}`;
  }
}

function checkVector(reference: Reference, group: VectorGroup, vector: Vector): string | null {
  const steps = stepsOf(reference, group, vector);
  const blinded = vector.inputs.map((input, i) => steps.blind(input, drawing(reference, vector.blinds[i] as Uint8Array)));
  const answer = steps.evaluate(vector.proof === null ? undefined : drawing(reference, vector.proof.r));
  const wrong = differs([
    ...blinded.flatMap(({ blind, blinded: element }, i) => [['Blind', blind, vector.blinds[i]] as const, ['BlindedElement', element, vector.blinded[i]] as const]),
    ...answer.evaluated.map((element, i) => ['EvaluationElement', element, vector.evaluated[i]] as const),
    ['Proof', answer.proof ?? new Uint8Array(0), vector.proof?.proof ?? new Uint8Array(0)],
  ]);
  return wrong ?? differs(steps.finalise().map((output, i) => ['Output', output, vector.outputs[i]] as const));
}

interface Steps {
  blind(input: Uint8Array, rng: Draw): { readonly blind: Uint8Array; readonly blinded: Uint8Array };
  evaluate(rng: Draw | undefined): { readonly evaluated: readonly Uint8Array[]; readonly proof: Uint8Array | null };
  finalise(): readonly Uint8Array[];
}

function stepsOf({ suite: { oprf, voprf, poprf } }: Reference, { mode, skSm, pkSm }: VectorGroup, vector: Vector): Steps {
  const items = vector.inputs.map((input, i) => (
    { input, blind: vector.blinds[i] as Uint8Array, blinded: vector.blinded[i] as Uint8Array, evaluated: vector.evaluated[i] as Uint8Array }));
  const blinded = [...vector.blinded];
  const proof = vector.proof?.proof as Uint8Array;
  if (mode === 0) {
    return {
      blind: (input, rng) => oprf.blind(input, rng),
      evaluate: () => ({ evaluated: blinded.map((point) => oprf.blindEvaluate(skSm, point)), proof: null }),
      finalise: () => items.map((item) => oprf.finalize(item.input, item.blind, item.evaluated)),
    };
  }
  const publicKey = pkSm as Uint8Array;
  if (mode === 1) {
    return {
      blind: (input, rng) => voprf.blind(input, rng),
      evaluate: (rng) => voprf.blindEvaluateBatch(skSm, publicKey, blinded, rng),
      finalise: () => voprf.finalizeBatch(items, publicKey, proof),
    };
  }
  const partial = poprf(vector.info as Uint8Array);
  return {
    blind: (input, rng) => partial.blind(input, publicKey, rng),
    evaluate: (rng) => partial.blindEvaluateBatch(skSm, blinded, rng),
    finalise: () => partial.finalizeBatch(items, proof, partial.blind(items[0]!.input, publicKey).tweakedKey),
  };
}

/** noble draws a scalar as (its bytes mod (order - 1)) + 1: the bytes that make it draw this one. */
function drawing({ littleEndian }: Reference, scalar: Uint8Array): Draw {
  const bigEndian = Buffer.from(scalar);
  if (littleEndian) bigEndian.reverse();
  const value = BigInt(`0x${bigEndian.toString('hex')}`) - 1n;
  return (bytes = 48) => {
    const out = Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex');
    return new Uint8Array(littleEndian ? out.reverse() : out);
  };
}

function differs(figures: readonly (readonly [name: string, ours: Uint8Array, published: Uint8Array | undefined])[]): string | null {
  return figures.find(([, ours, published]) => published === undefined || Buffer.compare(ours, published) !== 0)?.[0] ?? null;
}
