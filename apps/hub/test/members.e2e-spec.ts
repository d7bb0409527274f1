import { verifyStatement } from '#crypto';
import { aRegisteredParty, aKey } from '#testing';
import { actOf, admission, aNewcomer, freshKey, signAct } from './support/acts.js';
import { withHub, type Answer, type TestParty } from './support/hub-under-test.js';

const PARTY = '{ id status policyVersion openAct { action signatures } }';
const PROPOSE = `mutation ($input: ProposeAdmissionInput!) { proposeAdmission(input: $input) ${PARTY} }`;
const act = (name: string): string => `mutation ($input: SignedActInput!) { ${name}(input: $input) ${PARTY} }`;

describe('members', () => {
  const hub = withHub();
  let coordinator: TestParty;
  let member: TestParty;
  beforeAll(async () => {
    coordinator = await hub.party('coordinator');
    member = await hub.party('member');
  });

  const codeOf = ({ body }: Answer): string => (body as { errors?: { extensions: { code: string } }[] }).errors?.[0]?.extensions.code ?? JSON.stringify(body);
  const officer = (index: number) => coordinator.officers[index] ?? (() => { throw new Error('no officer'); })();
  const send = (name: string, jws: string, key = freshKey()) => coordinator.graphql(act(name), { input: { jws, idempotencyKey: key } });
  const propose = (publicFile: string, jws: string, key = freshKey()) => coordinator.graphql(PROPOSE, { input: { publicFile, jws, idempotencyKey: key } });
  const snapshot = () => hub.db.admin('select (select jsonb_agg(p order by p.id) from directory.party p) as parties, (select count(*) from directory.act_signature) as signatures, (select count(*) from directory.party_key) as keys');

  it('admits a party by two different officers, who can then call', async () => {
    const newcomer = await aNewcomer();
    const statement = admission(newcomer);
    const proposed = await propose(newcomer.publicFile, await signAct(statement, officer(0).key));
    expect(proposed.body).toEqual({ data: { proposeAdmission: { id: newcomer.record.id, status: 'PENDING', policyVersion: 1, openAct: { action: 'ADMIT', signatures: 1 } } } });
    const caller = await hub.as(newcomer.record);
    expect(codeOf(await caller.graphql('{ me { partyId } }'))).toBe('UNAUTHENTICATED');
    const approved = await send('approveAdmission', await signAct(statement, officer(1).key));
    expect(approved.body).toEqual({ data: { approveAdmission: { id: newcomer.record.id, status: 'ACTIVE', policyVersion: 1, openAct: null } } });
    expect((await caller.graphql('{ me { partyId } }')).body).toEqual({ data: { me: { partyId: newcomer.record.id } } });
  });

  it('refuses the same officer twice, an officer of a member, another digest, another federation; nothing changes', async () => {
    const newcomer = await aNewcomer();
    const statement = admission(newcomer);
    await propose(newcomer.publicFile, await signAct(statement, officer(0).key));
    const before = await snapshot();
    const memberOfficer = member.officers[0] ?? officer(0);
    expect(codeOf(await send('approveAdmission', await signAct(statement, officer(0).key)))).toBe('FOUR_EYES_REQUIRED');
    expect(codeOf(await send('approveAdmission', await signAct(statement, memberOfficer.key)))).toBe('FORBIDDEN');
    expect(codeOf(await send('approveAdmission', await signAct({ ...statement, digest: 'A'.repeat(43) }, officer(1).key)))).toBe('DIGEST_MISMATCH');
    expect(codeOf(await send('approveAdmission', await signAct({ ...statement, federation: 'other' }, officer(1).key)))).toBe('DIGEST_MISMATCH');
    expect(codeOf(await send('approveAdmission', await signAct(statement, aKey())))).toBe('FORBIDDEN');
    const genuine = await signAct(statement, officer(1).key);
    expect(codeOf(await send('approveAdmission', `${genuine.slice(0, -4)}AAAA`))).toBe('SIGNATURE_INVALID');
    expect(await snapshot()).toEqual(before);
  });

  it('refuses a file that is not what was signed, and a key that is registered already', async () => {
    const [signed, other] = [await aNewcomer(), await aNewcomer()];
    const before = await snapshot();
    expect(codeOf(await propose(other.publicFile, await signAct(admission(signed), officer(0).key)))).toBe('DIGEST_MISMATCH');
    const stolen = JSON.parse(other.publicFile) as { keys: object[] };
    stolen.keys = (JSON.parse(signed.publicFile) as { keys: { kid: string }[] }).keys.map((key) => ({ ...key, kid: 'A'.repeat(43) }));
    expect(codeOf(await propose(JSON.stringify(stolen), await signAct(admission(other), officer(0).key)))).toBe('BAD_INPUT');
    expect(await snapshot()).toEqual(before);
    await propose(signed.publicFile, await signAct(admission(signed), officer(0).key));
    expect(codeOf(await propose(signed.publicFile, await signAct(admission(signed), officer(1).key)))).toBe('ALREADY_EXISTS');
  });

  it('answers a repeated key with the same result and refuses it for another request', async () => {
    const [one, two] = [await aNewcomer(), await aNewcomer()];
    const key = freshKey();
    const jws = await signAct(admission(one), officer(0).key);
    const first = await propose(one.publicFile, jws, key);
    expect((await propose(one.publicFile, jws, key)).body).toEqual(first.body);
    expect(codeOf(await propose(two.publicFile, await signAct(admission(two), officer(0).key), key))).toBe('IDEMPOTENCY_MISMATCH');
  });

  it('suspends at once and lifts by two; an old statement or token does not work again', async () => {
    const bank = await hub.party('member');
    const token = await bank.token();
    expect((await bank.graphql('{ me { partyId } }')).status).toBe(200);
    const suspension = await signAct(actOf('SUSPEND', bank.id), officer(0).key);
    expect((await send('suspendParty', suspension)).body).toMatchObject({ data: { suspendParty: { status: 'SUSPENDED', policyVersion: 2 } } });
    expect(codeOf(await bank.graphql('{ me { partyId } }'))).toBe('MEMBER_SUSPENDED');
    expect(await statusList()).toContain(bank.id);
    const reviews = async (): Promise<number> => (await hub.db.admin("select 1 from platform.outbox where job = 'overlaps.standing' and payload = $1", [JSON.stringify({ memberId: bank.id })])).length;
    expect(await reviews()).toBe(1);

    const lift = actOf('LIFT', bank.id, { policyVersion: 2 });
    expect((await send('liftSuspension', await signAct(lift, officer(0).key))).body).toMatchObject({ data: { liftSuspension: { status: 'SUSPENDED', openAct: { action: 'LIFT', signatures: 1 } } } });
    expect(codeOf(await send('liftSuspension', await signAct(lift, officer(0).key)))).toBe('FOUR_EYES_REQUIRED');
    expect((await send('liftSuspension', await signAct(lift, officer(1).key))).body).toMatchObject({ data: { liftSuspension: { status: 'ACTIVE', policyVersion: 3 } } });
    expect(await reviews()).toBe(2);

    expect(codeOf(await send('suspendParty', suspension))).toBe('STATE_CONFLICT');
    expect(codeOf(await bank.graphql('{ me { partyId } }'))).toBe('UNAUTHENTICATED');
    expect((await bank.graphql('{ me { partyId } }', {}, { claims: { tally_policy: 3 } })).status).toBe(200);
    expect(token).toBeTruthy();
  });

  it('does not let a coordinator suspend itself', async () => {
    expect(codeOf(await send('suspendParty', await signAct(actOf('SUSPEND', coordinator.id), officer(0).key)))).toBe('POLICY_FORBIDS');
  });

  it('lists parties by page to coordinators only', async () => {
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const { body } = await coordinator.graphql('query ($after: String) { parties(first: 2, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }', { after });
      const page = (body as { data: { parties: { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } }).data.parties;
      seen.push(...page.edges.map(({ node }) => node.id));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    const [total] = await hub.db.admin<{ count: string }>('select count(*) from directory.party');
    expect(seen).toHaveLength(Number(total?.count));
    expect(new Set(seen).size).toBe(seen.length);
    expect(codeOf(await member.graphql('{ parties { edges { node { id } } } }'))).toBe('FORBIDDEN');
  });

  it('serves public keys of an admitted party and treats pending and unknown alike', async () => {
    const query = 'query ($id: UUID!) { partyKeys(partyId: $id) { kid use } }';
    expect((await member.graphql(query, { id: coordinator.id })).body).toMatchObject({ data: { partyKeys: [{ use: 'AUTH' }, { use: 'EVIDENCE' }, { use: 'SEAL' }] } });
    const pending = await aRegisteredParty('member').pending().in((sql, params) => hub.db.admin(sql, params));
    expect(codeOf(await member.graphql(query, { id: pending.id }))).toBe('NOT_FOUND');
    expect(codeOf(await member.graphql(query, { id: freshKey() }))).toBe('NOT_FOUND');
  });

  async function statusList(): Promise<readonly string[]> {
    await new Promise((resolve) => { setTimeout(resolve, 600); });
    const { text, status } = await hub.anonymous('GET', '/v1/status-list');
    expect(status).toBe(200);
    const { payload } = await verifyStatement('tally-status+1', text, hub.statusKey);
    expect(Date.parse(payload['expiresAt'] as string) - Date.parse(payload['issuedAt'] as string)).toBe(5000);
    expect(payload['cluster']).toMatch(/^\d+$/);
    return payload['suspended'] as string[];
  }
});
