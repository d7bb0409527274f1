import { randomUUID } from 'node:crypto';
import { keyIdOf, publicJwk, sealContribution, signStatement } from '#crypto';
import type { Json, PackageId } from '#kernel';
import { aRun, plantOverlap } from '#testing';
import { freshKey } from '../support/acts.js';
import type { TestParty } from '../support/hub-under-test.js';
import { get, gql, json, type CellRegistry, type CellRequest, type RefusalWorld } from './cell.js';

const now = (): string => new Date().toISOString();
const key = (party: TestParty, index = 0) => party.officers[index]?.key ?? (() => { throw new Error('officer'); })();
const mutation = (name: string, type: string, input: object): CellRequest =>
  gql(`mutation ($input: ${type}!) { ${name}(input: $input) { ${name === 'sendTestPackage' ? 'packageId' : 'caseId'} } }`, { input: { idempotencyKey: freshKey(), ...input } });

async function sent(by: TestParty, { method, route, ...init }: CellRequest): Promise<unknown> {
  const answer = await by.request(method, route, init);
  const errors = (answer.body as { errors?: object[] } | null)?.errors;
  if (answer.status >= 300 || errors !== undefined) throw new Error(`arranging failed: ${answer.status} ${JSON.stringify(errors)}`);
  return answer.body;
}

async function proposal(world: RefusalWorld, by: TestParty): Promise<{ caseId: string; request: CellRequest }> {
  const [overlapId] = await plantOverlap(world.hub.db, [{ id: world.lead.id } as never, { id: world.invited.id } as never]);
  const caseId = randomUUID();
  const statement = { v: 1, case: caseId, lead: by.id, category: 'TELECOM_FRAUD', purpose: 'CRIME_REPORTING', legalBasis: { code: 'PUBLIC_INTEREST', law: '', article: '' }, liaison: world.liaison.id, time: now() };
  const recipients = [{ agency: world.liaison.id, key: keyIdOf(world.liaison.keys.seal) }];
  return { caseId, request: mutation('proposeCase', 'ProposeCaseInput', { jws: await signStatement('tally-proposal+1', statement, key(by)), overlapIds: [overlapId], recipients }) };
}

async function contribution(world: RefusalWorld, caseId: string, by: TestParty): Promise<CellRequest> {
  const id = randomUUID();
  const jwe = await sealContribution({ id } as Json, { evidence: by.keys.evidence, officer: key(by) }, [publicJwk(world.liaison.keys.seal)]);
  return json('POST', `/v1/cases/${caseId}/contributions`, { id, handlingFloor: 'AMBER', facets: { kinds: ['phone'], evidence: ['INDICATORS'], items: 1 }, jwe });
}

async function proposed(world: RefusalWorld): Promise<string> {
  const { caseId, request } = await proposal(world, world.lead);
  await sent(world.lead, request);
  return caseId;
}

async function opened(world: RefusalWorld): Promise<string> {
  const caseId = await proposed(world);
  await sent(world.invited, mutation('answerInvitation', 'AnswerInvitationInput', { caseId, answer: 'JOIN' }));
  return caseId;
}

async function approval(world: RefusalWorld, caseId: string, signer: TestParty, reader = world.lead): Promise<CellRequest> {
  const body = await sent(reader, gql('query ($id: UUID!) { jointCase(id: $id) { packageId recipients { agency key } approvable { digest } } }', { id: caseId }));
  const { packageId, recipients, approvable } = (body as { data: { jointCase: { packageId: string; recipients: object[]; approvable: { digest: string } } } }).data.jointCase;
  const statement = { v: 1, case: caseId, package: packageId, digest: approvable.digest, recipients, purpose: 'CRIME_REPORTING', time: now() };
  return mutation('approveCase', 'ApproveCaseInput', { caseId, jws: await signStatement('tally-approval+1', statement as unknown as Json, key(signer, 1)) });
}

interface Offer { readonly packageId: string; readonly digest: string }

