/** Runs groups of RFC 9497 vectors through engines: each published figure is computed anew and compared. */
import { type Engine, isCanonicalScalar, type Mode, SUITE_NAME, TAGS } from '#crypto';
import { differenceFromReference } from './reference-suites.js';
import { MODE_NAMES, parseVectorFile, type Vector, type VectorGroup } from './vector-file.js';

export interface EngineResult {
  readonly engine: string;
  /** null: passed; else the first difference, by name. */
  readonly difference: string | null;
}
export interface GroupResult {
  readonly suite: string;
  readonly mode: string;
  readonly vectors: number;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly engines: readonly EngineResult[];
}
export interface VectorReport {
  readonly ok: boolean;
  readonly groups: readonly GroupResult[];
}

class Difference extends Error {}

/** @throws VectorFileError when the file is not of the layout */
export function runVectors(text: string, engines: readonly Engine[]): VectorReport {
  const groups = parseVectorFile(text).map((group) => runGroup(group, engines));
  const ran = groups.some((group) => group.outcome === 'passed');
  return { ok: ran && groups.every((group) => group.outcome !== 'failed'), groups };
}

function runGroup(group: VectorGroup, engines: readonly Engine[]): GroupResult {
  const facts = { suite: group.identifier, mode: MODE_NAMES[group.mode] as string, vectors: group.vectors.length };
  if (group.identifier !== SUITE_NAME || group.mode === 2) return skip(group, facts);
  const results = engines.map((engine) => ({ engine: engine.name, difference: differenceOf(() => checkGroup(engine, group, group.mode as Mode)) }));
  return { ...facts, outcome: results.every((result) => result.difference === null) ? 'passed' : 'failed', engines: results };
}

/** Not ours to run; still a damaged group is told, not passed over. */
function skip(group: VectorGroup, facts: Pick<GroupResult, 'suite' | 'mode' | 'vectors'>): GroupResult {
  const difference = differenceFromReference(group);
  return { ...facts, outcome: difference === null ? 'skipped' : 'failed', engines: [{ engine: 'reference', difference }] };
}

function differenceOf(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    return error instanceof Difference ? error.message : `refused: ${(error as Error).message}`;
  }
}

function checkGroup(engine: Engine, group: VectorGroup, mode: Mode): void {
  same('groupDST', TAGS[mode].hashToGroup, group.groupDST);
  const derived = engine.deriveKeyPair(mode, group.seed, group.keyInfo);
  same('skSm', derived.secretKey, group.skSm);
  if (group.pkSm !== null) same('pkSm', derived.publicKey, group.pkSm);
  group.vectors.forEach((vector, i) => checkVector(engine, vector, { mode, secretKey: group.skSm, publicKey: derived.publicKey, name: `vector ${i + 1}` }));
}

function checkVector(engine: Engine, vector: Vector, key: { mode: Mode; secretKey: Uint8Array; publicKey: Uint8Array; name: string }): void {
  const join = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
  const blinds = join(vector.blinds);
  for (const blind of vector.blinds) if (!isCanonicalScalar(blind)) throw new Difference(`${key.name}: Blind is not canonical`);
  same(`${key.name}: BlindedElement`, engine.blind(key.mode, vector.inputs, blinds), join(vector.blinded));
  const evaluated = engine.evaluate(key.secretKey, join(vector.blinded));
  same(`${key.name}: EvaluationElement`, evaluated, join(vector.evaluated));
  same(`${key.name}: Output`, engine.finalise(vector.inputs, blinds, evaluated), join(vector.outputs));
  if (vector.proof === null) return;
  const { proof, r } = vector.proof;
  if (!isCanonicalScalar(r)) throw new Difference(`${key.name}: r is not canonical`);
  same(`${key.name}: Proof`, engine.proveWithNonce(key.secretKey, key.publicKey, join(vector.blinded), evaluated, r), proof);
  if (!engine.verify(key.publicKey, join(vector.blinded), evaluated, proof)) throw new Difference(`${key.name}: proof does not verify`);
}

function same(name: string, ours: Uint8Array, published: Uint8Array): void {
  if (Buffer.compare(ours, published) !== 0) throw new Difference(name);
}
