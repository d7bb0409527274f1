/**
 * The brands of the network as this member believes them (brands.json in its home): statements that verify with the owner's pinned
 * evidence key, and of each brand the highest revision ever seen. The hub can withhold what is new; it can neither forge, change nor
 * take away what was seen once. Every load verifies again: a pin that was withdrawn ends its brands.
 */
import { existsSync } from 'node:fs';
import { claimedKeyId, verifyStatement } from '#crypto';
import { DomainError } from '#kernel';
import { BrandIndex, type Brand } from '#indicators';
import { BRANDS_OF_MEMBER_MAX, parseBrandStatement, type BrandStatement } from '#protocol';
import type { PartyHome } from '../keys/party-home.js';
import { readPrivateFile, writePrivateFile } from '../keys/private-file.js';
import { allPages } from '../query/overlaps.js';
import type { HubClient } from '../transport/hub-client.js';
import { BRAND_DOCUMENTS } from './brand-documents.js';

const FILE = 'brands.json';

interface SeenBrand {
  readonly owner: string;
  readonly brandId: string;
  readonly revision: number;
  /** Compact JWS. */
  readonly statement: string;
}
export interface BrandsSynced {
  /** Brands that protect somebody now. */
  readonly brands: number;
  /** Statements of members whose key is not pinned here: not believed, not kept. */
  readonly untrusted: number;
  /** Statements of pinned members that do not verify, or are older than one that was seen. */
  readonly refused: number;
}

/** Fetches the registry and keeps what can be believed. */
export async function syncBrands(home: PartyHome, hub: HubClient): Promise<BrandsSynced> {
  const kept = new Map(readSeen(home).map((seen) => [keyOf(seen), seen]));
  let untrusted = 0;
  let refused = 0;
  for await (const { owner, brandId, revision, statement } of allPages<SeenBrand>(hub, 'brands', BRAND_DOCUMENTS.brands)) {
    if (owner !== home.party.partyId && home.trust.of(`party:${owner}`, 'evidence').length === 0) { untrusted += 1; continue; }
    const verified = await believed(home, { owner, brandId, revision, statement });
    const before = kept.get(keyOf({ owner, brandId }));
    if (verified === null || !mayFollow(before, { revision: verified.revision, statement }) || (before === undefined && ofOwner(kept, owner) >= BRANDS_OF_MEMBER_MAX)) refused += 1;
    else kept.set(keyOf({ owner, brandId }), { owner, brandId, revision: verified.revision, statement });
  }
  writePrivateFile(home.file(FILE), `${JSON.stringify([...kept.values()], null, 2)}\n`);
  return { brands: (await loadBrands(home)).length, untrusted, refused };
}

/** A later revision, or the same words signed once more: of two statements of one revision the hub does not choose which. */
function mayFollow(before: SeenBrand | undefined, { revision, statement }: Pick<SeenBrand, 'revision' | 'statement'>): boolean {
  if (before === undefined || before.revision < revision) return true;
  return before.revision === revision && before.statement.split('.')[1] === statement.split('.')[1];
}

function ofOwner(kept: ReadonlyMap<string, SeenBrand>, owner: string): number {
  return [...kept.values()].filter((seen) => seen.owner === owner).length;
}

/** What is believed now, withdrawn brands left out. @throws CONFIG_INVALID when brands.json is damaged or writable by others */
export async function loadBrands(home: PartyHome): Promise<readonly Brand[]> {
  const brands: Brand[] = [];
  for (const seen of readSeen(home)) {
    const statement = await believed(home, seen);
    if (statement === null || statement.withdrawn) continue;
    const { names, marks, latin, numbers, domains, accounts } = statement;
    brands.push({ brandId: seen.brandId, owner: seen.owner, names, marks, latin, numbers, domains, accounts });
  }
  return brands;
}

export async function loadBrandIndex(home: PartyHome): Promise<BrandIndex> {
  return new BrandIndex(await loadBrands(home));
}

/** Null whatever is wrong: key not pinned, signature, another's ids, another federation, shape. */
async function believed(home: PartyHome, { owner, brandId, revision, statement }: SeenBrand): Promise<BrandStatement | null> {
  try {
    const kid = claimedKeyId(statement);
    const jwk = ownKey(home, owner, kid) ?? home.trust.of(`party:${owner}`, 'evidence').find((pin) => pin.kid === kid)?.jwk;
    if (jwk === undefined) return null;
    const parsed = parseBrandStatement((await verifyStatement('tally-brand+1', statement, jwk)).payload);
    const right = parsed.owner === owner && parsed.brand === brandId && parsed.revision === revision && parsed.federation === home.party.federationId;
    return right ? parsed : null;
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

/** A member's own brands are its own word: nobody pins themselves. */
function ownKey(home: PartyHome, owner: string, kid: string) {
  return owner === home.party.partyId ? home.publicFile().keys.find((key) => key.use === 'evidence' && key.kid === kid)?.jwk : undefined;
}

function readSeen(home: PartyHome): SeenBrand[] {
  if (!existsSync(home.file(FILE))) return [];
  try {
    return JSON.parse(readPrivateFile(home.file(FILE), 'CONFIG_INVALID').toString('utf8')) as SeenBrand[];
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError('CONFIG_INVALID', 'brands.json is damaged', { file: FILE });
  }
}
function keyOf({ owner, brandId }: Pick<SeenBrand, 'owner' | 'brandId'>): string {
  return `${owner} ${brandId}`;
}
