/** Parties in the directory and planted overlaps, for integration tests of cases: three members, a coordinator, a liaison. */
import { randomBytes, randomUUID } from 'node:crypto';
import { keyIdOf, publicJwk, type PrivateJwk } from '#crypto';
import type { PartyId } from '#kernel';
import type { Actor } from '#platform/database';
import type { PartyRole } from '#protocol';
import type { TestDatabase } from '../database/test-database.js';
import { aParty, type TestParty } from './case-package.builder.js';

export interface WorldParty extends TestParty { readonly actor: Actor; readonly role: PartyRole }
export interface CaseWorld {
  readonly a: WorldParty;
  readonly b: WorldParty;
  readonly c: WorldParty;
  readonly coordinator: WorldParty;
  readonly liaison: WorldParty;
}

export async function aCaseWorld(db: TestDatabase, webhookUrl: string | null = null): Promise<CaseWorld> {
  return {
    a: await register(db, aParty('Bank A'), 'member'), b: await register(db, aParty('Bank B'), 'member'), c: await register(db, aParty('Bank C'), 'member'),
    coordinator: await register(db, aParty('Coordinator'), 'coordinator'), liaison: await register(db, aParty('Police unit'), 'liaison', webhookUrl),
  };
}

/** One token held by all of these members: an overlap row each, ids in the members' order. */
export async function plantOverlap(db: TestDatabase, members: readonly WorldParty[]): Promise<string[]> {
  const token = randomBytes(16);
  const bucket = (token[0]! << 2) | (token[1]! >> 6);
  const others = Math.min(2, members.length - 1);
  const ids: string[] = [];
  for (const [index, member] of members.entries()) {
    const [publication, clue, overlap] = [randomUUID(), randomUUID(), randomUUID()];
    await db.admin("insert into tally.publication (member_id, publication_id, via) values ($1, $2, 'API')", [member.id, publication]);
    await db.admin(`insert into tally.clue (member_id, clue_id, publication_id, epoch, kind, kind_version, category, means, role, level, purpose, basis_code, tlp, first_seen,
      last_seen, evidence, detail, revision, exact_token, expires_at) values ($1, $2, $3, 1, 'phone', 1, 'TELECOM_FRAUD', '{}', 'SUSPECT', 2, 'FRAUD_PREVENTION', 'PUBLIC_INTEREST', 'AMBER',
      now(), now(), '{}', $4, 1, $5, now() + interval '1 day')`, [member.id, clue, publication, Buffer.alloc(256), token]);
    await db.admin("insert into tally.clue_token (member_id, clue_id, form, epoch, token, kind, strength, live) values ($1, $2, 1, 1, $3, 'phone', 'EXACT', true)", [member.id, clue, token]);
    await db.admin(`insert into tally.overlap (member_id, overlap_id, clue_id, form, bucket, token, seq, kind, strength, others, categories, levels, level, impersonated, first_seen,
      last_seen, state) values ($1, $2, $3, 1, $4, $5, $6, 'phone', 'EXACT', $7, '{TELECOM_FRAUD}', '{2}', 2, false, now(), now(), 'OPEN')`,
    [member.id, overlap, clue, bucket, token, 1_000_000 + Math.floor(Math.random() * 1e9) + index, others]);
    ids.push(overlap);
  }
  return ids;
}

async function register(db: TestDatabase, party: TestParty, role: PartyRole, webhookUrl: string | null = null): Promise<WorldParty> {
  await db.admin(`insert into directory.party (id, role, name, name_zh, status, jurisdiction, contact_desk, webhook_url) values ($1, $2, $3, $3, 'ACTIVE', 'CN-31', '{}', $4)`,
    [party.id, role, party.name, webhookUrl]);
  const add = async (use: string, key: PrivateJwk): Promise<void> => {
    await db.admin('insert into directory.party_key (party_id, kid, use, jwk) values ($1, $2, $3, $4)', [party.id, keyIdOf(key), use, JSON.stringify(publicJwk(key))]);
  };
  await add('evidence', party.evidence);
  await add('seal', party.seal);
  for (const [index, key] of party.officers.entries()) {
    await db.admin('insert into directory.officer (id, party_id, name, kid, jwk) values ($1, $2, $3, $4, $5)',
      [randomUUID(), party.id, `${party.name} officer ${index + 1}`, keyIdOf(key), JSON.stringify(publicJwk(key))]);
  }
  return { ...party, role, actor: { partyId: party.id as PartyId, role, clientId: party.id, purpose: 'CRIME_REPORTING' } };
}
