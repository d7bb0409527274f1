import {
  checkAnswerStatement, checkStatement, type CombinedBatch, decodeCheckAnswer, decodeCheckRequest, decodeCombinedBatch, decodeFastVector, encodeCheckAnswer,
  encodeCheckRequest, encodeCombinedBatch, encodeFastVector, evaluationStatement,
} from './fast-wire.js';
import { batchStatement, decodeOprfRequest, decodeOprfResponse, encodeOprfRequest, evaluationModeOf, type SignedOprfRequest } from './oprf-wire.js';

const fill = (n: number, byte: number): Uint8Array => new Uint8Array(n).fill(byte);
const common = { manifestHash: fill(32, 1), batchId: fill(16, 2), quorum: [1, 3] };
const request: SignedOprfRequest = {
  ...common, budget: 'publish', signedAtMs: 1_790_000_000_123, memberId: '0190a0a0-0000-7000-8000-000000000001', kid: fill(32, 4), points: fill(96, 5), signature: fill(64, 6),
};
const vector = { ...common, holderIndex: 3, points: fill(96, 7), signature: fill(64, 8) };
const check = { ...request, points: fill(32, 9) };
const answer = { ...common, holderIndex: 1, points: fill(32, 10), proof: fill(64, 11), signature: fill(64, 12) };
const combined: CombinedBatch = {
  ...common, points: fill(96, 13), receipts: [{ holderIndex: 1, answerSha256: fill(32, 14), signature: fill(64, 15) }, { holderIndex: 3, answerSha256: fill(32, 16), signature: fill(64, 17) }],
};
const MESSAGES: [string, Uint8Array, (message: Uint8Array) => unknown][] = [
  ['batch', encodeOprfRequest(request, 'fast'), (message) => decodeOprfRequest(message, 'fast')],
  ['vector', encodeFastVector(vector), decodeFastVector],
  ['check', encodeCheckRequest(check), decodeCheckRequest],
  ['check answer', encodeCheckAnswer(answer), decodeCheckAnswer],
  ['combined batch', encodeCombinedBatch(combined), decodeCombinedBatch],
];

describe('wire of fast mode', () => {
  it('reads back what it wrote', () => {
    expect(decodeOprfRequest(encodeOprfRequest(request, 'fast'), 'fast')).toEqual(request);
    expect(decodeFastVector(encodeFastVector(vector))).toEqual(vector);
    expect(decodeCheckRequest(encodeCheckRequest(check))).toEqual(check);
    expect(decodeCheckAnswer(encodeCheckAnswer(answer))).toEqual(answer);
    expect(decodeCombinedBatch(encodeCombinedBatch(combined))).toEqual(combined);
  });
  it('keeps the modes apart: neither reads the other\'s batch, and a member\'s signature is of one mode', () => {
    expect(evaluationModeOf(encodeOprfRequest(request, 'fast'))).toBe('fast');
    expect(evaluationModeOf(encodeOprfRequest(request))).toBe('baseline');
    expect(() => decodeOprfRequest(encodeOprfRequest(request, 'fast'))).toThrow('header');
    expect(() => decodeOprfRequest(encodeOprfRequest(request), 'fast')).toThrow('header');
    expect(() => decodeOprfResponse(encodeFastVector(vector))).toThrow('header');
    expect(batchStatement(request, fill(32, 1), 'fast')).not.toEqual(batchStatement(request, fill(32, 1)));
  });
  it.each(MESSAGES)('refuses a %s that is cut, longer or of another kind', (name, message, decode) => {
    for (let n = 0; n < message.length; n += 1) expect(() => decode(message.subarray(0, n))).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    expect(() => decode(new Uint8Array([...message, 0]))).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    for (const [other, foreign] of MESSAGES) if (other !== name) expect(() => decode(foreign)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });
  it('refuses a check of more than one element, a holder 0 and receipts that are not the quorum\'s', () => {
    expect(() => encodeCheckRequest({ ...check, points: fill(64, 1) })).toThrow();
    const two = encodeOprfRequest({ ...request, points: fill(64, 1) }, 'fast');
    two[7] = 3;
    expect(() => decodeCheckRequest(two)).toThrow();
    expect(() => decodeFastVector(encodeFastVector({ ...vector, holderIndex: 0 }))).toThrow('holder');
    expect(() => encodeCombinedBatch({ ...combined, receipts: combined.receipts.slice(1) })).toThrow('receipts');
    expect(() => encodeCombinedBatch({ ...combined, receipts: [...combined.receipts].reverse() })).toThrow('receipts');
  });
  it('binds a holder to manifest, quorum, batch and vector, and a member to batch and element', () => {
    const facts = { ...common, holderIndex: 1 };
    const statements = [
      evaluationStatement(facts, 3, fill(32, 1), fill(32, 2)), evaluationStatement({ ...facts, quorum: [1, 2] }, 3, fill(32, 1), fill(32, 2)),
      evaluationStatement({ ...facts, holderIndex: 3 }, 3, fill(32, 1), fill(32, 2)), evaluationStatement({ ...facts, manifestHash: fill(32, 9) }, 3, fill(32, 1), fill(32, 2)),
      evaluationStatement(facts, 3, fill(32, 3), fill(32, 2)), evaluationStatement(facts, 3, fill(32, 1), fill(32, 4)),
      checkAnswerStatement(facts, fill(32, 1), fill(32, 2), fill(64, 3)), checkAnswerStatement(facts, fill(32, 1), fill(32, 2), fill(64, 4)), checkAnswerStatement(facts, fill(32, 5), fill(32, 2), fill(64, 3)),
      checkStatement(check), checkStatement({ ...check, batchId: fill(16, 9) }), checkStatement({ ...check, points: fill(32, 1) }), checkStatement({ ...check, manifestHash: fill(32, 9) }),
    ].map((statement) => JSON.stringify(statement));
    expect(new Set(statements).size).toBe(statements.length);
  });
});
