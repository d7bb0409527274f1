import { randomBytes, randomUUID } from 'node:crypto';
import { publicJwk, sealJson, sealedText } from '#crypto';
import { aBrand, signedBrand } from '#testing';
import { freshKey } from '../support/acts.js';
import { gql, type CellRegistry, type CellRequest, type RefusalWorld } from './cell.js';

async function registration(world: RefusalWorld, brand = randomUUID()): Promise<CellRequest> {
  const jws = await signedBrand(aBrand(world.lead.id, { brand }), world.lead.keys.evidence);
  return gql('mutation ($input: RegisterBrandInput!) { registerBrand(input: $input) { brandId revision } }', { input: { idempotencyKey: freshKey(), jws } });
}
async function registered(world: RefusalWorld): Promise<string> {
  const brand = randomUUID();
  const { method, route, ...init } = await registration(world, brand);
  await world.lead.request(method, route, init);
  return brand;
}
async function alert(world: RefusalWorld, brandId: string, alertId: string = randomUUID()): Promise<CellRequest> {
  const sealed = sealedText(await sealJson('{}', [publicJwk(world.lead.keys.seal)]));
  return gql('mutation ($input: SendBrandAlertInput!) { sendBrandAlert(input: $input) { alertId } }', { input: { idempotencyKey: freshKey(), owner: world.lead.id, brandId, alertId, sealed } });
}

export const BRANDS_CELLS: CellRegistry = {
  'mutation registerBrand': {
    owner: 'member', foreign: { code: 'SIGNATURE_INVALID' },
    sample: async (world) => ({ request: await registration(world) }),
  },
  'query brands': {
    owner: 'member', foreign: { shared: 'the registry is there for every member to protect the others' },
    sample: async (world) => { await registered(world); return { request: gql('{ brands(first: 100) { edges { node { brandId statement } } } }') }; },
  },
  'mutation sendBrandAlert': {
    owner: 'member', foreign: { code: 'NOT_FOUND' },
    sample: async (world) => {
      // Whoever finds an imitation may tell the owner; of a brand that is not there nobody can.
      return { request: await alert(world, await registered(world)), foreignRequest: await alert(world, randomUUID()) };
    },
  },
  'query brandAlerts': {
    owner: 'member', foreign: { apart: true },
    sample: async (world) => {
      const [brand, alertId] = [await registered(world), randomUUID()];
      const { method, route, ...init } = await alert(world, brand, alertId);
      await world.stranger.request(method, route, init);
      return { secrets: [alertId], request: gql('{ brandAlerts(first: 100) { edges { node { alertId sealed } } } }') };
    },
  },
  'mutation giveWarnedTokens': {
    owner: 'member', foreign: { apart: true },
    sample: async () => ({
      request: gql('mutation ($input: GiveWarnedTokensInput!) { giveWarnedTokens(input: $input) { given } }',
        { input: { idempotencyKey: freshKey(), list: 'OWN', epoch: 1, replace: true, tokens: [randomBytes(16).toString('hex')] } }),
    }),
  },
};
