/**
 * Reads a file of RFC 9497 vectors (the CFRG's JSON layout) without any laxness: exact member names, lower-case hex, counts that
 * agree, a groupDST that follows from suite and mode. A file with one flipped bit must never be taken for another group that
 * happens to be skipped.
 */
export interface VectorGroup {
  readonly identifier: string;
  readonly mode: number;
  readonly groupDST: Uint8Array;
  readonly seed: Uint8Array;
  readonly keyInfo: Uint8Array;
  readonly skSm: Uint8Array;
  /** Modes VOPRF and POPRF. */
  readonly pkSm: Uint8Array | null;
  readonly vectors: readonly Vector[];
}
export interface Vector {
  readonly inputs: readonly Uint8Array[];
  readonly blinds: readonly Uint8Array[];
  readonly blinded: readonly Uint8Array[];
  readonly evaluated: readonly Uint8Array[];
  readonly outputs: readonly Uint8Array[];
  /** POPRF only. */
  readonly info: Uint8Array | null;
  readonly proof: { readonly proof: Uint8Array; readonly r: Uint8Array } | null;
}

export class VectorFileError extends Error {}

/** Every suite of RFC 9497 4 with the name of its hash; anything else is an error, not a group to skip. */
const SUITES: Readonly<Record<string, string>> = {
  'ristretto255-SHA512': 'SHA512', 'decaf448-SHAKE256': 'SHAKE256', 'P256-SHA256': 'SHA256', 'P384-SHA384': 'SHA384', 'P521-SHA512': 'SHA512',
};
export const MODE_NAMES = ['OPRF', 'VOPRF', 'POPRF'] as const;

export function parseVectorFile(text: string): VectorGroup[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new VectorFileError('not JSON');
  }
  if (!Array.isArray(json) || json.length === 0) throw new VectorFileError('not a list of groups');
  return json.map((group, i) => inContext(`group ${i + 1}`, () => parseGroup(group)));
}

function parseGroup(json: unknown): VectorGroup {
  const { mode, identifier, hash } = (json ?? {}) as Record<string, unknown>;
  if (mode !== 0 && mode !== 1 && mode !== 2) throw new VectorFileError('unknown mode');
  if (typeof identifier !== 'string' || !Object.hasOwn(SUITES, identifier)) throw new VectorFileError('unknown suite');
  if (hash !== SUITES[identifier]) throw new VectorFileError('hash is not the suite\'s');
  const members = ['groupDST', 'hash', 'identifier', 'keyInfo', 'mode', 'seed', 'skSm', 'vectors', ...(mode === 0 ? [] : ['pkSm'])];
  const group = exactly(json, members);
  const groupDST = hex(group['groupDST'], 'groupDST');
  const expected = Buffer.concat([Buffer.from('HashToGroup-OPRFV1-'), Buffer.of(mode), Buffer.from(`-${identifier}`)]); // RFC 9497 3.1, 4.1
  if (Buffer.compare(groupDST, expected) !== 0) throw new VectorFileError('groupDST does not follow from mode and suite');
  const { vectors } = group;
  if (!Array.isArray(vectors) || vectors.length === 0) throw new VectorFileError('no vectors');
  return {
    identifier, mode, groupDST, seed: hex(group['seed'], 'seed'), keyInfo: hex(group['keyInfo'], 'keyInfo'), skSm: hex(group['skSm'], 'skSm'),
    pkSm: mode === 0 ? null : hex(group['pkSm'], 'pkSm'),
    vectors: vectors.map((vector, i) => inContext(`vector ${i + 1}`, () => parseVector(vector, mode))),
  };
}

function parseVector(json: unknown, mode: 0 | 1 | 2): Vector {
  const members = ['Batch', 'Blind', 'BlindedElement', 'EvaluationElement', 'Input', 'Output', ...(mode === 0 ? [] : ['Proof']), ...(mode === 2 ? ['Info'] : [])];
  const vector = exactly(json, members);
  const batch = vector['Batch'];
  if (!Number.isInteger(batch) || (batch as number) < 1) throw new VectorFileError('Batch');
  const list = (name: string): Uint8Array[] => {
    const text = vector[name];
    if (typeof text !== 'string') throw new VectorFileError(`${name} is not text`);
    const items = text.split(',').map((item) => hex(item, name));
    if (items.length !== batch) throw new VectorFileError(`${name} does not hold Batch items`);
    return items;
  };
  const proof = mode === 0 ? null : exactly(vector['Proof'], ['proof', 'r']);
  return {
    inputs: list('Input'), blinds: list('Blind'), blinded: list('BlindedElement'), evaluated: list('EvaluationElement'), outputs: list('Output'),
    info: mode === 2 ? hex(vector['Info'], 'Info') : null,
    proof: proof === null ? null : { proof: hex(proof['proof'], 'proof'), r: hex(proof['r'], 'r') },
  };
}

function exactly(json: unknown, members: readonly string[]): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new VectorFileError('not an object');
  const unexpected = [...Object.keys(json).filter((key) => !members.includes(key)), ...members.filter((key) => !Object.hasOwn(json, key))];
  if (unexpected.length > 0) throw new VectorFileError('members are not those of the layout');
  return json as Record<string, unknown>;
}

/** Lower-case only: a flipped bit can turn "a" into "A". */
function hex(value: unknown, name: string): Uint8Array {
  if (typeof value !== 'string' || !/^([0-9a-f]{2})*$/.test(value)) throw new VectorFileError(`${name} is not lower-case hex`);
  return new Uint8Array(Buffer.from(value, 'hex'));
}

function inContext<T>(context: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof VectorFileError) throw new VectorFileError(`${context}: ${error.message}`);
    throw error;
  }
}
