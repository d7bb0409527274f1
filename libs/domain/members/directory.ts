/**
 * What any room may ask the directory: one party, its public keys, one officer by the thumbprint of its key. Each answer
 * comes from a definer function for one id, so that no caller can list who takes part. Keys found here are for comparing
 * with pinned ones; officers' keys are what the coordinator registered.
 */
import { Injectable } from '@nestjs/common';
import type { KeyId, PartyId } from '#kernel';
import type { Tx } from '#platform/database';
import type { Officer, PartyCard, PartyKey } from './member.model.js';

/** Also served by SystemTx: the functions need no member context. */
export type DirectoryScope = Pick<Tx, 'query'>;

@Injectable()
export class Directory {
  /** Null for an unknown or not yet admitted party. */
  async party(tx: DirectoryScope, id: PartyId): Promise<PartyCard | null> {
    const [row] = await tx.query<PartyCard>(
      `select party_id as id, role, name, name_zh as "nameZh", status, policy_version as "policyVersion", jurisdiction,
        contact_desk as "contactDesk", webhook_url as "webhookUrl" from directory.card($1)`, [id]);
    return row ?? null;
  }

  /** All keys, revoked ones included, ordered by use and age. */
  keys(tx: DirectoryScope, id: PartyId): Promise<PartyKey[]> {
    return tx.query<PartyKey>('select kid, use, jwk, valid_from as "validFrom", revoked_at as "revokedAt" from directory.keys($1)', [id]);
  }

  /** An active officer of an active party, or null. */
  async officerByKey(tx: DirectoryScope, kid: KeyId): Promise<Officer | null> {
    const [row] = await tx.query<Officer>(
      'select officer_id as "officerId", party_id as "partyId", role, name, kid, jwk from directory.officer_by_key($1)', [kid]);
    return row ?? null;
  }

  /** Suspended and expelled parties: the content of the public status list. */
  async suspended(tx: DirectoryScope): Promise<PartyId[]> {
    return (await tx.query<{ id: PartyId }>('select suspended as id from directory.suspended()')).map(({ id }) => id);
  }

  /** Identifier of the database cluster; key-holders refuse to share one with the hub. */
  async cluster(tx: DirectoryScope): Promise<string> {
    const [row] = await tx.query<{ cluster: string }>('select system_identifier::text as cluster from pg_control_system()');
    return row?.cluster ?? '';
  }
}
