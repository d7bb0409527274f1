import { createSodiumEngine, encodeInput, prepareBatch, type Engine } from '#crypto';
import { VaultKeys } from '../vault/vault-keys.js';
import type { BatchRecord } from '../vault/vault-records.js';
import { assertSamePoints, batchIdFor, type BatchFacts } from './batch-journal.js';

const keys = new VaultKeys(new Uint8Array(32).fill(7));
const manifestHash = new Uint8Array(32).fill(1);
const OLD_ID = '11'.repeat(16);
const FRESH_ID = '22'.repeat(16);
const x = (value: string): Uint8Array => encodeInput({ kind: 'phone', federationId: 'fed', value });
const file = [x('+8613800138000'), x('+8613800138001'), x('+8613800138002')];
const edited = [file[0]!, x('+8613900139999'), file[2]!];
const factsOf = (inputs: readonly Uint8Array[]): BatchFacts => ({ manifestHash: Buffer.from(manifestHash).toString('base64url'), inputsDigest: keys.digestOf(inputs), mode: 'baseline' });
const recordOf = (inputs: readonly Uint8Array[], more: Partial<BatchRecord> = {}): BatchRecord =>
  ({ batchId: OLD_ID, manifestHash: factsOf(inputs).manifestHash, inputsDigest: factsOf(inputs).inputsDigest, pointsHash: 'hash', state: 'unverified', ...more });

describe(batchIdFor.name, () => {
  it('resumes the very same batch under its journalled id', () => {
    expect(batchIdFor(factsOf(file), recordOf(file), FRESH_ID)).toEqual({ batchId: OLD_ID, resumed: true });
  });
  it.each<[string, readonly Uint8Array[]]>([
    ['a row was edited', edited], ['a row is missing', file.slice(0, 2)], ['a row was added', [...file, x('+8613700137000')]], ['rows changed places', [file[1]!, file[0]!, file[2]!]],
  ])('takes a fresh id when %s', (_, inputs) => {
    expect(batchIdFor(factsOf(inputs), recordOf(file), FRESH_ID)).toEqual({ batchId: FRESH_ID, resumed: false });
  });
  it('takes a fresh id in the other mode: one blind is never used both ways', () => {
    const fast = recordOf(file, { fast: { answer: null, verdict: null } });
    expect(batchIdFor({ ...factsOf(file), mode: 'fast' }, recordOf(file), FRESH_ID)).toEqual({ batchId: FRESH_ID, resumed: false });
    expect(batchIdFor(factsOf(file), fast, FRESH_ID)).toEqual({ batchId: FRESH_ID, resumed: false });
    expect(batchIdFor({ ...factsOf(file), mode: 'fast' }, fast, FRESH_ID)).toEqual({ batchId: OLD_ID, resumed: true });
  });
  it('takes a fresh id under another manifest, and after the batch was verified', () => {
    expect(batchIdFor({ ...factsOf(file), manifestHash: 'other' }, recordOf(file), FRESH_ID).resumed).toBe(false);
    expect(batchIdFor(factsOf(file), recordOf(file, { state: 'verified' }), FRESH_ID).resumed).toBe(false);
    expect(batchIdFor(factsOf(file), undefined, FRESH_ID)).toEqual({ batchId: FRESH_ID, resumed: false });
  });
});

describe(assertSamePoints.name, () => {
  it('stops a resumed batch whose points came out otherwise', () => {
    expect(() => assertSamePoints(recordOf(file), 'another hash')).toThrow(expect.objectContaining({ code: 'VAULT_INVALID' }) as Error);
    expect(() => assertSamePoints(recordOf(file), 'hash')).not.toThrow();
  });
});

describe('blinds of a resumed batch whose row was edited', () => {
  let engine: Engine;
  beforeAll(async () => { engine = await createSodiumEngine(); });
  const prepared = (inputs: readonly Uint8Array[], batchId: string) =>
    prepareBatch(engine, { inputs, seed: keys.blindSeed, manifestHash, batchId: new Uint8Array(Buffer.from(batchId, 'hex')), padTo: 8 });
  const blindsOf = (batch: ReturnType<typeof prepared>): string[] => Array.from({ length: batch.n }, (_, i) => Buffer.from(batch.blinds.subarray(i * 32, i * 32 + 32)).toString('hex'));

  it('comes out byte for byte when nothing changed', () => {
    expect(prepared(file, OLD_ID).points).toEqual(prepared(file, OLD_ID).points);
  });
  it('shares no blind between an input and another input, even were the old id kept', () => {
    const before = prepared(file, OLD_ID);
    const after = prepared(edited, OLD_ID);
    const inputsOf = new Map(before.inputs.map((input, i) => [blindsOf(before)[i], Buffer.from(input).toString('hex')]));
    blindsOf(after).forEach((blind, i) => {
      const owner = inputsOf.get(blind);
      if (owner !== undefined) expect(owner).toBe(Buffer.from(after.inputs[i]!).toString('hex'));
    });
    const editedAt = after.inputs.findIndex((input) => Buffer.from(input).equals(Buffer.from(edited[1]!)));
    expect(blindsOf(before)).not.toContain(blindsOf(after)[editedAt]);
  });
  it('shares no blind at all under the fresh id it takes', () => {
    const before = new Set(blindsOf(prepared(file, OLD_ID)));
    expect(blindsOf(prepared(edited, FRESH_ID)).filter((blind) => before.has(blind))).toEqual([]);
  });
});
