import { randomUUID } from 'node:crypto';
import { acceptAnswers, generatePrivateJwk, type HolderAnswer, manifestHash, outputAt } from '#crypto';
import { canonicalBytes, type Json } from '#kernel';
import { decodeOprfResponse, groupKeyOf, uuidToBytes } from '#protocol';
import { aMember, FakeHubStatus, HolderDatabase, HolderFederation, HolderProcess, until } from './holder-federation.js';

describe('key-holder', () => {
  const federation = new HolderFederation();
  const hub = new FakeHubStatus();
  const databases = [new HolderDatabase(), new HolderDatabase()];
  const [bank, poor, suspended] = [aMember(), aMember(12), aMember()];
  let holders: HolderProcess[];
  let sut: HolderProcess;
  const ledger = databases[0]!;

  beforeAll(async () => {
    await federation.init();
    await hub.start();
    federation.writeRoster([bank, poor, suspended]);
    for (const database of databases) await database.create();
    holders = await Promise.all(databases.map((database, i) => new HolderProcess(HolderProcess.environment(federation, i + 1, database, hub)).start()));
    sut = holders[0]!;
    expect(sut.output).toContain('app.ready');
  });
  afterAll(async () => {
    for (const holder of holders ?? []) await holder.stop();
    HolderProcess.killLeft();
    await hub.stop();
    for (const database of databases) await database.drop();
    federation.close();
  });
  beforeEach(() => until(async () => (await fetch(`${sut.url}/health/ready`)).status === 200));

  const points = (...values: string[]): Uint8Array => federation.batch(values.length === 0 ? [randomUUID()] : values).points;
  const refusesAndKeepsState = async (body: Uint8Array, code: string): Promise<void> => {
    const before = await ledger.state();
    expect((await sut.post(body)).code).toBe(code);
    expect(await ledger.state()).toEqual(before);
  };

  it('answers a signed batch with proofs that a member accepts, and the outputs are those of the whole key', async () => {
    const batch = federation.batch(['+8613800000000', '+8613800000001', '+8613800000000']);
    const body = federation.request(bank, batch.points, { batchId: batch.batchId });
    const answers: HolderAnswer[] = [];
    for (const holder of holders) {
      const { holderIndex, points: evaluated, proof } = decodeOprfResponse((await holder.post(body)).body);
      answers.push({ holderIndex, evaluated, proof });
    }
    const outputs = acceptAnswers(federation.engine, { batch, holders: groupKeyOf(federation.manifest).holders, quorum: [1, 2], answers });
    expect(outputAt(outputs, 2)).toEqual(outputAt(outputs, 0));
    expect(outputAt(outputs, 1)).not.toEqual(outputAt(outputs, 0));
    const swapped = [{ ...answers[0]!, proof: answers[1]!.proof }, answers[1]!];
    expect(() => acceptAnswers(federation.engine, { batch, holders: groupKeyOf(federation.manifest).holders, quorum: [1, 2], answers: swapped }))
      .toThrow(expect.objectContaining({ code: 'PROOF_INVALID', fields: { holder: 1 } }));
  });

  it('refuses an identity that the hub minted: no roster entry, no evaluation', async () => {
    await refusesAndKeepsState(federation.request(aMember(), points()), 'ROSTER_REFUSED');
  });
  it('refuses a key that the roster does not give to the member', async () => {
    await refusesAndKeepsState(federation.request({ ...bank, key: generatePrivateJwk() }, points()), 'ROSTER_REFUSED');
  });
  it('refuses a relayed batch without the member\'s signature, or signed by the relay', async () => {
    await refusesAndKeepsState(federation.request(bank, points(), { signature: null }), 'SIGNATURE_INVALID');
    await refusesAndKeepsState(federation.request(bank, points(), { signKey: generatePrivateJwk() }), 'SIGNATURE_INVALID');
  });
  it('refuses a signed batch in which a relay changed anything that is signed', async () => {
    const body = federation.request(bank, points());
    for (const at of [61, 62, 44, 64 + 3, 112 + 7, 120 + 1]) {
      const changed = body.slice();
      changed[at] = at === 62 ? 3 : (changed[at] as number) ^ 1;
      expect(['SIGNATURE_INVALID', 'ROSTER_REFUSED', 'BAD_INPUT']).toContain((await sut.post(changed)).code);
    }
  });

  it.each([
    ['the identity', '00'.repeat(32)],
    ['a negative encoding', `01${'00'.repeat(31)}`],
    ['an encoding above the field', 'ed'.padEnd(62, 'f').concat('7f')],
  ])('refuses %s before anything is charged', async (_, encoding) => {
    const mixed = points().slice();
    mixed.set(Buffer.from(encoding, 'hex'), 64);
    await refusesAndKeepsState(federation.request(bank, mixed), 'POINT_INVALID');
  });

  it('refuses one batch id with other bytes', async () => {
    const batchId = uuidToBytes(randomUUID());
    expect((await sut.post(federation.request(bank, points(), { batchId }))).status).toBe(200);
    await refusesAndKeepsState(federation.request(bank, points(), { batchId }), 'BATCH_ID_REUSED');
  });

  it('refuses a member on the hub\'s status list, and takes it back when it is lifted', async () => {
    expect((await sut.post(federation.request(suspended, points()))).status).toBe(200);
    hub.suspended = [suspended.memberId];
    await until(async () => (await sut.post(federation.request(suspended, points()))).code === 'MEMBER_SUSPENDED');
    await refusesAndKeepsState(federation.request(suspended, points()), 'MEMBER_SUSPENDED');
    expect((await sut.post(federation.request(bank, points()))).status).toBe(200);
    hub.suspended = [];
    await until(async () => (await sut.post(federation.request(suspended, points()))).status === 200);
  });
  it('refuses everybody when the status list is stale or signed by somebody else', async () => {
    const stale = async (): Promise<boolean> => (await sut.post(federation.request(bank, points()))).code === 'STATUS_STALE';
    hub.livesMs = 300;
    await until(async () => { hub.down = true; return stale(); });
    await refusesAndKeepsState(federation.request(bank, points()), 'STATUS_STALE');
    expect((await fetch(`${sut.url}/health/ready`)).status).toBe(503);
    hub.signWith = generatePrivateJwk();
    hub.down = false;
    await new Promise((resolve) => { setTimeout(resolve, 500); });
    expect(await stale()).toBe(true);
    hub.signWith = hub.key;
    hub.livesMs = 60_000; // longer than a list may live
    await new Promise((resolve) => { setTimeout(resolve, 500); });
    expect(await stale()).toBe(true);
    hub.livesMs = 5_000;
    await until(async () => !(await stale()));
  });

  it('answers STALE_MANIFEST to another manifest', async () => {
    await refusesAndKeepsState(federation.request(bank, points(), { manifestHash: new Uint8Array(32) }), 'STALE_MANIFEST');
  });
  it('refuses quorums it is not part of, too small, too large or with unknown holders', async () => {
    for (const quorum of [[2, 3], [1], [1, 2, 3], [1, 9]]) await refusesAndKeepsState(federation.request(bank, points(), { quorum }), 'BAD_INPUT');
  });
  it('refuses bodies that are too large, cut short or of another type', async () => {
    expect((await sut.post(new Uint8Array(200_000))).code).toBe('PAYLOAD_TOO_LARGE');
    await refusesAndKeepsState(federation.request(bank, points()).subarray(1), 'BAD_INPUT');
    expect((await sut.post(federation.request(bank, points()), 'application/octet-stream')).code).toBe('BAD_INPUT');
  });

  it('admits whom a newer roster names, without a restart, and never goes back to an older one', async () => {
    const newcomer = aMember();
    await refusesAndKeepsState(federation.request(newcomer, points()), 'ROSTER_REFUSED');
    federation.writeRoster([bank, poor, suspended, newcomer], { serial: 1_000 });
    await until(async () => (await sut.post(federation.request(newcomer, points()))).status === 200);
    federation.writeRoster([bank], { serial: 999 });
    await until(async () => sut.output.includes('roster.refused'));
    expect((await sut.post(federation.request(newcomer, points()))).status).toBe(200);
    federation.writeRoster([bank, newcomer, aMember()], { serial: 1_001, signers: [3] });
    await until(async () => sut.output.split('roster.refused').length === 3);
    expect((await sut.post(federation.request(newcomer, points()))).status).toBe(200);
  });

  it('takes over a newer manifest without a restart, answers for the one before, and refuses one with a key off the polynomial', async () => {
    const original = federation.hash;
    const send = (manifestHash: Uint8Array) => sut.post(federation.request(bank, points(), { manifestHash }));
    const rogue = groupKeyOf(federation.manifest).holders.map(({ index }) => ({ ...federation.manifest.holders[index - 1]!, publicKey: federation.manifest.publicKey }));
    federation.writeManifest({ ...federation.manifest, holders: [federation.manifest.holders[0]!, ...rogue.slice(1)] });
    await until(async () => Promise.resolve(sut.output.includes('manifest.refused')));
    expect((await send(original)).status).toBe(200);
    const extended = { ...federation.manifest, validUntil: new Date(Date.now() + 7_200_000).toISOString() };
    federation.writeManifest(extended);
    const next = manifestHash(canonicalBytes(extended as unknown as Json));
    await until(async () => (await send(next)).status === 200);
    expect((await send(original)).status).toBe(200);
  });

  it('serves the manifest to anybody, health and metrics, and nothing else: neither share nor the list of members', async () => {
    const json = async (route: string): Promise<{ signatures: unknown[] }> => (await (await fetch(`${sut.url}${route}`)).json()) as { signatures: unknown[] };
    expect((await json('/manifest')).signatures).toHaveLength(3);
    const metrics = await (await fetch(`${sut.url}/metrics`)).text();
    expect(metrics).toMatch(/tally_keyholder_batches_total\{outcome="CHARGED"\} [1-9]/);
    expect(metrics).not.toContain(bank.memberId);
    for (const hidden of ['/share', '/roster']) expect((await fetch(`${sut.url}${hidden}`)).status).toBe(404);
  });

  it('logs no point, share or signature', async () => {
    const secret = (federation.dealt.shares[0]!).secret;
    for (const encoding of ['hex', 'base64url', 'base64'] as const) expect(sut.output).not.toContain(Buffer.from(secret).toString(encoding));
    expect(sut.output).toContain('batch.evaluated');
  });

  it('survives a database that drops its connections: at worst the caller is told to come back', async () => {
    await ledger.rows(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${ledger.name}' and application_name = 'tally-keyholder'`);
    const batch = points();
    const { status, code } = await sut.post(federation.request(bank, batch));
    expect([200, 503]).toContain(status);
    if (code !== null) expect(code).toBe('KEY_HOLDERS_UNAVAILABLE');
    await until(async () => (await sut.post(federation.request(bank, batch))).status === 200);
  });

  it('keeps what it charged over a restart', async () => {
    expect((await sut.post(federation.request(poor, points()))).status).toBe(200); // 8 points: ceil(12 * 2 / 3)
    const used = await ledger.used(poor);
    expect(used).toBe(8);
    federation.writeRoster([bank, poor], { serial: 2_000 });
    federation.writeManifest(federation.manifest);
    const restarted = await new HolderProcess(HolderProcess.environment(federation, 1, ledger, hub)).start();
    expect((await restarted.post(federation.request(poor, points()))).code).toBe('BUDGET_EXHAUSTED');
    expect(await ledger.used(poor)).toBe(used);
    expect(await restarted.stop()).toBe(0);
  });
});
