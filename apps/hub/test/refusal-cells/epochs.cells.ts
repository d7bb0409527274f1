import { createHash, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { signStatement } from '#crypto';
import { aClue, type SignedDocument } from '#testing';
import { FEDERATION, freshKey } from '../support/acts.js';
import { gql, type CellRegistry, type CellRequest, type RefusalWorld, type Sample } from './cell.js';

const change = (name: string): string => `mutation ($input: EpochChangeInput!) { ${name}(input: $input) { epoch state } }`;

/** The stranger's statement is signed by an officer who may not. */
async function signed(world: RefusalWorld, name: string, typ: 'tally-epoch-announce+1' | 'tally-epoch-stop-order+1', epoch: number, document: SignedDocument): Promise<Sample> {
  const act = { v: 1, federation: FEDERATION, epoch, digest: document.digest, overlapDays: 30, time: new Date().toISOString() };
  const by = async (party: RefusalWorld['lead']) => gql(change(name), { input: { idempotencyKey: freshKey(), document: JSON.stringify(document.jws), jws: await signStatement(typ, act, party.officers[0]!.key) } });
  return { request: await by(world.coordinator), foreignRequest: await by(world.stranger) };
}

function moves(publicationId: string, clueId: string = uuidv7()): CellRequest {
  const { forms, kindVersion } = aClue();
  const body = JSON.stringify({ clueId, epoch: 1, kindVersion, forms, detail: randomBytes(296).toString('base64url') });
  const digest = createHash('sha256').update(body).digest('base64');
  return { method: 'POST', route: `/v1/publications/${publicationId}/moves/0`, headers: { 'content-type': 'application/x-ndjson', 'content-digest': `sha-256=:${digest}:` }, body };
}

export const EPOCHS_CELLS: CellRegistry = {
  'query epochs': {
    owner: 'member', foreign: { shared: 'the register is everybody\'s' },
    sample: async () => ({ request: gql('{ epochs { epoch state } }') }),
  },
  'mutation announceEpoch': {
    owner: 'coordinator', foreign: { code: 'FORBIDDEN' },
    sample: (world) => signed(world, 'announceEpoch', 'tally-epoch-announce+1', 1, world.hub.holders.manifest(1)),
  },
  'mutation stopEpoch': {
    owner: 'coordinator', foreign: { code: 'FORBIDDEN' },
    sample: (world) => signed(world, 'stopEpoch', 'tally-epoch-stop-order+1', 0, world.hub.holders.stop(0)),
  },
  'POST /v1/publications/:publicationId/moves/:seq': {
    owner: 'member', foreign: { apart: true },
    // The stranger names the owner's publication and one of the owner's clues.
    sample: async (world) => {
      const [publicationId, own] = [uuidv7(), aClue()];
      const { method, route, ...init } = gql('mutation ($input: PublishCluesInput!) { publishClues(input: $input) { accepted } }', { input: { idempotencyKey: freshKey(), clues: [own] } });
      await world.lead.request(method, route, init);
      return { request: moves(publicationId, own.clueId), foreignRequest: moves(publicationId, own.clueId) };
    },
  },
};
