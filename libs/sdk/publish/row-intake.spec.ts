import { BrandIndex } from '#indicators';
import { parseProfile, type Profile } from './profile.js';
import { takeIn, type Intake } from './row-intake.js';
import type { SourceRow } from '../input/source-file.js';

const whole = parseProfile({
  role: 'SUSPECT', category: 'PHISHING', means: ['VICTIM_REPORT'], level: 'L1', purpose: 'FRAUD_PREVENTION', legalBasis: { code: 'PUBLIC_INTEREST' }, tlp: 'AMBER',
  byType: { url: { category: 'TROJAN' } },
});
const brands = new BrandIndex([{ brandId: 'b', owner: 'o', names: ['微众银行'], marks: [], latin: [], numbers: [], domains: ['webank.com'], accounts: [] }]);
const now = new Date('2026-11-22T08:00:00Z');
const take = (cells: Partial<NonNullable<SourceRow['cells']>> | null, profile: Profile = whole, policy: 'standard' | 'synthetic' = 'synthetic'): Intake =>
  takeIn({ line: 7, cells: cells === null ? null : { row: 'A1', type: 'phone', value: '13320826779', first_seen: '2026-03-01', channel: 'hotline', ...cells } }, { profile, policy, now, valueKind: null, brands });
const codeOf = (intake: Intake): string => ('reject' in intake ? intake.reject.code : 'taken');

describe(takeIn.name, () => {
  it('makes a candidate of a row, with what the profile adds', () => {
    const intake = take({});
    expect(intake).toMatchObject({ candidate: { line: 7, row: 'A1', kind: 'phone', firstSeen: '2026-03-01T00:00:00.000Z', terms: whole.terms } });
  });
  it('lets a cell win over the part for the kind, and that over the profile', () => {
    expect(take({ type: 'url', value: 'http://evil-shop.cn/login' })).toMatchObject({ candidate: { terms: { category: 'TROJAN' } } });
    expect(take({ type: 'url', value: 'http://evil-shop.cn/login', category: 'extortion' })).toMatchObject({ candidate: { terms: { category: 'EXTORTION' } } });
    expect(take({ legal_basis: 'STATUTORY_DUTY:ANTI_TELECOM_FRAUD_LAW:18', means: 'VICTIM_REPORT; FUNDS_TRACED' })).toMatchObject({
      candidate: { terms: { legalBasis: { code: 'STATUTORY_DUTY', law: 'ANTI_TELECOM_FRAUD_LAW', article: '18' }, means: ['VICTIM_REPORT', 'FUNDS_TRACED'] } },
    });
  });
  it('refuses a row that neither file nor profile covers, and names what is missing', () => {
    expect(take({}, parseProfile({ role: 'SUSPECT', tlp: 'RED' }))).toMatchObject({ reject: { code: 'TERM_MISSING', reason: expect.stringContaining('category, means, level, purpose, legalBasis') as string } });
  });
  it.each<[string, Parameters<typeof take>[0]]>([
    ['COLUMNS_INVALID', null], ['ROW_NAME_INVALID', { row: ' ' }], ['KIND_UNKNOWN', { type: 'passport' }], ['KIND_UNKNOWN', { type: '__proto__' }],
    ['DATE_INVALID', { first_seen: '2026-02-30' }], ['DATE_INVALID', { first_seen: '2027-01-01' }], ['DATE_INVALID', { first_seen: '1/3/2026' }],
    ['TERM_UNKNOWN', { purpose: 'marketing' }], ['TERM_UNKNOWN', { legal_basis: 'STATUTORY_DUTY' }],
  ])('refuses with %s', (code, cells) => {
    expect(codeOf(take(cells))).toBe(code);
  });
  it('gives a complaint text its bands, and takes no digest for a text', () => {
    const text = take({ type: 'complaint_text', value: '客服说可以代办停息挂账，收取百分之二十的手续费，要求先交定金。' });
    expect(text).toMatchObject({ candidate: { bands: { length: 20 }, forms: { length: 1 } } });
    expect(codeOf(take({ type: 'complaint_text', value: 'candidate' in text ? text.candidate.forms[0].value : '' }))).toBe('NOT_RAW');
    expect(take({})).toMatchObject({ candidate: { bands: [] } });
  });
  it('says which brand a row imitates, and takes a brand itself in the role of the victim only', () => {
    expect(take({ type: 'org_name', value: '星微众网络科技' })).toMatchObject({ candidate: { imitates: [{ brandId: 'b', how: 'CONTAINS', strong: true }], warning: null } });
    expect(take({ type: 'org_name', value: '优化信用管理(武汉)有限公司' })).toMatchObject({ candidate: { imitates: [] } });
    expect(codeOf(take({ type: 'org_name', value: '微众银行' }, whole, 'standard'))).toBe('BRAND_OWN');
    expect(take({ type: 'url', value: 'https://www.webank.com/', role: 'IMPERSONATED' }, whole, 'standard')).toMatchObject({ candidate: { warning: 'BRAND_OWN', imitates: [] } });
    expect(take({ type: 'org_name', value: '微众银行' })).toMatchObject({ candidate: { warning: 'BRAND_OWN' } });
  });
  it('keeps level L0 at home', () => {
    expect(take({ level: 'L0' })).toMatchObject({ local: { notice: 'LEVEL_L0' } });
  });
  it('refuses what the warning lists refuse, unless the federation is synthetic', () => {
    expect(codeOf(take({ value: '110' }, whole, 'standard'))).not.toBe('taken');
    expect(codeOf(take({ type: 'url', value: 'http://login.example.com/' }, whole, 'standard'))).toBe('RESERVED_RANGE');
    expect(codeOf(take({ type: 'url', value: 'http://login.example.com/' }, whole, 'synthetic'))).toBe('taken');
  });
  it('never repeats the value in a reason', () => {
    for (const cells of [{ value: '1234567' }, { type: '13320826779' }, { first_seen: '13320826779' }, { role: '13320826779' }]) {
      expect(JSON.stringify(take(cells))).not.toContain(cells.value ?? '13320826779');
    }
  });
});
