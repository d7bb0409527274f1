import { withTestDatabase } from '#testing';
import { bootstrapFederation } from '../../../tools/bootstrap/bootstrap.js';
import { aNewcomer } from './support/acts.js';

describe(bootstrapFederation.name, () => {
  const db = withTestDatabase();
  const parties = () => db.admin<{ id: string; role: string; status: string }>('select id, role, status from directory.party order by id');

  it('takes a coordinator with two officers once, and nobody else', async () => {
    const url = db.url('tally_migrate');
    await expect(bootstrapFederation(url, (await aNewcomer('member')).publicFile)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const first = await aNewcomer('coordinator');
    const alone = JSON.stringify({ ...JSON.parse(first.publicFile) as object, officers: (JSON.parse(first.publicFile) as { officers: object[] }).officers.slice(0, 1) });
    await expect(bootstrapFederation(url, alone)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(await bootstrapFederation(url, first.publicFile)).toBe(first.record.id);
    const after = await parties();
    expect(after).toEqual([{ id: first.record.id, role: 'coordinator', status: 'ACTIVE' }]);
    await expect(bootstrapFederation(url, (await aNewcomer('coordinator')).publicFile)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    expect(await parties()).toEqual(after);
  });
  it('cannot be done by the application', async () => {
    const { system } = await db.app();
    await expect(system.run((tx) => tx.query("insert into directory.party (id, role, name, name_zh, jurisdiction, contact_desk) values (gen_random_uuid(), 'coordinator', 'x', 'x', '', '{}')")))
      .rejects.toMatchObject({ code: '42501' });
  });
});
