/**
 * Spends proofs and reads who the caller is now, in one transaction on the primary: the proof's identifier is inserted
 * once for each key (a logged table, synchronous_commit off), and status and policy version are never
 * cached, so that a suspended member is out at its next call.
 */
import type { PartyId } from '#kernel';
import type { SystemTx } from '#platform/database';
import type { PartyRole } from '#protocol';
import type { SpentOnce } from './dpop-proof.js';

export interface LiveParty {
  readonly partyId: PartyId;
  readonly role: PartyRole;
  readonly name: string;
  readonly status: 'PENDING' | 'ACTIVE' | 'SUSPENDED' | 'EXPELLED';
  readonly policyVersion: number;
}
/** `stale`: made before the database last started, when the last spends may have been lost. */
export type Spend = 'fresh' | 'replayed' | 'stale';

export interface Identification {
  readonly spend: Spend;
  /** Null when no such client exists. */
  readonly party: LiveParty | null;
}

export class ReplayStore {
  constructor(private readonly system: SystemTx) {}

  async spend(proof: SpentOnce, clientId: string): Promise<Identification> {
    return this.system.run(async (tx) => {
      const [spent] = await tx.query<{ spend: Spend }>(SPEND, [proof.jkt, proof.jti, proof.iat]);
      const [party] = await tx.query<LiveParty>(
        'select party_id as "partyId", role, name, status, policy_version as "policyVersion" from directory.caller($1)', [clientId],
      );
      return { spend: spent?.spend ?? 'replayed', party: party ?? null };
    });
  }
}

// Kept for longer than any window; the worker clears what has expired. The setting lasts until this commit.
const SPEND = `
  with relaxed as (select set_config('synchronous_commit', 'off', true)),
  made as (select to_timestamp($3) < date_trunc('second', pg_postmaster_start_time()) as before_start from relaxed),
  spent as (
    insert into sec.replay (scope, key_id, jti, expires_at)
    select 'dpop', $1, $2, to_timestamp($3) + interval '5 minutes' from made where not before_start
    on conflict do nothing returning 1)
  select case when before_start then 'stale' when exists (select from spent) then 'fresh' else 'replayed' end as spend from made`;
