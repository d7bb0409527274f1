import { withTestDatabase } from '#testing';
import { bootstrapRoles, withClient } from './roles.js';

const db = withTestDatabase();

describe(bootstrapRoles.name, () => {
  it('may run many times at once and writes nothing when all is as it should be', async () => {
    const rows = (): Promise<unknown[]> => db.admin("select xmin::text, rolname from pg_authid where rolname like 'tally\\_%' order by rolname");
    const before = await rows();
    await Promise.all([1, 2, 3, 4].map(() => bootstrapRoles(db.adminUrl)));
    expect(await rows()).toEqual(before);
  });

  it('lets the migration login act as the owner only when it says so', async () => {
    const url = db.url('tally_migrate');
    await expect(withClient(url, (client) => client.query('create table tally.sneaked (a int)'))).rejects.toMatchObject({ code: '42501' });
    const role = await withClient(url, async (client) => (await client.query<{ role: string }>('select current_user::text as role')).rows[0]?.role, '-c role=tally_owner');
    expect(role).toBe('tally_owner');
  });

  it.each(['tally_app', 'tally_worker', 'tally_log', 'tally_auth'] as const)('lets %s become nobody else', async (login) => {
    for (const role of ['tally_owner', 'tally_match', 'tally_audit', 'postgres']) {
      await expect(withClient(db.url(login), (client) => client.query(`set role ${role}`))).rejects.toMatchObject({ code: '42501' });
    }
  });
});