/** A test package, built and offered to the owner's liaison. */
async function offered(world: RefusalWorld): Promise<Offer> {
  const body = await sent(world.coordinator, mutation('sendTestPackage', 'SendTestPackageInput', { liaisonId: world.liaison.id }));
  const { packageId } = (body as { data: { sendTestPackage: { packageId: string } } }).data.sendTestPackage;
  return built(world, packageId);
}

async function built(world: RefusalWorld, packageId: string): Promise<Offer> {
  await world.build.handle({ packageId: packageId as PackageId }, aRun());
  const [row] = await world.hub.db.admin<{ digest: string }>('select digest from tally.package where package_id = $1', [packageId]);
  return { packageId, digest: row?.digest ?? '' };
}

/** Fetched and signed for; a test package is accepted too, which opens the liaison for cases. */
async function received(world: RefusalWorld, offer: Offer, accept: boolean): Promise<void> {
  await sent(world.liaison, get(`/v1/liaison/packages/${offer.packageId}`));
  const { sha256 } = await sent(world.liaison, await receipt(offer, world.liaison)) as { sha256: string };
  if (accept) await sent(world.liaison, await receipt(offer, world.liaison, 'ACCEPTED', sha256));
}

/** A case of lead and invited with the lead's contribution, for a liaison that has accepted a test. */
async function approvable(world: RefusalWorld): Promise<string> {
  await received(world, await offered(world), true);
  const caseId = await opened(world);
  await sent(world.lead, await contribution(world, caseId, world.lead));
  return caseId;
}

async function sentCase(world: RefusalWorld): Promise<Offer> {
  const caseId = await approvable(world);
  await sent(world.lead, await approval(world, caseId, world.lead));
  await sent(world.coordinator, await approval(world, caseId, world.coordinator, world.coordinator));
  const [row] = await world.hub.db.admin<{ id: string }>('select package_id as id from tally.package where case_id = $1', [caseId]);
  return built(world, row?.id ?? '');
}

async function receipt({ packageId, digest }: Offer, signer: TestParty, kind = 'RECEIVED', previous: string | null = null): Promise<CellRequest> {
  const statement = { v: 1, id: randomUUID(), package: packageId, digest, kind, previous, officerReference: 'P', reason: '', time: now(), openings: [] };
  return json('POST', '/v1/liaison/receipts', { jws: await signStatement('tally-receipt+1', statement as unknown as Json, signer.keys.evidence) });
}

async function outcome(packageId: string, signer: TestParty): Promise<CellRequest> {
  const statement = { v: 1, id: randomUUID(), package: packageId, kind: 'NO_CASE', persons: null, amountCny: null, reference: 'X', time: now() };
  return json('POST', '/v1/liaison/outcomes', { jws: await signStatement('tally-outcome+1', statement, signer.keys.evidence) });
}

