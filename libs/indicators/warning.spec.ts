import { normalise, warningFor, type Form } from './index.js';

function form(kind: string, raw: string): Form {
  const result = normalise(kind, raw);
  if (!('forms' in result)) throw new Error(`${kind} example was not accepted`);
  return result.forms[0];
}

describe(warningFor.name, () => {
  it.each(['110', '12315', '12378', '96110', '12345'])('refuses authority number %s for the accused, not for the impersonated', (raw) => {
    expect(warningFor(form('phone', raw), 'agent', 'standard')).toMatchObject({ code: 'AUTHORITY_NUMBER', refuse: true });
    expect(warningFor(form('phone', raw), 'suspect', 'standard')).toMatchObject({ refuse: true });
    expect(warningFor(form('phone', raw), 'impersonated', 'standard')).toMatchObject({ code: 'AUTHORITY_NUMBER', refuse: false });
  });

  it.each(['95588', '010-95588', '10086', '956033'])('accepts hotline %s in the role impersonated only', (raw) => {
    for (const role of ['agent', 'suspect', 'victim', 'complainant'] as const) {
      expect(warningFor(form('phone', raw), role, 'standard')).toMatchObject({ code: 'MEMBER_HOTLINE', refuse: true });
    }
    expect(warningFor(form('phone', raw), 'impersonated', 'standard')).toMatchObject({ refuse: false });
  });

  it.each([
    ['phone', '+1 415 555 0123'], ['phone', '+44 20 7946 0981'], ['phone', '+44 141 496 0207'], ['phone', '+61 2 5550 1234'], ['phone', '+61 491 570 156'],
    ['url', 'https://shop.example/login'], ['url', 'http://example.com'], ['email', 'a@mail.example.org'], ['bank_card', '4111 1111 1111 1111'], ['device_id', '00-123456-789012-8'],
  ])('refuses the reserved %s %s, but not in a synthetic federation', (kind, raw) => {
    expect(warningFor(form(kind, raw), 'impersonated', 'standard')).toMatchObject({ code: 'RESERVED_RANGE', refuse: true });
    expect(warningFor(form(kind, raw), 'agent', 'synthetic')).toMatchObject({ code: 'RESERVED_RANGE', refuse: false });
  });

  it('refuses nothing in a synthetic federation, and says what it would have refused', () => {
    expect(warningFor(form('phone', '96110'), 'agent', 'synthetic')).toMatchObject({ code: 'AUTHORITY_NUMBER', refuse: false });
    expect(warningFor(form('phone', '95588'), 'agent', 'synthetic')).toMatchObject({ code: 'MEMBER_HOTLINE', refuse: false });
  });

  it.each([['phone', '13800138000'], ['phone', '+14155500123'], ['url', 'https://notexample.com/'], ['org_name', '招商银行'], ['social', 'qq2742732341']])('knows nothing against %s %s', (kind, raw) => {
    expect(warningFor(form(kind, raw), 'agent', 'standard')).toBeNull();
  });
});
