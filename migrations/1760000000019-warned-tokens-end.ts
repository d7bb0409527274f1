/** Tokens of warning lists end with their epoch, as every other token does (docs/protocol/epochs.md). The worker calls it with the rest that has run out. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class WarnedTokensEnd1760000000019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const part of [POLICY, AS_MATCHER, EXPIRE_WARNED, AS_OWNER]) await runner.query(part);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}

const POLICY = `
  create policy match_delete on tally.warned_token for delete to tally_match using (true);
  grant delete on tally.warned_token to tally_match;
`;
/** Functions are made by their owner: so what they may read is never for a moment more than theirs. */
const AS_MATCHER = 'grant create on schema match to tally_match; set local role tally_match';
const EXPIRE_WARNED = `
  create function match.expire_warned_tokens() returns setof boolean
    language sql volatile security definer set search_path = pg_catalog, pg_temp
  begin atomic
    delete from tally.warned_token w where w.epoch < (select match.first_open_epoch()) or w.epoch = any ((select match.stopped_epochs())::bigint[]) returning true;
  end;
  revoke execute on function match.expire_warned_tokens() from public;
  grant execute on function match.expire_warned_tokens() to tally_worker;
`;
const AS_OWNER = 'set local role tally_owner; revoke create on schema match from tally_match';