export const CASES_CELLS: CellRegistry = {
  'mutation proposeCase': {
    owner: 'member', foreign: { code: 'NOT_FOUND' },
    // The stranger names the owner's overlaps in a statement of its own officer.
    sample: async (world) => ({ request: (await proposal(world, world.lead)).request, foreignRequest: (await proposal(world, world.stranger)).request }),
  },
  'mutation answerInvitation': {
    owner: 'member', foreign: { code: 'NOT_FOUND' },
    sample: async (world) => ({ request: mutation('answerInvitation', 'AnswerInvitationInput', { caseId: await invitedByOther(world), answer: 'DECLINE' }) }),
  },
  'mutation withdrawCase': {
    owner: 'member', foreign: { code: 'NOT_FOUND' },
    sample: async (world) => ({ request: mutation('withdrawCase', 'WithdrawCaseInput', { caseId: await proposed(world) }) }),
  },
  'mutation approveCase': {
    owner: 'member', foreign: { code: 'NOT_FOUND' },
    sample: async (world) => {
      const caseId = await approvable(world);
      return { request: await approval(world, caseId, world.lead), foreignRequest: await approval(world, caseId, world.stranger) };
    },
  },
  'query jointCase': {
    owner: 'member', foreign: { code: 'NOT_FOUND' },
    sample: async (world) => ({ request: gql('query ($id: UUID!) { jointCase(id: $id) { id state } }', { id: await proposed(world) }) }),
  },
  'query jointCases': {
    owner: 'member', foreign: { apart: true },
    sample: async (world) => ({ secrets: [await proposed(world)], request: gql('{ jointCases(first: 100) { edges { node { id } } } }') }),
  },
  'query events': {
    owner: 'member', foreign: { apart: true },
    sample: async (world) => ({ secrets: [await invitedByOther(world)], request: gql('{ events(first: 100) { edges { node { subjectId } } } }') }),
  },
  'POST /v1/cases/:caseId/contributions': {
    owner: 'member', foreign: { code: 'NOT_FOUND' },
    sample: async (world) => {
      const caseId = await opened(world);
      return { request: await contribution(world, caseId, world.lead), foreignRequest: await contribution(world, caseId, world.stranger) };
    },
  },
  'mutation sendTestPackage': {
    owner: 'coordinator', foreign: { code: 'NOT_FOUND' },
    sample: async (world) => ({
      request: mutation('sendTestPackage', 'SendTestPackageInput', { liaisonId: world.liaison.id }),
      foreignRequest: mutation('sendTestPackage', 'SendTestPackageInput', { liaisonId: world.lead.id }),
    }),
  },
  'query packages': {
    owner: 'liaison', foreign: { apart: true },
    sample: async (world) => ({ secrets: [(await offered(world)).packageId], request: gql('{ packages(first: 100) { edges { node { id } } } }') }),
  },
  'GET /v1/liaison/inbox': {
    owner: 'liaison', foreign: { apart: true },
    sample: async (world) => ({ secrets: [(await offered(world)).packageId], request: get('/v1/liaison/inbox') }),
  },
  'GET /v1/liaison/packages/:id': {
    owner: 'liaison', foreign: { code: 'NOT_FOUND' },
    sample: async (world) => ({ request: get(`/v1/liaison/packages/${(await offered(world)).packageId}`) }),
  },
  'POST /v1/liaison/receipts': {
    owner: 'liaison', foreign: { code: 'NOT_FOUND' },
    sample: async (world) => {
      const offer = await offered(world);
      await sent(world.liaison, get(`/v1/liaison/packages/${offer.packageId}`));
      return { request: await receipt(offer, world.liaison), foreignRequest: await receipt(offer, world.strangers.liaison) };
    },
  },
  'POST /v1/liaison/outcomes': {
    owner: 'liaison', foreign: { code: 'NOT_FOUND' },
    sample: async (world) => {
      const offer = await sentCase(world);
      await received(world, offer, false);
      return { request: await outcome(offer.packageId, world.liaison), foreignRequest: await outcome(offer.packageId, world.strangers.liaison) };
    },
  },
};

/** A case that the world's second member proposes, so that the owner is the one who is asked. */
async function invitedByOther(world: RefusalWorld): Promise<string> {
  const [, overlapId] = await plantOverlap(world.hub.db, [{ id: world.lead.id } as never, { id: world.invited.id } as never]);
  const caseId = randomUUID();
  const statement = { v: 1, case: caseId, lead: world.invited.id, category: 'TELECOM_FRAUD', purpose: 'CRIME_REPORTING', legalBasis: { code: 'PUBLIC_INTEREST', law: '', article: '' }, liaison: world.liaison.id, time: now() };
  const recipients = [{ agency: world.liaison.id, key: keyIdOf(world.liaison.keys.seal) }];
  await sent(world.invited, mutation('proposeCase', 'ProposeCaseInput', { jws: await signStatement('tally-proposal+1', statement, key(world.invited)), overlapIds: [overlapId], recipients }));
  return caseId;
}
