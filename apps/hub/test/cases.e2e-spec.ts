import { randomUUID } from 'node:crypto';
import { approvalDigest, keyIdOf, publicJwk, sealContribution, signStatement } from '#crypto';
import type { Json, PackageId } from '#kernel';
import { BuildPackageFlow } from '#flows/deliver-package';
import { Effects, Outbox } from '#platform/queue';
import { aKey, aRun, plantOverlap } from '#testing';
import { withHub, type Answer, type TestParty } from './support/hub-under-test.js';

const CASE = `id state part invitation asked joined liaisonId packageId recipients { agency key } participants { partyId part } approvable { payload digest approvals { side } }
  ownContributions { id sha256 } package { id state digest receipts { kind } outcomes { kind } }`;

describe('joint cases over HTTP', () => {
  const hub = withHub();
  let a: TestParty;
  let b: TestParty;
  let outsider: TestParty;
  let coordinator: TestParty;
  let liaison: TestParty;
  let build: BuildPackageFlow;
  beforeAll(async () => {
    [a, b, outsider] = [await hub.party('member', 'Bank A'), await hub.party('member', 'Bank B'), await hub.party('member', 'Bank C')];
    coordinator = await hub.party('coordinator');
    liaison = await hub.party('liaison');
    const { system } = await hub.db.worker();
    build = new BuildPackageFlow(system, new Effects(system), new Outbox(), aKey());
  });

  const mutate = async (by: TestParty, name: string, type: string, input: object, answer: string): Promise<Answer> =>
    by.graphql(`mutation ($input: ${type}!) { ${name}(input: $input) ${answer} }`, { input: { idempotencyKey: randomUUID(), ...input } });
  const codeOf = ({ body }: Answer): string => (body as { errors?: { extensions: { code: string } }[] }).errors?.[0]?.extensions.code ?? (body as { code?: string }).code ?? JSON.stringify(body);
  const read = async (by: TestParty, id: string): Promise<Answer> => by.graphql(`query ($id: UUID!) { jointCase(id: $id) { ${CASE} } }`, { id });
  const now = (): string => new Date().toISOString();
  const recipients = (): { agency: string; key: string }[] => [{ agency: liaison.id, key: keyIdOf(liaison.keys.seal) }];
  const world = (party: TestParty): never => ({ id: party.id } as never);

  const propose = async (): Promise<string> => {
    const [overlapId] = await plantOverlap(hub.db, [world(a), world(b)]);
    const caseId = randomUUID();
    const statement = { v: 1, case: caseId, lead: a.id, category: 'TELECOM_FRAUD', purpose: 'CRIME_REPORTING', legalBasis: { code: 'PUBLIC_INTEREST', law: '', article: '' }, liaison: liaison.id, time: now() };
    const answer = await mutate(a, 'proposeCase', 'ProposeCaseInput', { jws: await signStatement('tally-proposal+1', statement, a.officers[0]!.key), overlapIds: [overlapId], recipients: recipients() }, '{ caseId }');
    expect(answer.body).toEqual({ data: { proposeCase: { caseId } } });
    return caseId;
  };
  const contribution = async (caseId: string, by: TestParty): Promise<object> => {
    const id = randomUUID();
    const facets = { kinds: ['phone'], evidence: ['INDICATORS'], items: 1 };
    const jwe = await sealContribution({ id } as Json, { evidence: by.keys.evidence, officer: by.officers[0]!.key }, [publicJwk(liaison.keys.seal)]);
    return { id, handlingFloor: 'AMBER', facets, jwe };
  };
  const receipt = async (packageId: string, kind: string, digest: string, previous: string | null, openings: object[] = []): Promise<Answer> => {
    const statement = { v: 1, id: randomUUID(), package: packageId, digest, kind, previous, officerReference: 'P', reason: '', time: now(), openings };
    return liaison.json('POST', '/v1/liaison/receipts', { jws: await signStatement('tally-receipt+1', statement as unknown as Json, liaison.keys.evidence) });
  };

  it('a test package goes out, is fetched by range and accepted', async () => {
    const sent = await mutate(coordinator, 'sendTestPackage', 'SendTestPackageInput', { liaisonId: liaison.id }, '{ packageId }');
    const { packageId } = (sent.body as { data: { sendTestPackage: { packageId: string } } }).data.sendTestPackage;
    await build.handle({ packageId: packageId as PackageId }, aRun());
    const inbox = await liaison.json('GET', '/v1/liaison/inbox?wait=5');
    expect(inbox.body).toMatchObject({ entries: [{ kind: 'OFFERED', packageId, packageKind: 'TEST' }], cursor: expect.any(String) as string });
    const whole = await liaison.request('GET', `/v1/liaison/packages/${packageId}`);
    const { digest } = whole.body as { digest: string };
    expect(whole.headers.get('etag')).toBe(`"${digest}"`);
    const part = await liaison.request('GET', `/v1/liaison/packages/${packageId}`, { headers: { range: 'bytes=10-19' } });
    expect([part.status, part.text, part.headers.get('content-range')]).toEqual([206, whole.text.slice(10, 20), `bytes 10-19/${whole.text.length}`]);
    expect((await liaison.request('GET', `/v1/liaison/packages/${packageId}`, { headers: { 'if-none-match': `"${digest}"` } })).status).toBe(304);
    expect((await liaison.request('GET', `/v1/liaison/packages/${packageId}`, { headers: { range: 'bytes=9999999-' } })).status).toBe(416);
    const first = await receipt(packageId, 'RECEIVED', digest, null);
    expect(first).toMatchObject({ status: 200, body: { state: 'RECEIVED' } });
    expect(await receipt(packageId, 'ACCEPTED', digest, (first.body as { sha256: string }).sha256)).toMatchObject({ body: { state: 'ACCEPTED' } });
  });

  it('a case goes from proposal to outcome', async () => {
    const caseId = await propose();
    expect((await read(b, caseId)).body).toMatchObject({ data: { jointCase: { state: 'PROPOSED', part: 'INVITED', invitation: 'ASKED', participants: [], approvable: null } } });
    await mutate(b, 'answerInvitation', 'AnswerInvitationInput', { caseId, answer: 'JOIN' }, '{ caseId }');
    for (const by of [a, b]) expect(await by.json('POST', `/v1/cases/${caseId}/contributions`, await contribution(caseId, by))).toMatchObject({ status: 200 });
    for (const [by, officer, approvals] of [[a, a.officers[1]!, 1], [coordinator, coordinator.officers[0]!, 2]] as const) {
      const { data } = (await read(by, caseId)).body as { data: { jointCase: { approvable: { payload: string; digest: string }; packageId: string; recipients: { agency: string; key: string }[] } } };
      const { approvable, packageId, recipients: to } = data.jointCase;
      expect(approvalDigest(JSON.parse(approvable.payload) as Record<string, Json>)).toBe(approvable.digest);
      const statement = { v: 1, case: caseId, package: packageId, digest: approvable.digest, recipients: to, purpose: 'CRIME_REPORTING', time: now() };
      const answer = await mutate(by, 'approveCase', 'ApproveCaseInput', { caseId, jws: await signStatement('tally-approval+1', statement, officer.key) }, '{ approvals packageId }');
      expect(answer.body).toMatchObject({ data: { approveCase: { approvals } } });
    }
    const [{ packageId }] = await hub.db.admin<{ packageId: PackageId }>('select package_id as "packageId" from tally.package where case_id = $1', [caseId]) as [{ packageId: PackageId }];
    await build.handle({ packageId }, aRun());
    const { digest } = (await liaison.request('GET', `/v1/liaison/packages/${packageId}`)).body as { digest: string };
    await receipt(packageId, 'RECEIVED', digest, null);
    const outcome = { v: 1, id: randomUUID(), package: packageId, kind: 'GANG_BROKEN', persons: 4, amountCny: null, reference: 'X', time: now() };
    expect(await liaison.json('POST', '/v1/liaison/outcomes', { jws: await signStatement('tally-outcome+1', outcome, liaison.keys.evidence) })).toMatchObject({ status: 200 });
    for (const by of [a, b]) {
      expect((await read(by, caseId)).body).toMatchObject({ data: { jointCase: { state: 'APPROVED', package: { state: 'RECEIVED', receipts: [{ kind: 'RECEIVED' }], outcomes: [{ kind: 'GANG_BROKEN' }] } } } });
    }
    const list = await liaison.graphql('{ packages { edges { node { id kind state } } } }');
    expect(JSON.stringify(list.body)).toContain(packageId);
  });

  it('is unknown to those without part', async () => {
    const caseId = await propose();
    expect(codeOf(await read(outsider, caseId))).toBe('NOT_FOUND');
    expect(codeOf(await read(outsider, randomUUID()))).toBe('NOT_FOUND');
    expect(codeOf(await mutate(outsider, 'answerInvitation', 'AnswerInvitationInput', { caseId, answer: 'JOIN' }, '{ caseId }'))).toBe('NOT_FOUND');
    expect((await outsider.json('POST', `/v1/cases/${caseId}/contributions`, await contribution(caseId, outsider))).status).toBe(404);
    expect(codeOf(await read(liaison, caseId))).toBe('FORBIDDEN');
    expect((await a.json('GET', '/v1/liaison/inbox')).status).toBe(403);
  });

  it('refuses junk on the liaison’s routes with one code', async () => {
    for (const route of ['inbox?cursor=x', 'inbox?limit=0', 'inbox?limit=x', 'inbox?wait=99', 'inbox?limit=1000']) {
      const answer = await liaison.json('GET', `/v1/liaison/${route}`);
      expect([400]).toContain(answer.status);
    }
    expect((await liaison.json('GET', '/v1/liaison/packages/x')).status).toBe(404);
    expect((await liaison.json('POST', '/v1/liaison/receipts', { jws: 'x' })).status).toBe(403);
    expect((await liaison.json('POST', '/v1/liaison/receipts', {})).status).toBe(400);
    expect((await a.json('POST', `/v1/cases/${randomUUID()}/contributions`, { id: randomUUID() })).status).toBe(422);
  });
});
