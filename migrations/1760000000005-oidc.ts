/** Token server: what oidc-provider's adapter keeps. No member data; replayed assertions are in sec.replay. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Oidc1760000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}

const TABLES = `
  create schema oidc;
  grant usage on schema oidc to tally_auth;
  create table oidc.record (
    model text not null check (octet_length(model) <= 64),
    id text not null check (octet_length(id) <= 256),
    payload jsonb not null,
    grant_id text,
    consumed_at timestamptz,
    expires_at timestamptz,
    primary key (model, id)
  );
  create index record_grant on oidc.record (grant_id) where grant_id is not null;
  create index record_expiry on oidc.record (expires_at) where expires_at is not null;
  grant select, insert, update, delete on oidc.record to tally_auth;
`;
