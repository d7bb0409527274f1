/** Own brands: signed with the evidence key, registered, withdrawn. */
import { randomUUID } from 'node:crypto';
import { signStatement } from '#crypto';
import { DomainError, type Json } from '#kernel';
import { BRAND_LISTS, parseBrandStatement, type BrandStatement } from '#protocol';
import type { PartyHome } from '../keys/party-home.js';
import type { HubClient } from '../transport/hub-client.js';
import { BRAND_DOCUMENTS } from './brand-documents.js';

export interface RegisteredRevision {
  readonly brandId: string;
  readonly revision: number;
}

/**
 * @param content what the member protects: an object with any of the lists, and `brand` to change one that is registered
 * @throws BAD_INPUT naming the member at fault; STATE_CONFLICT when the hub holds a later revision
 */
export async function registerBrand(home: PartyHome, hub: HubClient, content: unknown, now = new Date()): Promise<RegisteredRevision> {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw new DomainError('BAD_INPUT', 'brand file', { field: 'file' });
  const { brand = randomUUID(), ...lists } = content as Record<string, unknown>;
  const empty = Object.fromEntries(BRAND_LISTS.map((list) => [list, []]));
  return send(home, hub, { ...empty, ...lists, brand, withdrawn: false }, now);
}

export function withdrawBrand(home: PartyHome, hub: HubClient, brand: string, now = new Date()): Promise<RegisteredRevision> {
  return send(home, hub, { ...Object.fromEntries(BRAND_LISTS.map((list) => [list, []])), brand, withdrawn: true }, now);
}

/** The revision is the time in seconds: later statements have higher ones, without asking what was before. */
async function send(home: PartyHome, hub: HubClient, content: Record<string, unknown>, now: Date): Promise<RegisteredRevision> {
  const statement: BrandStatement = parseBrandStatement({
    ...content, v: 1, federation: home.party.federationId, owner: home.party.partyId, revision: Math.floor(now.getTime() / 1000), time: now.toISOString(),
  });
  const jws = await signStatement('tally-brand+1', statement as unknown as Json, home.privateKey('evidence'));
  const { registerBrand: receipt } = await hub.graphql<{ registerBrand: RegisteredRevision }>(BRAND_DOCUMENTS.registerBrand, { input: { idempotencyKey: randomUUID(), jws } });
  return receipt;
}
