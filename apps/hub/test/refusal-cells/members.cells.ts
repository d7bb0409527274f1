import { actOf, admission, aNewcomer, freshKey, signAct } from '../support/acts.js';
import type { TestParty } from '../support/hub-under-test.js';
import { get, gql, type CellRegistry, type RefusalWorld } from './cell.js';

const PROPOSE = 'mutation ($input: ProposeAdmissionInput!) { proposeAdmission(input: $input) { id } }';
const act = (name: string): string => `mutation ($input: SignedActInput!) { ${name}(input: $input) { id } }`;
const key = (party: TestParty, index = 0) => party.officers[index]?.key ?? (() => { throw new Error('officer'); })();

/** A statement counts by its signer: the stranger's is signed by an officer who may not. */
async function signed(world: RefusalWorld, name: string, statement: Parameters<typeof signAct>[0], index: number, more: object = {}) {
  const input = async (signer: Parameters<typeof signAct>[1]) => ({ input: { idempotencyKey: freshKey(), jws: await signAct(statement, signer), ...more } });
  const document = name === 'proposeAdmission' ? PROPOSE : act(name);
  return { request: gql(document, await input(key(world.coordinator, index))), foreignRequest: gql(document, await input(key(world.stranger))) };
}

export const MEMBERS_CELLS: CellRegistry = {
  'GET /health/live': { public: get('/health/live') },
  'GET /health/ready': { public: get('/health/ready') },
  'GET /metrics': { public: get('/metrics') },
  'GET /v1/status-list': { public: get('/v1/status-list') },
  'query me': { owner: 'member', foreign: { apart: true }, sample: async ({ lead }) => ({ request: gql('{ me { partyId name } }'), secrets: [lead.id] }) },
  'query partyKeys': {
    owner: 'member', foreign: { shared: 'public keys of a party whose id one has' },
    sample: async ({ lead }) => ({ request: gql('query ($id: UUID!) { partyKeys(partyId: $id) { kid } }', { id: lead.id }) }),
  },
  'query parties': {
    owner: 'coordinator', foreign: { shared: 'the directory is all coordinators\'' },
    sample: async () => ({ request: gql('{ parties { edges { node { id } } } }') }),
  },
  'mutation proposeAdmission': {
    owner: 'coordinator', foreign: { code: 'FORBIDDEN' },
    sample: async (world) => {
      const newcomer = await aNewcomer();
      return signed(world, 'proposeAdmission', admission(newcomer), 0, { publicFile: newcomer.publicFile });
    },
  },
  'mutation approveAdmission': {
    owner: 'coordinator', foreign: { code: 'FORBIDDEN' },
    sample: async (world) => {
      const newcomer = await aNewcomer();
      const { request } = await signed(world, 'proposeAdmission', admission(newcomer), 0, { publicFile: newcomer.publicFile });
      await world.coordinator.request(request.method, request.route, request);
      return signed(world, 'approveAdmission', admission(newcomer), 1);
    },
  },
  'mutation suspendParty': {
    owner: 'coordinator', foreign: { code: 'FORBIDDEN' },
    sample: async (world) => signed(world, 'suspendParty', actOf('SUSPEND', (await world.hub.party('member')).id), 0),
  },
  'mutation liftSuspension': {
    owner: 'coordinator', foreign: { code: 'FORBIDDEN' },
    sample: async (world) => {
      const bank = await world.hub.party('member');
      const { request } = await signed(world, 'suspendParty', actOf('SUSPEND', bank.id), 0);
      await world.coordinator.request(request.method, request.route, request);
      return signed(world, 'liftSuspension', actOf('LIFT', bank.id, { policyVersion: 2 }), 0);
    },
  },
};
