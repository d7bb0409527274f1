/** Runs every operation on several engines and compares: results byte by byte, refusals by code and position. */
import { elementAt, type Engine, MODE_OPRF, MODE_VOPRF, type Mode } from '#crypto';
import { isDomainError } from '#kernel';
import { hostileEncodings, hostileScalars, refusedScalars, uniformBytes } from './hostile-values.js';

export interface DifferenceReport {
  /** Items compared on all engines: encodings, inputs, products, proofs. */
  readonly compared: number;
  readonly differences: readonly string[];
}
export interface DifferencePlan {
  readonly encodings: number;
  /** Products of one scalar with one point, each. */
  readonly products: number;
  /** Inputs that go the whole way, in both modes. */
  readonly inputs: number;
  readonly scalars: number;
}

const join = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const BATCH = 50;

export function engineDifferences(engines: readonly Engine[], plan: DifferencePlan): DifferenceReport {
  const run = new Comparison(engines);
  const points = engines[0]!.hashToGroup(MODE_VOPRF, uniformBytes('point', Math.max(BATCH, Math.min(4096, plan.inputs)), 40));
  compareEncodings(run, points, plan.encodings);
  compareProducts(run, points, plan.products);
  compareJourneys(run, plan.inputs);
  compareScalars(run, plan.scalars);
  return run;
}

class Comparison implements DifferenceReport {
  compared = 0;
  readonly differences: string[] = [];

  constructor(private readonly engines: readonly Engine[]) {}

  /** @returns what all engines gave, or null when they refused or differ */
  of(name: string, items: number, work: (engine: Engine) => unknown): Uint8Array | null {
    this.compared += items;
    let first: { said: string; result: Uint8Array | null } | null = null;
    for (const engine of this.engines) {
      const outcome = outcomeOf(() => work(engine));
      if (first === null) first = outcome;
      else if (outcome.said !== first.said) {
        this.differences.push(`${name}: ${this.engines[0]!.name} ${first.said.slice(0, 80)}, ${engine.name} ${outcome.said.slice(0, 80)}`);
        return null;
      }
    }
    return first?.result ?? null;
  }
}

function outcomeOf(work: () => unknown): { said: string; result: Uint8Array | null } {
  try {
    const result = work();
    return result instanceof Uint8Array ? { said: Buffer.from(result).toString('hex'), result } : { said: String(result), result: null };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { said: `refuses ${error.code} ${String(error.fields.position ?? '')}`, result: null };
  }
}

/** One by one, and one hostile string among good points at a place that differs. */
function compareEncodings(run: Comparison, points: Uint8Array, count: number): void {
  const valid = Array.from({ length: BATCH }, (_, i) => elementAt(points, i));
  const few = points.slice(0, 9 * 32);
  for (const [i, encoding] of hostileEncodings(valid, count).entries()) {
    const name = `encoding ${Buffer.from(encoding).toString('hex')}`;
    run.of(name, 1, (engine) => engine.checkElements(encoding));
    if (i % 20 !== 0) continue;
    const mixed = few.slice();
    mixed.set(encoding, 32 * ((i / 20) % 9));
    run.of(`${name} among others`, 9, (engine) => engine.addEach(few, mixed));
    run.of(`${name} in a weighted sum`, 9, (engine) => engine.weightedSum(few.slice(0, 9 * 16), mixed));
  }
}

function compareProducts(run: Comparison, points: Uint8Array, count: number): void {
  const perScalar = 5;
  hostileScalars(Math.ceil(count / perScalar)).forEach((scalar, i) => {
    const from = (i * perScalar) % (points.length / 32 - perScalar);
    const some = points.slice(from * 32, (from + perScalar) * 32);
    const name = `scalar ${Buffer.from(scalar).toString('hex')}`;
    run.of(`${name} evaluate`, perScalar, (engine) => engine.evaluate(scalar, some));
    if (i % 4 === 0) run.of(`${name} base`, 1, (engine) => engine.multiplyBase(scalar));
  });
  for (const scalar of refusedScalars()) {
    run.of('refused scalar', 1, (engine) => engine.evaluate(scalar, points.slice(0, 32)));
    run.of('refused scalar', 1, (engine) => engine.multiply(scalar, points.slice(0, 32)));
    run.of('refused scalar', 1, (engine) => engine.multiplyBase(scalar));
  }
}

