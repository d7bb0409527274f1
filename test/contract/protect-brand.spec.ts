/** Brands, alerts and warned tokens through the flows and the database that keeps members apart. */
import { randomBytes, randomUUID } from 'node:crypto';
import { openJson, publicJwk, sealJson, sealedText } from '#crypto';
import { AuditIntake } from '#domain/audit';
import { BrandsRepository, WarnedTokensRepository } from '#domain/brands';
import { CluesRepository, PublicationsRepository } from '#domain/clues';
import { Directory } from '#domain/members';
import { MatchingRepository, OverlapsRepository } from '#domain/overlaps';
import { BrandAlertsFlow, GiveWarnedTokensFlow, RegisterBrandFlow } from '#flows/protect-brand';
import { PublishCluesFlow } from '#flows/publish-clues';
import type { Actor } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { Outbox } from '#platform/queue';
import type { BrandStatement } from '#protocol';
import { aBrand, aClue, aRegisteredParty, signedBrand, tokenOf, withTestDatabase, type ClueWords, type TestPartyRecord } from '#testing';

const db = withTestDatabase();
const PAGE = { first: 100, after: null };
const key = (): string => randomUUID();
const actorOf = ({ id, role }: TestPartyRecord): Actor => ({ partyId: id, role, clientId: id, purpose: null });
const aMember = (): Promise<TestPartyRecord> => aRegisteredParty('member').in(db.admin);
async function flows() {
  const { tenant } = await db.app();
  return {
    tenant,
    register: new RegisterBrandFlow(tenant, new BrandsRepository(), new Directory(), new Idempotency(), new AuditIntake()),
    alerts: new BrandAlertsFlow(tenant, new BrandsRepository(), new Idempotency(), new AuditIntake()),
    warned: new GiveWarnedTokensFlow(tenant, new WarnedTokensRepository(), new Idempotency(), new AuditIntake()),
    publish: new PublishCluesFlow(tenant, new CluesRepository(), new PublicationsRepository(), new MatchingRepository(), new Idempotency(), new AuditIntake(), new Outbox()),
  };
}
async function registered(owner: TestPartyRecord, change: Partial<BrandStatement> = {}): Promise<BrandStatement> {
  const statement = aBrand(owner.id, change);
  await (await flows()).register.run(actorOf(owner), { idempotencyKey: key(), jws: await signedBrand(statement, owner.keys.evidence) });
  return statement;
}
async function anAlert(owner: TestPartyRecord, brandId: string, text = '{"v":1}') {
  return { idempotencyKey: key(), owner: owner.id, brandId, alertId: randomUUID(), sealed: sealedText(await sealJson(text, [publicJwk(owner.keys.seal)])) };
}
const code = (expected: string): Error => expect.objectContaining({ code: expected }) as Error;

