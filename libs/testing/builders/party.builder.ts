/**
 * A party with keys, two officers and a client, as tests need it: `await aRegisteredParty('member').suspended().in(db.admin)` writes
 * it to the directory as superuser (arranging only). Keys are made here and exist nowhere else.
 */
import { randomUUID } from 'node:crypto';
import { keyIdOf, publicJwk, type PrivateJwk } from '#crypto';
import type { KeyId, PartyId } from '#kernel';
import type { PartyRole } from '#protocol';
import { aKey } from './case-package.builder.js';

export interface TestOfficer {
  readonly id: string;
  readonly name: string;
  readonly key: PrivateJwk;
  readonly kid: KeyId;
}
export interface TestPartyRecord {
  readonly id: PartyId;
  readonly role: PartyRole;
  readonly name: string;
  readonly keys: { readonly auth: PrivateJwk; readonly evidence: PrivateJwk; readonly seal: PrivateJwk };
  readonly officers: readonly TestOfficer[];
}
type Admin = (sql: string, params?: readonly unknown[]) => Promise<unknown>;

export class PartyBuilder {
  private status = 'ACTIVE';
  private title: string;

  constructor(private readonly role: PartyRole) {
    this.title = `${role} ${randomUUID().slice(0, 4)}`;
  }

  named(name: string): this {
    this.title = name;
    return this;
  }
  suspended(): this {
    this.status = 'SUSPENDED';
    return this;
  }
  pending(): this {
    this.status = 'PENDING';
    return this;
  }

  async build(): Promise<TestPartyRecord> {
    const officers: TestOfficer[] = [];
    for (const name of ['Officer One', 'Officer Two']) {
      const key = aKey();
      officers.push({ id: randomUUID(), name, key, kid: keyIdOf(key) });
    }
    const keys = { auth: aKey(), evidence: aKey(), seal: aKey() };
    return { id: randomUUID() as PartyId, role: this.role, name: this.title, keys, officers };
  }

  /** Builds and writes to the directory; the client id is the party id. */
  async in(admin: Admin): Promise<TestPartyRecord> {
    const party = await this.build();
    await admin(
      `insert into directory.party (id, role, name, name_zh, status, jurisdiction, contact_desk) values ($1, $2, $3, '测试机构', $4, 'CN-31', '{"email":"desk@party.example"}')`,
      [party.id, party.role, party.name, this.status]);
    for (const [use, key] of Object.entries(party.keys)) {
      await admin('insert into directory.party_key (party_id, kid, use, jwk) values ($1, $2, $3, $4)', [party.id, keyIdOf(key), use, JSON.stringify(publicJwk(key))]);
    }
    for (const { id, name, key, kid } of party.officers) {
      await admin('insert into directory.officer (id, party_id, name, kid, jwk) values ($1, $2, $3, $4, $5)', [id, party.id, name, kid, JSON.stringify(publicJwk(key))]);
    }
    await admin('insert into directory.client (client_id, party_id) values ($1, $2)', [party.id, party.id]);
    return party;
  }
}

export function aRegisteredParty(role: PartyRole): PartyBuilder {
  return new PartyBuilder(role);
}
