import { brandWarning, normalise, TOKENISED_WARNING_LISTS, warningFor, type Form } from './index.js';

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

  it.each([
    ['domain', 'gmail.com', 'FREE_MAIL_DOMAIN'], ['url', 'https://mail.qq.com/', null], ['url', 'https://www.163.com/', 'FREE_MAIL_DOMAIN'], ['domain', 'weibo.com', 'BENIGN_DOMAIN'], ['url', 'https://weibo.com/u/12', null],
    ['domain', '12306.cn', 'BENIGN_DOMAIN'], ['domain', 'www.pbc.gov.cn', 'AUTHORITY_DOMAIN'], ['url', 'https://www.12377.cn/a/b', 'AUTHORITY_DOMAIN'], ['email', 'kefu@gmail.com', null],
  ])('judges %s %s as %s, and refuses it for the accused', (kind, raw, code) => {
    const warning = warningFor(form(kind, raw), 'agent', 'standard');
    expect(warning?.code ?? null).toBe(code);
    if (code === null) return;
    expect(warning?.refuse).toBe(true);
    expect(warningFor(form(kind, raw), 'impersonated', 'standard')?.refuse).toBe(false);
    expect(warningFor(form(kind, raw), 'agent', 'synthetic')?.refuse).toBe(false);
  });

  it('takes what a brand calls its own in the role impersonated only', () => {
    for (const role of ['agent', 'suspect', 'victim', 'complainant'] as const) expect(brandWarning(role, 'standard')).toMatchObject({ code: 'BRAND_OWN', refuse: true });
    expect(brandWarning('impersonated', 'standard').refuse).toBe(false);
    expect(brandWarning('agent', 'synthetic').refuse).toBe(false);
  });

  it('has lists for the hub of which every entry is an indicator that the agent warns of too', () => {
    for (const { kind, values } of TOKENISED_WARNING_LISTS) {
      for (const value of values) expect({ value, warns: warningFor(form(kind, value), 'agent', 'standard')?.refuse }).toEqual({ value, warns: true });
    }
  });

  it('refuses nothing in a synthetic federation, and says what it would have refused', () => {
    expect(warningFor(form('phone', '96110'), 'agent', 'synthetic')).toMatchObject({ code: 'AUTHORITY_NUMBER', refuse: false });
    expect(warningFor(form('phone', '95588'), 'agent', 'synthetic')).toMatchObject({ code: 'MEMBER_HOTLINE', refuse: false });
  });

  it.each([['phone', '13800138000'], ['phone', '+14155500123'], ['url', 'https://notexample.com/'], ['org_name', '招商银行'], ['social', 'qq2742732341']])('knows nothing against %s %s', (kind, raw) => {
    expect(warningFor(form(kind, raw), 'agent', 'standard')).toBeNull();
  });
});