describe(RegisterBrandFlow.name, () => {
  it('takes a statement that the member signed with its evidence key, and shows it to every active member as it was signed', async () => {
    const [owner, other] = [await aMember(), await aMember()];
    const statement = aBrand(owner.id);
    const jws = await signedBrand(statement, owner.keys.evidence);
    const { register, alerts } = await flows();
    expect(await register.run(actorOf(owner), { idempotencyKey: key(), jws })).toEqual({ brandId: statement.brand, revision: 1 });
    const { items } = await alerts.registry(actorOf(other), PAGE);
    expect(items.map(({ node }) => node)).toContainEqual({ owner: owner.id, brandId: statement.brand, revision: 1, withdrawn: false, statement: jws });
  });

  it('refuses another key, another type, another owner, an older revision and a brand too many', async () => {
    const [owner, other] = [await aMember(), await aMember()];
    const { register } = await flows();
    const send = async (statement: BrandStatement, by = owner, signer = owner.keys.evidence): Promise<unknown> => register.run(actorOf(by), { idempotencyKey: key(), jws: await signedBrand(statement, signer) });
    await expect(send(aBrand(owner.id), owner, other.keys.evidence)).rejects.toThrow(code('SIGNATURE_INVALID'));
    await expect(send(aBrand(owner.id), owner, owner.keys.auth)).rejects.toThrow(code('SIGNATURE_INVALID'));
    await expect(send(aBrand(owner.id), other, other.keys.evidence)).rejects.toThrow(code('FORBIDDEN'));
    await expect(send(aBrand(owner.id, { names: [], latin: [], domains: [] }))).rejects.toThrow(code('BAD_INPUT'));
    const second = aBrand(owner.id, { revision: 2 });
    await send(second);
    await expect(send({ ...second, revision: 1 })).rejects.toThrow(code('STATE_CONFLICT'));
    await expect(send({ ...second, names: ['别的名字'] })).rejects.toThrow(code('STATE_CONFLICT'));
    for (let n = 1; n < 20; n++) await send(aBrand(owner.id));
    await expect(send(aBrand(owner.id))).rejects.toThrow(code('LIMIT_EXCEEDED'));
  });

  it('shows no brand of a suspended member, and the registry to nobody but active members', async () => {
    const [owner, other, liaison] = [await aMember(), await aMember(), await aRegisteredParty('liaison').in(db.admin)];
    const { brand } = await registered(owner);
    const { alerts } = await flows();
    const ids = async (by: TestPartyRecord): Promise<string[]> => (await alerts.registry(actorOf(by), PAGE)).items.map(({ node }) => node.brandId);
    expect(await ids(other)).toContain(brand);
    expect(await ids(liaison)).toEqual([]);
    await db.admin("update directory.party set status = 'SUSPENDED' where id = $1", [owner.id]);
    expect(await ids(other)).not.toContain(brand);
  });
});

describe(BrandAlertsFlow.name, () => {
  it('gives the owner ciphertext that its key opens, an event, and nothing that tells who sent it', async () => {
    const [owner, reporter] = [await aMember(), await aMember()];
    const { brand } = await registered(owner);
    const { alerts, tenant } = await flows();
    const alert = await anAlert(owner, brand, '{"what":"星微众网络科技"}');
    await alerts.send(actorOf(reporter), alert);
    const received = (await alerts.received(actorOf(owner), PAGE)).items.map(({ node }) => node);
    expect(received).toEqual([{ alertId: alert.alertId, brandId: brand, sealed: alert.sealed, sentAt: expect.any(Date) as Date }]);
    expect(await openJson(JSON.parse(received[0]!.sealed), owner.keys.seal)).toBe('{"what":"星微众网络科技"}');
    expect(JSON.stringify(received)).not.toContain(reporter.id);
    const events = await tenant.run(actorOf(owner), (tx) => new OverlapsRepository().events(tx, PAGE));
    expect(events.items.map(({ node }) => [node.kind, node.subjectId])).toEqual([['BRAND_ALERT', alert.alertId]]);
    await expect(tenant.run(actorOf(owner), (tx) => tx.query('select reporter_id from tally.brand_alert'))).rejects.toThrow(/permission denied/);
    expect((await alerts.received(actorOf(reporter), PAGE)).items).toEqual([]);
    expect(await db.admin("select 1 from audit.intake where party_id = $1 and event ~ $2", [owner.id, reporter.id])).toEqual([]);
  });

  it('refuses a brand that is unknown, withdrawn or of a suspended member, a used id, clear text, and more than the day allows', async () => {
    const [owner, reporter] = [await aMember(), await aMember()];
    const { brand } = await registered(owner);
    const gone = await registered(owner);
    await registered(owner, { brand: gone.brand, revision: 2, withdrawn: true, names: [], latin: [], numbers: [], domains: [] });
    const { alerts } = await flows();
    const send = async (change: object, brandId = brand): Promise<unknown> => alerts.send(actorOf(reporter), { ...(await anAlert(owner, brandId)), ...change });
    await expect(send({}, randomUUID())).rejects.toThrow(code('NOT_FOUND'));
    await expect(send({}, gone.brand)).rejects.toThrow(code('NOT_FOUND'));
    await expect(send({ owner: reporter.id })).rejects.toThrow(code('NOT_FOUND'));
    await expect(send({ sealed: '{"value":"星微众网络科技"}' })).rejects.toThrow(code('PACKAGE_INVALID'));
    const alertId = randomUUID();
    await send({ alertId });
    await expect(send({ alertId })).rejects.toThrow(code('ALREADY_EXISTS'));
    await db.admin("update tally.network_rule set value = 2 where name = 'brand-alerts-per-day'");
    await send({});
    await expect(send({})).rejects.toThrow(code('QUOTA_EXHAUSTED'));
    await db.admin("update tally.network_rule set value = 500 where name = 'brand-alerts-per-day'");
    await db.admin("update directory.party set status = 'SUSPENDED' where id = $1", [owner.id]);
    await expect(send({})).rejects.toThrow(code('NOT_FOUND'));
  });
});

