/**
 * Storage of oidc-provider on PostgreSQL. Clients are read from the key directory on every request, so that a suspended
 * party's client is gone at once and nothing can be registered here. A replayed identifier is one that its INSERT does not
 * insert: `find` before `upsert` would let two at once through.
 */
import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import type { SystemTx } from '#platform/database';
import { isDatabaseGone } from '#platform/http';
import { SCOPES_OF_ROLE, type PartyRole } from '#protocol';

interface ClientRow {
  readonly client_id: string;
  readonly party_id: string;
  readonly role: PartyRole;
  readonly policy_version: number;
  readonly keys: object[] | null;
}

/** 503, so that a client comes again; the library's default for what it does not know is 500. */
function unavailable(): Error {
  return Object.assign(new errors.CustomOIDCProviderError('temporarily_unavailable', 'try again'), { status: 503, statusCode: 503 });
}

const REPLAY = 'ReplayDetection';
const CLIENT = 'Client';

export class PostgresAdapter implements Adapter {
  constructor(private readonly model: string, private readonly system: SystemTx) {}

  async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    if (this.model === CLIENT) throw new errors.InvalidRequest('clients are registered by admission only');
    if (this.model === REPLAY) return this.spend(id, expiresIn);
    await this.query(
      `insert into oidc.record (model, id, payload, grant_id, expires_at) values ($1, $2, $3, $4, now() + make_interval(secs => $5))
       on conflict (model, id) do update set payload = excluded.payload, grant_id = excluded.grant_id, expires_at = excluded.expires_at`,
      [this.model, id, JSON.stringify(payload), payload.grantId ?? null, expiresIn ?? null]);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    if (this.model === CLIENT) return this.client(id);
    if (this.model === REPLAY) return undefined;
    const [row] = await this.query<{ payload: AdapterPayload; consumed: number | null }>(
      `select payload, extract(epoch from consumed_at)::int as consumed from oidc.record
       where model = $1 and id = $2 and (expires_at is null or expires_at > now())`, [this.model, id]);
    return row === undefined ? undefined : { ...row.payload, ...(row.consumed === null ? {} : { consumed: row.consumed }) };
  }

  async consume(id: string): Promise<void> {
    await this.query('update oidc.record set consumed_at = now() where model = $1 and id = $2', [this.model, id]);
  }

  async destroy(id: string): Promise<void> {
    await this.query('delete from oidc.record where model = $1 and id = $2', [this.model, id]);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.query('delete from oidc.record where grant_id = $1', [grantId]);
  }

  // Sessions and device codes do not exist here: client_credentials only.
  async findByUid(): Promise<undefined> {
    return undefined;
  }

  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  /** Waited for: an assertion lives for minutes, so one that a crash forgot could be spent again with another DPoP key. */
  private async spend(id: string, expiresIn: number): Promise<void> {
    const rows = await this.query(
      `insert into sec.replay (scope, key_id, jti, expires_at)
       values ('assertion', 'oidc', $1, now() + make_interval(secs => $2 + 60)) on conflict do nothing returning 1 as spent`,
      [id, expiresIn]);
    if (rows.length !== 1) throw new errors.InvalidRequest('replayed');
  }

  private async client(id: string): Promise<AdapterPayload | undefined> {
    const [row] = await this.query<ClientRow>('select client_id, party_id, role, policy_version, keys from directory.clients where client_id = $1', [id]);
    if (row === undefined || row.keys === null) return undefined;
    return {
      client_id: row.client_id,
      grant_types: ['client_credentials'], response_types: [], redirect_uris: [],
      token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256', id_token_signed_response_alg: 'ES256',
      dpop_bound_access_tokens: true,
      jwks: { keys: row.keys.map((key) => ({ ...key, alg: 'ES256', use: 'sig' })) },
      tally_party: row.party_id, tally_role: row.role, tally_policy: row.policy_version,
      tally_scope: SCOPES_OF_ROLE[row.role].join(' '),
    } as AdapterPayload;
  }

  private async query<R>(sql: string, params: readonly unknown[]): Promise<R[]> {
    try {
      return await this.system.run((tx) => tx.query<R>(sql, params));
    } catch (error) {
      throw isDatabaseGone(error) ? unavailable() : error;
    }
  }
}
