import { createHash, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { aClue, plantOverlap } from '#testing';
import { freshKey } from '../support/acts.js';
import { get, gql, json, type CellRegistry, type CellRequest, type RefusalWorld } from './cell.js';

const STATED = { purpose: 'FRAUD_PREVENTION', legalBasis: { code: 'PUBLIC_INTEREST' } };
const QUERY = 'query ($purpose: Purpose!, $legalBasis: LegalBasisInput!';

function chunk(publicationId: string): CellRequest {
  const body = JSON.stringify(aClue());
  const digest = createHash('sha256').update(body).digest('base64');
  return { method: 'POST', route: `/v1/publications/${publicationId}/chunks/0`, headers: { 'content-type': 'application/x-ndjson', 'content-digest': `sha-256=:${digest}:` }, body };
}

async function published(world: RefusalWorld): Promise<string> {
  const clue = aClue();
  const { method, route, ...init } = gql('mutation ($input: PublishCluesInput!) { publishClues(input: $input) { accepted } }', { input: { idempotencyKey: freshKey(), clues: [clue] } });
  await world.lead.request(method, route, init);
  return clue.clueId;
}

async function uploaded(world: RefusalWorld): Promise<string> {
  const publicationId = uuidv7();
  const { method, route, ...init } = chunk(publicationId);
  await world.lead.request(method, route, init);
  return publicationId;
}

async function overlap(world: RefusalWorld): Promise<string> {
  const [own] = await plantOverlap(world.hub.db, [{ id: world.lead.id } as never, { id: world.invited.id } as never]);
  return own ?? '';
}

export const CLUES_CELLS: CellRegistry = {
  'mutation publishClues': {
    owner: 'member', foreign: { apart: true },
    sample: async (world) => {
      // The stranger uses the id of a clue that the owner has.
      const [own, taken] = [aClue(), { ...aClue(), clueId: await published(world) }];
      const publish = (clue: object) => gql('mutation ($input: PublishCluesInput!) { publishClues(input: $input) { accepted items { outcome code } } }', { input: { idempotencyKey: freshKey(), clues: [clue] } });
      return { request: publish(own), foreignRequest: publish(taken) };
    },
  },
  'mutation retractClues': {
    owner: 'member', foreign: { apart: true },
    sample: async (world) => ({
      request: gql('mutation ($input: RetractCluesInput!) { retractClues(input: $input) { retracted items { outcome } } }',
        { input: { idempotencyKey: freshKey(), clueIds: [await published(world)], reason: 'FALSE_POSITIVE' } }),
    }),
  },
  'query clues': {
    owner: 'member', foreign: { apart: true },
    sample: async (world) => ({ secrets: [await published(world)], request: gql('{ clues(first: 100) { edges { node { clueId } } } }') }),
  },
  'mutation checkTokens': {
    owner: 'member', foreign: { apart: true },
    sample: async () => ({
      request: gql('mutation ($input: CheckTokensInput!) { checkTokens(input: $input) { answers { band } } }', { input: { idempotencyKey: freshKey(), ...STATED, tokens: [randomBytes(16).toString('hex')] } }),
    }),
  },
  'query overlaps': {
    owner: 'member', foreign: { apart: true },
    sample: async (world) => ({ secrets: [await overlap(world)], request: gql(`${QUERY}) { overlaps(purpose: $purpose, legalBasis: $legalBasis, first: 100) { edges { node { id } } } }`, STATED) }),
  },
  'query overlap': {
    owner: 'member', foreign: { code: 'NOT_FOUND' },
    sample: async (world) => ({ request: gql(`${QUERY}, $id: UUID!) { overlap(purpose: $purpose, legalBasis: $legalBasis, id: $id) { id } }`, { ...STATED, id: await overlap(world) }) }),
  },
  'POST /v1/publications/:publicationId/chunks/:seq': {
    owner: 'member', foreign: { apart: true },
    sample: async (world) => ({ request: chunk(uuidv7()), foreignRequest: chunk(await uploaded(world)) }),
  },
  'POST /v1/publications/:publicationId/finish': {
    owner: 'member', foreign: { code: 'NOT_FOUND' },
    sample: async (world) => ({ request: json('POST', `/v1/publications/${await uploaded(world)}/finish`, { chunks: 1 }) }),
  },
  'GET /v1/publications/:publicationId': {
    owner: 'member', foreign: { code: 'NOT_FOUND' },
    sample: async (world) => ({ request: get(`/v1/publications/${await uploaded(world)}`) }),
  },
};