describe(GiveWarnedTokensFlow.name, () => {
  const give = async (by: TestPartyRecord, list: string, ...values: string[]): Promise<void> => {
    await (await flows()).warned.run(actorOf(by), { idempotencyKey: key(), list, epoch: 1, replace: true, tokens: values.map(tokenOf) });
  };
  const outcome = async (by: TestPartyRecord, ...clues: ClueWords[]): Promise<unknown[]> => (
    (await (await flows()).publish.run(actorOf(by), { idempotencyKey: key(), clues })).items.map(({ outcome: one, code: why }) => why ?? one));

  it('is in force when two members gave the same token, whoever publishes', async () => {
    const [a, b, c] = [await aMember(), await aMember(), await aMember()];
    await give(a, 'AUTHORITY', '110 of one');
    expect(await outcome(c, aClue({ on: '110 of one' }))).toEqual(['ACCEPTED']);
    await give(b, 'AUTHORITY', '110 of one', '119');
    expect(await outcome(b, aClue({ on: '110 of one' }), aClue({ on: '119' }), aClue({ on: '110 of one', role: 'IMPERSONATED' }))).toEqual(['POLICY_FORBIDS', 'ACCEPTED', 'ACCEPTED']);
  });

  it('lets what is a brand\'s own through for the impersonated only, and forgets with its members', async () => {
    const [a, b, c] = [await aMember(), await aMember(), await aMember()];
    await give(a, 'OWN', '95384');
    await give(b, 'OWN', '95384');
    const clues = (): ClueWords[] => (['AGENT', 'SUSPECT', 'VICTIM'] as const).map((role) => aClue({ role, forms: [{ kind: 'org_name', strength: 'EXACT', token: tokenOf('95384') }] }));
    expect(await outcome(c, ...clues())).toEqual(['POLICY_FORBIDS', 'POLICY_FORBIDS', 'POLICY_FORBIDS']);
    expect(await outcome(c, aClue({ on: '95384', role: 'IMPERSONATED' }))).toEqual(['ACCEPTED']);
    await db.admin("update directory.party set status = 'SUSPENDED' where id = $1", [b.id]);
    expect(await outcome(a, aClue({ on: '95384' }))).toEqual(['ACCEPTED']);
  });

  it('replaces a list as a whole, and bounds what one member gives', async () => {
    const a = await aMember();
    await give(a, 'BENIGN', 'old');
    await give(a, 'BENIGN', 'new');
    expect(await db.admin('select token from tally.warned_token where member_id = $1', [a.id])).toEqual([{ token: Buffer.from(tokenOf('new'), 'hex') }]);
    const { warned } = await flows();
    const random = (): string[] => Array.from({ length: 500 }, () => randomBytes(16).toString('hex'));
    for (let n = 0; n < 9; n++) await warned.run(actorOf(a), { idempotencyKey: key(), list: 'OWN', epoch: 1, replace: false, tokens: random() });
    await expect(warned.run(actorOf(a), { idempotencyKey: key(), list: 'OWN', epoch: 1, replace: false, tokens: random() })).rejects.toThrow(code('LIMIT_EXCEEDED'));
    await expect(warned.run(actorOf(a), { idempotencyKey: key(), list: 'MINE', epoch: 1, replace: false, tokens: random() })).rejects.toThrow(code('BAD_INPUT'));
  });
});
