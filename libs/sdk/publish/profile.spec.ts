import { isStatedBasis, parseProfile } from './profile.js';

const whole = {
  role: 'SUSPECT', category: 'PHISHING', means: ['VICTIM_REPORT'], level: 'L1', purpose: 'FRAUD_PREVENTION',
  legalBasis: { code: 'STATUTORY_DUTY', law: 'ANTI_TELECOM_FRAUD_LAW', article: '18' }, tlp: 'AMBER',
};

describe(parseProfile.name, () => {
  it('takes words of the taxonomy, whole or in part, and a part of its own for a kind', () => {
    const profile = parseProfile({ ...whole, byType: { url: { category: 'TROJAN' } } });
    expect(profile.terms).toEqual(whole);
    expect(profile.byType['url']).toEqual({ category: 'TROJAN' });
    expect(parseProfile({ role: 'AGENT' }).terms).toEqual({ role: 'AGENT' });
  });
  it('names every fault at once and repeats no value', () => {
    const bad = { ...whole, purpose: 'MARKETING', level: 'L9', secret: 1, byType: { url: { tlp: 'PURPLE' }, passport: {} } };
    expect(() => parseProfile(bad)).toThrow(expect.objectContaining({
      code: 'PROFILE_INVALID', fields: { faults: ['level', 'purpose', '(unknown field)', 'byType.url.tlp', 'byType'] },
    }) as Error);
  });
  it('has a digest that changes with any word', () => {
    expect(parseProfile(whole).digest).not.toBe(parseProfile({ ...whole, tlp: 'RED' }).digest);
    expect(parseProfile(whole).digest).toBe(parseProfile({ ...whole }).digest);
  });
});

describe(isStatedBasis.name, () => {
  it('needs law and article where the basis does', () => {
    expect(isStatedBasis({ code: 'STATUTORY_DUTY' })).toBe(false);
    expect(isStatedBasis({ code: 'STATUTORY_DUTY', law: 'X', article: '1' })).toBe(true);
    expect(isStatedBasis({ code: 'CONSENT' })).toBe(true);
    expect(isStatedBasis({ code: 'CONSENT', also: 'x' })).toBe(false);
    expect(isStatedBasis({ code: 'toString' })).toBe(false);
  });
});