/** The whole way of a batch: both blindings, evaluation, proof with a fixed nonce, combination, check, both ways to finish. */
function compareJourneys(run: Comparison, count: number): void {
  const scalars = hostileScalars(count + 64);
  for (let from = 0, batch = 0; from < count; from += BATCH, batch += 1) {
    const n = Math.min(BATCH, count - from);
    const inputs = uniformBytes(`input ${from}`, n, 80).map((bytes, i) => bytes.slice(0, (from + i) % 81));
    const blinds = join(scalars.slice(from, from + n));
    const [secret, nonce] = [scalars.at(-1 - (batch % 32)) as Uint8Array, scalars.at(-33 - (batch % 32)) as Uint8Array];
    const mode: Mode = batch % 2 === 0 ? MODE_VOPRF : MODE_OPRF;
    run.of(`hash ${from}`, n, (engine) => engine.hashToGroup(mode, inputs));
    const blinded = run.of(`blind ${from}`, n, (engine) => engine.blind(mode, inputs, blinds));
    const additive = run.of(`additive blind ${from}`, n, (engine) => engine.blindAdditive(inputs, blinds));
    const key = run.of('key', 1, (engine) => engine.multiplyBase(secret));
    if (blinded === null || additive === null || key === null) continue;
    const evaluated = run.of(`evaluate ${from}`, n, (engine) => engine.evaluate(secret, blinded));
    const other = run.of(`evaluate additive ${from}`, n, (engine) => engine.evaluate(secret, additive));
    if (evaluated === null || other === null) continue;
    const proof = run.of(`proof ${from}`, n, (engine) => engine.proveWithNonce(secret, key, blinded, evaluated, nonce));
    if (proof !== null) compareVerdicts(run, [key, blinded, evaluated, proof], batch);
    run.of(`finalise ${from}`, n, (engine) => engine.finalise(inputs, blinds, evaluated));
    run.of(`finalise additive ${from}`, n, (engine) => engine.finaliseAdditive(inputs, blinds, key, other));
    run.of(`combine ${from}`, n, (engine) => engine.combineDoubled([blinded, evaluated, other]));
    run.of(`sum ${from}`, n, (engine) => engine.weightedSum(join(uniformBytes(`weight ${from}`, n, 16)), blinded));
    run.of(`cancel ${from}`, 2, (engine) => engine.addEach(blinded.slice(0, 64), negated(engine, blinded)));
  }
}

function compareVerdicts(run: Comparison, [key, blinded, evaluated, proof]: readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array], batch: number): void {
  run.of('verdict', 1, (engine) => engine.verify(key, blinded, evaluated, proof));
  const changed = proof.slice();
  changed[batch % 64] = (changed[batch % 64] as number) ^ 1;
  run.of('verdict on a changed proof', 1, (engine) => engine.verify(key, blinded, evaluated, changed));
  run.of('verdict on swapped batches', 1, (engine) => engine.verify(key, evaluated, blinded, proof));
}

/** The inverse of each point, so that sums are the identity. */
function negated(engine: Engine, points: Uint8Array): Uint8Array {
  const minusOne = engine.scalars.subtract(new Uint8Array(32), Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0)));
  return engine.evaluate(minusOne, points.slice(0, 64));
}

function compareScalars(run: Comparison, count: number): void {
  const scalars = hostileScalars(count);
  scalars.forEach((a, i) => {
    const b = scalars[(i * 7 + 3) % scalars.length] as Uint8Array;
    run.of('scalar sum', 1, (engine) => engine.scalars.add(a, b));
    run.of('scalar difference', 1, (engine) => engine.scalars.subtract(a, b));
    run.of('scalar product', 1, (engine) => engine.scalars.multiply(a, b));
    if (i % 8 === 0) run.of('scalar inverse', 1, (engine) => engine.scalars.invert(a));
  });
  const wide = [new Uint8Array(64), new Uint8Array(64).fill(255), ...scalars.map((scalar) => join([scalar, scalar])), ...uniformBytes('wide', count, 64)];
  for (const bytes of wide) run.of('scalar of 64 bytes', 1, (engine) => engine.scalars.reduce(bytes));
}
