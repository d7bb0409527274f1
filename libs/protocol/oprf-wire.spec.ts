import { bytesToUuid, decodeOprfRequest, decodeOprfResponse, encodeOprfRequest, encodeOprfResponse, OPRF_REQUEST_MAX_BYTES, type SignedOprfRequest, uuidToBytes } from './oprf-wire.js';

const fill = (n: number, byte: number): Uint8Array => new Uint8Array(n).fill(byte);
const request: SignedOprfRequest = {
  manifestHash: fill(32, 1), batchId: fill(16, 2), quorum: [1, 3], budget: 'daily', memberId: '0190a0a0-0000-7000-8000-000000000001',
  kid: fill(32, 4), signedAtMs: 1_790_000_000_123, points: fill(96, 5), signature: fill(64, 6),
};

describe('oprf wire', () => {
  it('reads back what it wrote', () => {
    expect(decodeOprfRequest(encodeOprfRequest(request))).toEqual(request);
    const response = { manifestHash: fill(32, 1), batchId: fill(16, 2), quorum: [2, 16], holderIndex: 16, points: fill(64, 3), proof: fill(64, 4) };
    expect(decodeOprfResponse(encodeOprfResponse(response))).toEqual(response);
    expect(encodeOprfRequest({ ...request, points: fill(4096 * 32, 1) }).length).toBe(OPRF_REQUEST_MAX_BYTES);
  });
  it('refuses counts above the cap before it looks at the length', () => {
    const message = encodeOprfRequest(request);
    new DataView(message.buffer).setUint32(40, 0xffffffff);
    expect(() => decodeOprfRequest(message)).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
  });
  it.each([[0, 'magic'], [4, 'version'], [5, 'suite'], [6, 'mode'], [7, 'message'], [43, 'count'], [63, 'reserved'], [62, 'budget'], [112, 'signed time']])('refuses a changed byte %i (%s)', (at) => {
    const message = encodeOprfRequest(request);
    message[at] = 0x77;
    expect(() => decodeOprfRequest(message)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });
  it('refuses every truncation, an extra byte, an empty quorum and the other message', () => {
    const message = encodeOprfRequest(request);
    for (let n = 0; n < message.length; n += 1) expect(() => decodeOprfRequest(message.subarray(0, n))).toThrow();
    expect(() => decodeOprfRequest(new Uint8Array([...message, 0]))).toThrow();
    expect(() => decodeOprfResponse(message)).toThrow();
    expect(() => encodeOprfRequest({ ...request, quorum: [] })).toThrow();
    expect(() => encodeOprfRequest({ ...request, quorum: [1, 1] })).toThrow();
    expect(() => encodeOprfRequest({ ...request, quorum: [17] })).toThrow();
  });
  it('turns UUIDs into 16 bytes and back', () => {
    expect(bytesToUuid(uuidToBytes(request.memberId))).toBe(request.memberId);
    expect(() => bytesToUuid(fill(16, 0))).toThrow();
  });
});
