/**
 * Our own fixed vectors: what RFC 9497 leaves to us (docs/protocol/derivations.md), from fixed secrets to the last byte. Printed by
 * `node dist/tools/vectors/print-protocol-vectors.js` into docs/protocol/test-vectors.json and recomputed by a test with every engine.
 */
import { createHash } from 'node:crypto';
import {
  acceptAnswers, type CanonicalInput, dealShares, deriveBlinds, deriveSealKey, deriveToken, encodeInput, type Engine, lagrangeAtZero, MODE_VOPRF, outputAt,
  partialSecret, prepareBatch,
} from '#crypto';
import { canonicalJson, type Json } from '#kernel';
import { batchStatement, encodeOprfRequest, encodeOprfResponse, type OprfRequest } from '#protocol';

const FEDERATION = 'federation-example';
const HUB = 'hub-example';
const EPOCH = 7;
const CLUE = '01936d2a-0000-7000-8000-000000000001';
const MEMBER = '01936d2a-0000-7000-8000-00000000000a';
const INPUTS: readonly CanonicalInput[] = [
  { kind: 'phone', federationId: FEDERATION, value: '+8613800138000' },
  { kind: 'org_name', federationId: FEDERATION, value: '示例信息咨询有限公司' },
  { kind: 'id_hash', federationId: FEDERATION, value: new Uint8Array(32).fill(0xab) },
];
const QUORUM = [1, 3];

export function computeProtocolVectors(engine: Engine): Json {
  const secrets = { seed: labelled('seed', 32), manifestHash: labelled('manifest', 32), batchId: labelled('batch', 16) };
  const coefficients = ['a0', 'a1'].map((name) => engine.scalars.reduce(labelled(name, 64)));
  const dealt = dealShares(engine, coefficients, 3);
  const inputs = INPUTS.map(encodeInput);
  const batch = prepareBatch(engine, { ...secrets, inputs, padTo: 8 });
  const answers = QUORUM.map((index) => {
    const secret = partialSecret(engine, dealt.shares[index - 1]!.secret, index, QUORUM);
    const evaluated = engine.evaluate(secret, batch.points);
    const nonce = engine.scalars.reduce(labelled(`nonce ${index}`, 64));
    return { holderIndex: index, evaluated, proof: engine.proveWithNonce(secret, engine.multiplyBase(secret), batch.points, evaluated, nonce) };
  });
  const outputs = acceptAnswers(engine, { batch, holders: dealt.shares, quorum: QUORUM, answers });
  const request: OprfRequest = {
    manifestHash: secrets.manifestHash, batchId: secrets.batchId, quorum: QUORUM, budget: 'publish', memberId: MEMBER, kid: labelled('kid', 32),
    signedAtMs: 1_790_000_000_123, points: batch.points,
  };
  return {
    note: 'Fixed vectors of Tallystick. Bytes are lower-case hex. Secrets are SHA-512("tallystick vector " || name) cut to length; scalars are that mod l.',
    federation: FEDERATION, hub: HUB, epoch: EPOCH, clueId: CLUE,
    key: {
      threshold: 2, publicKey: hex(dealt.publicKey), commitments: dealt.commitments.map(hex),
      shares: dealt.shares.map((share) => ({ index: share.index, secret: hex(share.secret), publicKey: hex(share.publicKey) })),
      lagrange: QUORUM.map((index) => ({ index, quorum: QUORUM, coefficient: hex(lagrangeAtZero(index, QUORUM)) })),
    },
    batch: {
      seed: hex(secrets.seed), manifestHash: hex(secrets.manifestHash), batchId: hex(secrets.batchId), padTo: 8, positions: [...batch.positions],
      blinds: hex(deriveBlinds(engine, secrets, batch.inputs)), points: hex(batch.points), pointsSha256: hex(batch.pointsHash),
      answers: answers.map(({ holderIndex, evaluated, proof }) => ({ holderIndex, evaluated: hex(evaluated), proof: hex(proof) })),
    },
    wire: {
      memberId: MEMBER, kid: hex(request.kid), statement: canonicalJson(batchStatement(request, batch.pointsHash)),
      requestSha256: sha256(encodeOprfRequest({ ...request, signature: labelled('signature', 64) })),
      responseSha256: sha256(encodeOprfResponse({ ...request, holderIndex: 1, points: answers[0]!.evaluated, proof: answers[0]!.proof })),
    },
    tokens: INPUTS.map((input, i) => {
      const y = outputAt(outputs, i);
      return {
        kind: input.kind, value: typeof input.value === 'string' ? input.value : `hex:${hex(input.value)}`, x: hex(inputs[i] as Uint8Array),
        element: hex(engine.hashToGroup(MODE_VOPRF, [inputs[i] as Uint8Array])), y: hex(y),
        token: hex(deriveToken(y, { hubId: HUB, epoch: EPOCH })), sealKey: hex(deriveSealKey(y, { hubId: HUB, epoch: EPOCH }, CLUE)),
      };
    }),
  };
}

function labelled(name: string, length: number): Uint8Array {
  return new Uint8Array(createHash('sha512').update(`tallystick vector ${name}`).digest().subarray(0, length));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
