import { withClient } from '#platform/database';
import { withTestDatabase } from '#testing';
import { schemaText } from '../tools/schema-sql/catalogue-text.js';

const db = withTestDatabase();

async function textAfter(change: string): Promise<string> {
  return withClient(db.adminUrl, async (client) => {
    await client.query('begin');
    await client.query(change);
    const text = await schemaText(client);
    await client.query('rollback');
    return text;
  });
}

describe(schemaText.name, () => {
  let unchanged: string;
  beforeAll(async () => { unchanged = await textAfter('select 1'); });

  it('writes the same text twice', async () => expect(await textAfter('select 2')).toBe(unchanged));

  it.each([
    'alter table platform.outbox add column extra int',
    'alter table platform.outbox alter column attempts drop default',
    'alter table platform.outbox drop constraint outbox_state_check',
    'drop index platform.outbox_open',
    'drop policy relay_read on platform.outbox',
    'alter policy relay_clear on platform.outbox using (true)',
    'alter table platform.outbox no force row level security',
    'grant delete on platform.outbox to tally_app',
    'grant select (id) on platform.outbox to tally_app',
    'drop trigger announce on platform.outbox',
    'alter function sec.party() owner to tally_match',
    'alter function sec.party() reset search_path',
    'grant execute on function sec.context() to tally_app',
    'create view tally.everything as select 1 as one',
  ])('shows the drift of: %s', async (change) => expect(await textAfter(change)).not.toBe(unchanged));
});
