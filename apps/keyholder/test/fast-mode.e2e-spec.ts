import { createHash, randomUUID } from 'node:crypto';
import { fastSecret, fromBase64url, partialSecret, generatePrivateJwk, sameBytes, signDetached, signerOf, verifierOf, verifyDetached } from '#crypto';
import {
  CHECK_TYP, checkStatement, decodeCheckAnswer, decodeFastVector, decodeOprfRequest, decodeOprfResponse, encodeCheckRequest, encodeOprfRequest, EVALUATION_TYP, evaluationStatement, BATCH_TYP, batchStatement,
  OPRF_CHECK_PATH, OPRF_MEDIA_TYPE, type OprfRequest, uuidToBytes,
} from '#protocol';
import { aMember, FakeHubStatus, HolderDatabase, HolderFederation, HolderProcess, type TestMember } from './holder-federation.js';

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());

describe('key-holder in fast mode', () => {
  const hub = new FakeHubStatus();
  const database = new HolderDatabase();
  const federation = new HolderFederation();
  const [bank, other] = [aMember(), aMember()];
  let sut: HolderProcess;
  const environment = (more: Record<string, string> = {}): Record<string, string> => ({ ...HolderProcess.environment(federation, 1, database, hub), ...more });
  const allowed = (jwk = federation.evidence[0]!): Record<string, string> => ({ TALLY_FAST_MODE: 'allowed', TALLY_EVIDENCE_KEY_FILE: federation.write('evidence.json', jwk) });

  beforeAll(async () => {
    await hub.start();
    await database.create();
    await federation.init();
    federation.writeRoster([bank, other]);
    sut = await new HolderProcess(environment(allowed())).start();
  });
  afterAll(async () => {
    await sut?.stop();
    HolderProcess.killLeft();
    await hub.stop();
    await database.drop();
    federation.close();
  });

  const batchOf = () => federation.batch([randomUUID()], { blinding: 'additive' });
  /** A batch of baseline mode, turned into one of fast mode and signed as such, or not. */
  const fastRequest = (member: TestMember, points: Uint8Array, more: Partial<OprfRequest> = {}, signAs: 'fast' | 'baseline' = 'fast'): Uint8Array => {
    const request = decodeOprfRequest(federation.request(member, points, more));
    return encodeOprfRequest({ ...request, signature: signDetached(BATCH_TYP, batchStatement(request, sha256(points), signAs), signerOf(member.key)) }, 'fast');
  };
  const post = async (body: Uint8Array, url = sut.url): Promise<{ code: string | null; body: Uint8Array }> => {
    const answer = await fetch(`${url}${OPRF_CHECK_PATH}`, { method: 'POST', body: Buffer.from(body), headers: { 'content-type': OPRF_MEDIA_TYPE } });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return { code: answer.ok ? null : (JSON.parse(Buffer.from(bytes).toString()) as { code: string }).code, body: bytes };
  };
  const checkRequest = (member: TestMember, batchId: Uint8Array, element: Uint8Array, more: Partial<OprfRequest> = {}): Uint8Array => {
    const request = { ...decodeOprfRequest(federation.request(member, element, { batchId })), ...more };
    return encodeCheckRequest({ ...request, signature: signDetached(CHECK_TYP, checkStatement(request), signerOf(member.key)) });
  };
  const refusesAndKeepsState = async (send: () => Promise<{ code: string | null }>, code: string): Promise<void> => {
    const before = [await database.state(), await database.rows('select * from keyholder.fast_batch order by 1, 2')];
    expect((await send()).code).toBe(code);
    expect([await database.state(), await database.rows('select * from keyholder.fast_batch order by 1, 2')]).toEqual(before);
  };

  it('answers with a vector that it signed, and one check element for one unit', async () => {
    const { engine, dealt, hash } = federation;
    const { points, batchId } = batchOf();
    const before = await database.used(bank);
    const vector = decodeFastVector((await sut.post(fastRequest(bank, points, { batchId }))).body);
    const kappa = fastSecret(engine, dealt.shares[0]!.secret, 1, [1, 2]);
    expect(sameBytes(vector.points, engine.evaluate(kappa, points))).toBe(true);
    const key = verifierOf(federation.evidence[0]!);
    const statement = evaluationStatement({ manifestHash: hash, quorum: [1, 2], holderIndex: 1 }, 8, sha256(points), sha256(vector.points));
    expect(verifyDetached(EVALUATION_TYP, statement, key, vector.signature)).toBe(true);
    const element = engine.multiplyBase(fromBase64url(Buffer.alloc(32, 3).toString('base64url')));
    const answer = decodeCheckAnswer((await post(checkRequest(bank, batchId, element))).body);
    expect(engine.verify(engine.multiplyBase(kappa), element, answer.points, answer.proof)).toBe(true);
    expect(await database.used(bank)).toBe(before + 9);
  });
  it('refuses a check of a batch that it did not evaluate in fast mode, for this member, quorum and manifest', async () => {
    const { points, batchId } = batchOf();
    const element = points.slice(0, 32);
    await refusesAndKeepsState(() => post(checkRequest(bank, batchId, element)), 'STATE_CONFLICT');
    expect((await sut.post(federation.request(bank, points, { batchId }))).status).toBe(200);
    await refusesAndKeepsState(() => post(checkRequest(bank, batchId, element)), 'STATE_CONFLICT');
    expect((await sut.post(fastRequest(bank, points, { batchId }))).status).toBe(200);
    await refusesAndKeepsState(() => post(checkRequest(other, batchId, element)), 'STATE_CONFLICT');
    await refusesAndKeepsState(() => post(checkRequest(bank, batchId, element, { quorum: [1, 3] })), 'STATE_CONFLICT');
    await refusesAndKeepsState(() => post(checkRequest(bank, batchId, element, { manifestHash: new Uint8Array(32) })), 'STALE_MANIFEST');
    await refusesAndKeepsState(() => post(checkRequest(bank, batchId, new Uint8Array(32))), 'POINT_INVALID');
    await refusesAndKeepsState(() => post(checkRequest({ ...bank, key: generatePrivateJwk() }, batchId, element)), 'ROSTER_REFUSED');
    expect((await post(checkRequest(bank, batchId, element))).code).toBeNull();
  });
  it('refuses a batch that a relay turned from one mode into the other, and a check signed for another batch', async () => {
    await refusesAndKeepsState(() => sut.post(fastRequest(bank, batchOf().points, {}, 'baseline')), 'SIGNATURE_INVALID');
    const { points, batchId } = batchOf();
    expect((await sut.post(fastRequest(bank, points, { batchId }))).status).toBe(200);
    const turned = checkRequest(bank, uuidToBytes(randomUUID()), points.slice(0, 32));
    turned.set(batchId, 44);
    await refusesAndKeepsState(() => post(turned), 'SIGNATURE_INVALID');
  });
  it.each(['libsodium', 'kernel'])('answers in both modes with the engine %s, the same points, with proofs that hold', async (name) => {
    const { engine, dealt } = federation;
    const holder = await new HolderProcess(environment({ ...allowed(), TALLY_ENGINE: name })).start();
    try {
      expect(holder.output).not.toContain('engine.fell-back');
      const { points, batchId } = federation.batch(['+8613800000000']);
      const secret = partialSecret(engine, dealt.shares[0]!.secret, 1, [1, 2]);
      const proven = decodeOprfResponse((await holder.post(federation.request(bank, points, { batchId }))).body);
      expect(sameBytes(proven.points, engine.evaluate(secret, points))).toBe(true);
      expect(engine.verify(engine.multiplyBase(secret), points, proven.points, proven.proof)).toBe(true);
      const fast = batchOf();
      const kappa = fastSecret(engine, dealt.shares[0]!.secret, 1, [1, 2]);
      const vector = decodeFastVector((await holder.post(fastRequest(bank, fast.points, { batchId: fast.batchId }))).body);
      expect(sameBytes(vector.points, engine.evaluate(kappa, fast.points))).toBe(true);
      const element = fast.points.slice(0, 32);
      const answer = decodeCheckAnswer((await post(checkRequest(bank, fast.batchId, element), holder.url)).body);
      expect(engine.verify(engine.multiplyBase(kappa), element, answer.points, answer.proof)).toBe(true);
      const refused = points.slice();
      refused.set(new Uint8Array(32).fill(255), 32);
      expect((await holder.post(federation.request(bank, refused))).code).toBe('POINT_INVALID');
    } finally {
      await holder.stop();
    }
  });
  it('forgets batches that are older than thirty days, in slices, when it starts; the others are checked as before', async () => {
    const kept = batchOf();
    expect((await sut.post(fastRequest(bank, kept.points, { batchId: kept.batchId }))).status).toBe(200);
    const old = batchOf();
    expect((await sut.post(fastRequest(bank, old.points, { batchId: old.batchId }))).status).toBe(200);
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    await database.rows(`update keyholder.fast_batch set first_at = now() - interval '29 days' where batch_id = '\\x${hex(kept.batchId)}'`);
    await database.rows(`update keyholder.fast_batch set first_at = now() - interval '31 days' where batch_id = '\\x${hex(old.batchId)}'`);
    await database.rows(`insert into keyholder.fast_batch select gen_random_uuid(), '\\x${hex(old.batchId)}', '\\x${'00'.repeat(32)}', 3, now() - interval '40 days' from generate_series(1, 10000)`);
    const again = await new HolderProcess(environment(allowed())).start();
    expect(again.output).toContain('"batches":10001,"event":"fast-batches.forgotten"');
    await again.stop();
    expect((await post(checkRequest(bank, kept.batchId, kept.points.slice(0, 32)))).code).toBeNull();
    await refusesAndKeepsState(() => post(checkRequest(bank, old.batchId, old.points.slice(0, 32))), 'STATE_CONFLICT');
  });
  it('refuses fast mode unless its operator allows it, and charges nothing', async () => {
    const usual = await new HolderProcess(environment()).start();
    const { points, batchId } = batchOf();
    await refusesAndKeepsState(() => usual.post(fastRequest(bank, points, { batchId })), 'POLICY_FORBIDS');
    await refusesAndKeepsState(() => post(checkRequest(bank, batchId, points.slice(0, 32)), usual.url), 'POLICY_FORBIDS');
    await usual.stop();
  });
  it('does not start in fast mode without an evidence key that is pinned for it', async () => {
    for (const more of [{ TALLY_FAST_MODE: 'allowed' }, allowed(federation.evidence[1]!), allowed(generatePrivateJwk())]) {
      const refused = await new HolderProcess(environment(more)).start();
      await refused.stop();
      expect([refused.url, refused.output]).toEqual(['', expect.stringContaining('evidence key')]);
    }
  });
});
