/**
 * The agent's side of a joint case against the real hub over HTTP: what it seals and signs, and what it refuses when the hub lies.
 * Only the credentials' way is short: the test mints tokens where an agent would ask the token server.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { approvalDigest, keyIdOf, publicJwk, type PrivateJwk } from '#crypto';
import { BuildPackageFlow } from '#flows/deliver-package';
import { DomainError, canonicalJson, type ErrorCode, type Json, type PackageId, type PartyId } from '#kernel';
import { Effects, Outbox } from '#platform/queue';
import { CasesClient, LiaisonClient, TrustedKeys, contribute, createHome, fingerprintOf, followCase, verifyPackage, type HubCase, type HubClient, type PartyHome, type RestRequest } from '#sdk';
import { aKey, aRun, plantOverlap, type WorldParty } from '#testing';
import { withHub, type TestParty } from '../../apps/hub/test/support/hub-under-test.js';

describe('joint case, agent against hub', () => {
  const hub = withHub();
  const folder = mkdtempSync(path.join(tmpdir(), 'tally-joint-case-'));
  const hubKey = aKey();
  let a: Agent;
  let b: Agent;
  let coordinator: Agent;
  let liaison: Agent;
  let build: BuildPackageFlow;

  class Agent {
    posts = 0;
    /** Changes what the hub answers on its way: a hub that lies. */
    lie: (answer: Record<string, unknown>) => Record<string, unknown> = (answer) => answer;
    readonly client: HubClient;
    readonly cases: CasesClient;

    constructor(readonly party: TestParty, readonly home: PartyHome) {
      this.client = { graphql: (query: string, variables: Record<string, unknown>) => this.graphql(query, variables), rest: (request: RestRequest) => this.rest(request) } as unknown as HubClient;
      this.cases = new CasesClient(home, this.client);
    }

    officer(index: number): PrivateJwk {
      return this.party.officers[index]!.key;
    }

    private async graphql(query: string, variables: Record<string, unknown>): Promise<unknown> {
      if (query.startsWith('mutation')) this.posts += 1;
      const { body } = await this.party.graphql(query, variables);
      const { data, errors } = body as { data?: Record<string, unknown>; errors?: { extensions: { code: ErrorCode } }[] };
      if (errors?.[0]) throw new DomainError(errors[0].extensions.code, 'hub');
      return this.lie(data!);
    }

    private async rest({ method, path: route, headers, body }: RestRequest): Promise<unknown> {
      if (method === 'POST') this.posts += 1;
      const answer = await this.party.request(method, route, { ...(headers === undefined ? {} : { headers: { ...headers } }), ...(body === undefined ? {} : { body }) });
      if (answer.status > 299) throw new DomainError((answer.body as { code: ErrorCode }).code, 'hub');
      return { status: answer.status, headers: answer.headers, bytes: Buffer.from(answer.text), json: () => answer.body };
    }
  }

  async function agent(role: 'member' | 'coordinator' | 'liaison', name: string): Promise<Agent> {
    const party = await hub.party(role, name);
    const home = createHome(path.join(folder, party.id), { partyId: party.id, role, name, nameZh: name, hubUrl: hub.url, authUrl: hub.url, keyHolders: [], federationId: 'f', hubId: 'h', officers: [] } as never);
    for (const [use, key] of Object.entries(party.keys)) writeFileSync(home.file('keys', `${use}.jwk.json`), JSON.stringify(key), { mode: 0o600 });
    const made = new Agent(party, home);
    writeFileSync(home.file('public.json'), JSON.stringify(publicFileOf(made)));
    return made;
  }

  const publicFileOf = ({ party }: Agent): never => ({
    subject: `party:${party.id}`, role: party.role, name: party.id, nameZh: party.id,
    keys: Object.entries(party.keys).map(([use, key]) => ({ use, kid: keyIdOf(key), jwk: publicJwk(key) })),
    officers: party.officers.map(({ id, name, kid, key }) => ({ id, name, kid, jwk: publicJwk(key) })),
  } as never);

  beforeAll(async () => {
    [a, b, coordinator, liaison] = [await agent('member', 'Bank A'), await agent('member', 'Bank B'), await agent('coordinator', 'Alliance'), await agent('liaison', 'Police')];
    const { system } = await hub.db.worker();
    build = new BuildPackageFlow(system, new Effects(system), new Outbox(), hubKey);
    const hubFile = { subject: 'hub', name: 'Hub', keys: [{ use: 'package', kid: keyIdOf(hubKey), jwk: publicJwk(hubKey) }], officers: [] } as never;
    const files = [hubFile, ...[a, b, coordinator, liaison].map(publicFileOf)];
    for (const one of [a, b, coordinator, liaison]) for (const file of files) one.home.trust.add(file, fingerprintOf(file), new Date());
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const waiting = async (): Promise<PackageId[]> => (await hub.db.admin<{ id: PackageId }>("select package_id as id from tally.package where state = 'BUILDING'")).map((row) => row.id);
  const buildAll = async (): Promise<void> => { for (const packageId of await waiting()) await build.handle({ packageId }, aRun()); };
  const evidence = (): { rows: never[]; files: string[]; handlingFloor: 'AMBER'; limitations: string[] } => {
    const file = path.join(folder, `${randomUUID()}.csv`);
    writeFileSync(file, 'row,value\n1,x\n');
    return { rows: [], files: [file], handlingFloor: 'AMBER', limitations: ['one source'] };
  };
  const openedCase = async (): Promise<HubCase> => {
    const [overlapId] = await plantOverlap(hub.db, [{ id: a.party.id }, { id: b.party.id }] as unknown as WorldParty[]);
    const { caseId } = await a.cases.propose({ liaisonId: liaison.party.id, category: 'TELECOM_FRAUD', purpose: 'CRIME_REPORTING', legalBasis: { code: 'PUBLIC_INTEREST', law: '', article: '' }, overlapIds: [overlapId!] }, a.officer(0));
    await b.cases.answer(caseId, 'JOIN');
    return b.cases.show(caseId);
  };
  const refused = async (code: ErrorCode, by: Agent, act: () => Promise<unknown>): Promise<void> => {
    const before = by.posts;
    await expect(act()).rejects.toMatchObject({ code });
    expect(by.posts).toBe(before); // nothing was sent
  };

  it('goes from a test package to an outcome that contributors verify themselves', async () => {
    const client = new LiaisonClient(liaison.home, liaison.client);
    const open = async (packageId: string): Promise<Awaited<ReturnType<typeof verifyPackage>>> => {
      const file = path.join(folder, `${packageId}.json`);
      await client.fetch(packageId, file);
      const verified = await verifyPackage(readFileSync(file), { agency: liaison.party.id, sealKey: liaison.party.keys.seal, trusted: await TrustedKeys.from(liaison.home.trust.list()) });
      client.remember(verified);
      return verified;
    };
    const { packageId: test } = await coordinator.cases.sendTestPackage(liaison.party.id);
    await buildAll();
    expect((await client.inbox({ waitSeconds: 5, all: false })).map((one) => one.packageId)).toEqual([test]);
    await open(test);
    for (const kind of ['RECEIVED', 'OPENED', 'ACCEPTED'] as const) await client.receipt(test, kind, { officerReference: 'P', reason: '' });

    const one = await openedCase();
    for (const member of [a, b]) await contribute(member.home, member.client, await member.cases.show(one.id), evidence(), member.officer(0));
    await a.cases.approve(one.id, a.officer(1));
    const { packageId } = await coordinator.cases.approve(one.id, coordinator.officer(0));
    await buildAll();
    expect((await client.inbox({ waitSeconds: 5, all: false })).map((entry) => entry.packageId)).toEqual([packageId]);
    const verified = await open(packageId!);
    expect(verified.contributions.map(({ payload }) => payload.member).sort()).toEqual([a.party.id, b.party.id].sort());
    await client.receipt(packageId!, 'RECEIVED', { officerReference: 'P-7', reason: '' });
    expect(await client.receipt(packageId!, 'ACCEPTED', { officerReference: 'P-7', reason: '' })).toMatchObject({ state: 'ACCEPTED' });
    await client.outcome(packageId!, 'PERSONS_HELD', { persons: 2, amountCny: null, reference: 'X' });
    for (const member of [a, b]) {
      const seen = await member.cases.show(one.id);
      const followed = await followCase(member.home, seen);
      expect(followed).toMatchObject({ receipts: [{ kind: 'RECEIVED' }, { kind: 'ACCEPTED' }], outcomes: [{ kind: 'PERSONS_HELD', persons: 2 }], opened: [seen.ownContributions[0]!.id] });
    }
  });

  it('goes on with a fetch that was cut off', async () => {
    const client = new LiaisonClient(liaison.home, liaison.client);
    const { packageId } = await coordinator.cases.sendTestPackage(liaison.party.id);
    await buildAll();
    const file = path.join(folder, 'cut.json');
    await client.fetch(packageId, file);
    const whole = readFileSync(file);
    writeFileSync(`${file}.part`, whole);
    truncateSync(`${file}.part`, 1000);
    rmSync(file);
    await client.fetch(packageId, file);
    expect(readFileSync(file).equals(whole)).toBe(true);
    renameSync(file, `${file}.part`); // killed before it was moved to its place
    await expect(client.fetch(packageId, file)).resolves.toMatchObject({ size: whole.length });
    expect(readFileSync(file).equals(whole)).toBe(true);
    writeFileSync(`${file}.part`, Buffer.alloc(1000, 'x'));
    await expect(client.fetch(packageId, path.join(folder, 'cut.json'))).rejects.toMatchObject({ code: expect.stringMatching(/DIGEST_MISMATCH|PACKAGE_INVALID/) as string });
    await expect(client.fetch(packageId, file)).resolves.toMatchObject({ size: whole.length });
  });

  it('seals nothing under the name of an officer of another party', async () => {
    const one = await openedCase();
    for (const stranger of [a, coordinator]) await refused('KEY_NOT_TRUSTED', b, () => contribute(b.home, b.client, one, evidence(), stranger.officer(0)));
    expect(existsSync(b.home.file('cases', one.id))).toBe(false);
  });

  it('seals nothing and signs nothing when the hub serves its own key as the liaison’s', async () => {
    const one = await openedCase();
    const own = aKey();
    const kid = keyIdOf(own);
    const recipients = [{ agency: liaison.party.id, key: kid }];
    await hub.db.admin('update tally.joint_case set recipients = $2 where case_id = $1', [one.id, JSON.stringify(recipients)]);
    await hub.db.admin("insert into directory.party_key (party_id, kid, use, jwk) values ($1, $2, 'seal', $3)", [liaison.party.id, kid, JSON.stringify(publicJwk(own))]);
    const shown = await b.cases.show(one.id);
    expect(shown.recipients).toEqual(recipients);
    await refused('KEY_NOT_TRUSTED', b, () => contribute(b.home, b.client, shown, evidence(), b.officer(0)));
    expect(existsSync(b.home.file('cases', one.id))).toBe(false);
    await hub.db.admin("insert into tally.contribution (party_id, case_id, contribution_id, handling_floor, facets, size, sha256, ciphertext) values ($1, $2, $3, 'AMBER', $4, 1, $5, 'x')",
      [b.party.id, one.id, randomUUID(), JSON.stringify({ kinds: [], evidence: ['DOCUMENTS'], items: 1 }), 'a'.repeat(64)]);
    for (const by of [a, coordinator]) await refused('KEY_NOT_TRUSTED', by, () => by.cases.approve(one.id, by.officer(1)));
    const stranger = await agent('member', 'Bank D'); // has pinned nobody
    await refused('KEY_NOT_TRUSTED', stranger, () => stranger.cases.propose({ liaisonId: liaison.party.id, category: 'TELECOM_FRAUD', purpose: 'CRIME_REPORTING',
      legalBasis: { code: 'PUBLIC_INTEREST', law: '', article: '' }, overlapIds: [randomUUID()] }, stranger.officer(0)));
  });

  it('signs nothing when the hub turns a case to another liaison, though that one is pinned too', async () => {
    const one = await openedCase();
    const other = await agent('liaison', 'Police elsewhere');
    const file = publicFileOf(other);
    for (const by of [a, coordinator]) by.home.trust.add(file, fingerprintOf(file), new Date());
    await hub.db.admin('update tally.joint_case set liaison_id = $2, recipients = $3 where case_id = $1',
      [one.id, other.party.id, JSON.stringify([{ agency: other.party.id, key: keyIdOf(other.party.keys.seal) }])]);
    await hub.db.admin("insert into tally.contribution (party_id, case_id, contribution_id, handling_floor, facets, size, sha256, ciphertext) values ($1, $2, $3, 'AMBER', $4, 1, $5, 'x')",
      [b.party.id, one.id, randomUUID(), JSON.stringify({ kinds: [], evidence: ['DOCUMENTS'], items: 1 }), 'a'.repeat(64)]);
    for (const by of [a, coordinator]) await refused('DIGEST_MISMATCH', by, () => by.cases.approve(one.id, by.officer(1)));
    await hub.db.admin("update tally.case_proposal set jws = replace(jws, '.', '.e30') where case_id = $1", [one.id]);
    for (const by of [a, coordinator]) await refused('SIGNATURE_INVALID', by, () => by.cases.approve(one.id, by.officer(1)));
  });

  it('signs no digest but its own, of no payload but one that holds its contribution', async () => {
    const one = await openedCase();
    for (const member of [a, b]) await contribute(member.home, member.client, await member.cases.show(one.id), evidence(), member.officer(0));
    const lying = async (change: (payload: Record<string, Json>) => Record<string, Json>, fixDigest: boolean): Promise<void> => {
      a.lie = (answer) => {
        const shown = answer['jointCase'] as HubCase | undefined;
        if (!shown) return answer;
        const payload = change(JSON.parse(shown.approvable!.payload) as Record<string, Json>);
        const digest = fixDigest ? approvalDigest(payload) : shown.approvable!.digest;
        return { jointCase: { ...shown, approvable: { ...shown.approvable, payload: canonicalJson(payload), digest } } };
      };
      await refused('DIGEST_MISMATCH', a, () => a.cases.approve(one.id, a.officer(1)));
      a.lie = (answer) => answer;
    };
    await lying((payload) => ({ ...payload, handling: 'RED' }), false);
    await lying((payload) => ({ ...payload, contributions: (payload['contributions'] as Json[]).slice(1) }), true);
    await lying((payload) => ({ ...payload, case: randomUUID() }), true);
    await lying((payload) => ({ ...payload, purpose: 'FRAUD_PREVENTION' }), true);
    await expect(a.cases.approve(one.id, a.officer(1))).resolves.toMatchObject({ approvals: 1 });
  });

  it('believes no receipt that the pinned key did not sign', async () => {
    const [one] = await a.cases.list();
    const seen = await a.cases.show(one!.id);
    const forged = { ...seen, package: { ...seen.package!, receipts: [{ ...seen.package!.receipts[0]!, jws: seen.package!.receipts[0]!.jws.replace(/.{4}$/, 'AAAA') }] } };
    await expect(followCase(a.home, forged)).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
    expect(seen.participants.map(({ partyId }) => partyId as PartyId)).toContain(b.party.id);
  });
});
