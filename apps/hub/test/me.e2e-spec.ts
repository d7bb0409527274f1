import { readFileSync } from 'node:fs';
import { withHub } from './support/hub-under-test.js';

describe('query me', () => {
  const hub = withHub();

  it('answers the caller through guard, flow, signed context and directory', async () => {
    const bank = await hub.party('member', 'Bank A');
    const { status, body } = await bank.graphql('{ me { partyId role name nameZh clientId scopes } }');
    expect(body).toEqual({ data: { me: {
      partyId: bank.id, role: 'MEMBER', name: 'Bank A', nameZh: '测试机构', clientId: bank.id, scopes: expect.arrayContaining(['self:read', 'clues:publish']) as unknown } } });
    expect(status).toBe(200);
  });
  it('counts and logs the operation by name, without arguments', async () => {
    const bank = await hub.party('member');
    await bank.graphql('query ($id: UUID!) { partyKeys(partyId: $id) { kid } }', { id: '00000000-0000-4000-8000-000000000000' });
    expect((await hub.anonymous('GET', '/metrics')).text).toMatch(/tally_operations_total\{[^}]*operation="PartiesResolver\.partyKeys"[^}]*code="NOT_FOUND"[^}]*\} 1/);
    const log = readFileSync(hub.parts.config.logFile ?? '', 'utf8');
    expect(log).toContain(`"operation":"PartiesResolver.partyKeys","party":"${bank.id}","code":"NOT_FOUND"`);
    expect(log).not.toContain('00000000-0000-4000-8000-000000000000');
  });
  it('serves health without a credential', async () => {
    expect((await hub.anonymous('GET', '/health/live')).body).toEqual({ status: 'live' });
    expect((await hub.anonymous('GET', '/health/ready')).body).toEqual({ status: 'ready', parts: { accepting: true, database: true } });
  });
});
