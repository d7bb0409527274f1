/**
 * The coordinator's view of the directory, under its row-level-security policies: other roles see and change nothing here.
 * An act and its signatures are rows, so that who admitted whom can be shown later.
 */
import { Injectable } from '@nestjs/common';
import { pageOf, type Page, type PageRequest, type PartyId } from '#kernel';
import type { Tx } from '#platform/database';
import type { AdmittedParty, DirectoryAct, DirectoryAction } from '#protocol';
import type { Party, PartyStatus } from './member.model.js';

export interface OpenAct {
  readonly id: string;
  readonly action: DirectoryAction;
  readonly digest: string;
  readonly signatures: number;
}
export interface ListedParty extends Party {
  /** A proposed admission or lifting that waits for a second officer. */
  readonly openAct: OpenAct | null;
}
export interface ActSignature {
  readonly officerId: string;
  readonly jws: string;
}

const LISTED = `select p.id, p.role, p.name, p.name_zh as "nameZh", p.status, p.policy_version as "policyVersion", p.jurisdiction, p.changed_at as "changedAt",
  (select jsonb_build_object('id', a.id, 'action', a.kind, 'digest', a.digest,
      'signatures', (select count(*) from directory.act_signature s where s.act_id = a.id))
    from directory.act a where a.party_id = p.id and a.state = 'PROPOSED' order by a.created_at desc limit 1) as "openAct"
  from directory.party p`;

@Injectable()
export class PartiesRepository {
  async list(tx: Tx, { first, after }: PageRequest): Promise<Page<ListedParty>> {
    const rows = await tx.query<ListedParty>(`${LISTED} where ($1::uuid is null or p.id > $1) order by p.id limit $2`, [after, first + 1]);
    return pageOf(rows, first, ({ id }) => id);
  }

  /** Locks the party's row until the transaction ends. */
  async forUpdate(tx: Tx, id: PartyId): Promise<{ status: PartyStatus; policyVersion: number } | null> {
    const [row] = await tx.query<{ status: PartyStatus; policyVersion: number }>(
      'select status, policy_version as "policyVersion" from directory.party where id = $1 for update', [id]);
    return row ?? null;
  }

  async activeMembers(tx: Tx): Promise<PartyId[]> {
    return (await tx.query<{ id: PartyId }>("select id from directory.party where role = 'member' and status = 'ACTIVE' order by id")).map(({ id }) => id);
  }

  async find(tx: Tx, id: PartyId): Promise<ListedParty | null> {
    const [row] = await tx.query<ListedParty>(`${LISTED} where p.id = $1`, [id]);
    return row ?? null;
  }

  /** True when the id, a key or an officer stands in the directory already. */
  async isKnown(tx: Tx, party: AdmittedParty): Promise<boolean> {
    const kids = [...party.keys, ...party.officers].map(({ kid }) => kid);
    const [row] = await tx.query<{ known: boolean }>(
      `select exists (select from directory.party where id = $1) or exists (select from directory.party_key where kid = any ($2))
        or exists (select from directory.officer where kid = any ($2) or id = any ($3)) as known`,
      [party.partyId, kids, party.officers.map(({ id }) => id)]);
    return row?.known ?? true;
  }

  async insertPending(tx: Tx, party: AdmittedParty): Promise<void> {
    await tx.execute(
      'insert into directory.party (id, role, name, name_zh, jurisdiction, contact_desk) values ($1, $2, $3, $4, $5, $6)',
      [party.partyId, party.role, party.name, party.nameZh, party.jurisdiction, JSON.stringify(party.contactDesk)]);
    for (const { kid, use, jwk } of party.keys) {
      await tx.execute('insert into directory.party_key (party_id, kid, use, jwk) values ($1, $2, $3, $4)', [party.partyId, kid, use, JSON.stringify(jwk)]);
    }
    for (const { id, name, kid, jwk } of party.officers) {
      await tx.execute('insert into directory.officer (id, party_id, name, kid, jwk) values ($1, $2, $3, $4, $5)', [id, party.partyId, name, kid, JSON.stringify(jwk)]);
    }
    // The first client of a party is the party itself.
    await tx.execute('insert into directory.client (client_id, party_id) values ($1, $2)', [party.partyId, party.partyId]);
  }

  async openAct(tx: Tx, party: PartyId, action: DirectoryAction): Promise<{ id: string; digest: string; officers: string[] } | null> {
    const [row] = await tx.query<{ id: string; digest: string; officers: string[] }>(
      `select a.id, a.digest, (select coalesce(array_agg(s.officer_id::text), '{}') from directory.act_signature s where s.act_id = a.id) as officers
       from directory.act a where a.party_id = $1 and a.kind = $2 and a.state = 'PROPOSED' for update of a`, [party, action]);
    return row ?? null;
  }

  async insertAct(tx: Tx, id: string, act: DirectoryAct, state: 'PROPOSED' | 'DONE'): Promise<void> {
    await tx.execute(
      `insert into directory.act (id, kind, party_id, digest, policy_version, state, done_at)
       values ($1, $2, $3, $4, $5, $6, case when $6 = 'DONE' then now() end)`,
      [id, act.action, act.party, act.digest ?? NO_DIGEST, act.policyVersion, state]);
  }

  async sign(tx: Tx, actId: string, { officerId, jws }: ActSignature): Promise<void> {
    await tx.execute('insert into directory.act_signature (act_id, officer_id, jws) values ($1, $2, $3)', [actId, officerId, jws]);
  }

  async finishAct(tx: Tx, actId: string): Promise<void> {
    await tx.execute("update directory.act set state = 'DONE', done_at = now() where id = $1", [actId]);
  }

  /** The policy version rises, so that tokens and statements made before end here. */
  async moveTo(tx: Tx, id: PartyId, status: PartyStatus, raise: boolean): Promise<void> {
    await tx.execute('update directory.party set status = $2, policy_version = policy_version + $3, changed_at = now() where id = $1', [id, status, raise ? 1 : 0]);
  }
}

const NO_DIGEST = '-'.repeat(43);
