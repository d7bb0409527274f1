import fc from 'fast-check';
import { CATEGORIES, CATEGORY_CODES, MEANS_CODES, type Category } from '#protocol';
import { judgeClue, recognisedMeans } from './clue.policy.js';
import { isRefusal, readClue } from './clue-shape.policy.js';
import type { ClueStatement, Refusal } from './clue.model.js';

const NOW = new Date('2026-06-01T00:00:00Z');
const detail = Buffer.alloc(256 + 40, 7).toString('base64url');
const token = (digit: string): string => digit.repeat(32);
const INPUT = {
  clueId: '01970000-0000-7000-8000-000000000001', epoch: 1, kindVersion: 'phone@1',
  forms: [{ kind: 'phone', strength: 'EXACT', token: token('a') }, { kind: 'phone_base', strength: 'WEAK', token: token('b') }],
  category: 'PROXY_RIGHTS_PROTECTION', means: ['FEE_FOR_PROXY'], role: 'AGENT', level: 'L1', purpose: 'CONSUMER_PROTECTION',
  legalBasis: { code: 'PUBLIC_INTEREST' }, tlp: 'AMBER', firstSeen: '2026-03-01', lastSeen: '2026-04-01T10:00:00Z', detail, revision: 1,
};
const judge = (change: object): Refusal | null => {
  const read = readClue({ ...INPUT, ...change });
  return isRefusal(read) ? read : judgeClue(read, NOW);
};
const insufficient = (field: string): Refusal => ({ code: 'EVIDENCE_INSUFFICIENT', field });

describe(readClue.name, () => {
  it('takes a clue as it is', () => {
    expect(readClue(INPUT)).toMatchObject({ kind: 'phone', kindVersion: 1, approver: null, evidence: [] });
  });
  it.each<[string, object]>([
    ['clueId', { clueId: 'x' }], ['clueId', { clueId: '0197a000-0000-4000-8000-000000000001' }], ['epoch', { epoch: -1 }], ['epoch', { epoch: '1' }],
    ['forms', { forms: [] }], ['forms.token', { forms: [{ ...INPUT.forms[0], token: token('A') }] }],
    ['forms.token', { forms: [INPUT.forms[0], { ...INPUT.forms[1], token: token('a') }] }],
    ['forms.strength', { forms: [INPUT.forms[1]] }], ['forms.strength', { forms: [INPUT.forms[0], { ...INPUT.forms[1], strength: 'EXACT' }] }],
    ['category', { category: 'COLLECTION' }], ['category', { category: '__proto__' }], ['means', { means: ['RUMOUR'] }], ['means', { means: ['FEE_FOR_PROXY', 'FEE_FOR_PROXY'] }],
    ['role', { role: 'agent' }], ['level', { level: 'L5' }], ['purpose', { purpose: 'MARKETING' }], ['purpose', { purpose: 'CREDIT_SCORING' }], ['purpose', { purpose: undefined }],
    ['legalBasis', { legalBasis: { code: 'LEGITIMATE_INTEREST' } }], ['legalBasis', { legalBasis: undefined }], ['legalBasis', { legalBasis: { code: 'CONSENT', note: 'x' } }],
    ['tlp', { tlp: 'WHITE' }], ['firstSeen', { firstSeen: '2026-02-30' }], ['firstSeen', { firstSeen: '2026-06-31T00:00:00Z' }], ['lastSeen', { lastSeen: 1 }],
    ['approver', { approver: 'a\nb' }], ['approver', { approver: '\u202eabc' }], ['detail', { detail: '' }], ['detail', { detail: 'A'.repeat(400) + '=' }],
    ['detail', { detail: Buffer.alloc(256 + 65).toString('base64url') }], ['detail', { detail: Buffer.alloc(17 * 256).toString('base64url') }],
    ['revision', { revision: 0 }], ['unknown member', { score: 1 }],
  ])('refuses a clue whose %s is not as it must be', (field, change) => {
    expect(readClue({ ...INPUT, ...change })).toEqual({ code: 'BAD_INPUT', field });
  });
  it.each([['url@2', true], ['domain@1', true], ['email@2', false]])('lets %s bring a registrable domain: %s', (kindVersion, allowed) => {
    const [kind] = kindVersion.split('@');
    const forms = [{ kind, strength: 'EXACT', token: token('a') }, { kind: 'registrable_domain', strength: 'WEAK', token: token('b') }];
    const read = readClue({ ...INPUT, kindVersion, forms });
    if (allowed) expect(read).toMatchObject({ kind, kindVersion: Number(kindVersion.at(-1)) });
    else expect(read).toEqual({ code: 'KIND_UNKNOWN', field: 'forms.kind' });
  });
  it.each(['complaint_band@1', 'phone', 'fax@1', 'phone_base@1'])('knows no token of %s', (kindVersion) => {
    expect(readClue({ ...INPUT, kindVersion })).toEqual({ code: 'KIND_UNKNOWN', field: 'kindVersion' });
  });
  it("refuses another kind's variant", () => {
    expect(readClue({ ...INPUT, forms: [INPUT.forms[0], { kind: 'org_core', strength: 'WEAK', token: token('c') }] })).toMatchObject({ code: 'KIND_UNKNOWN' });
  });
  it('never throws, whatever arrives', () => {
    fc.assert(fc.property(fc.anything(), (value) => isRefusal(readClue(value))));
    fc.assert(fc.property(fc.constantFrom(...Object.keys(INPUT)), fc.anything(), (name, value) => { readClue({ ...INPUT, [name]: value }); }));
  });
});

describe(judgeClue.name, () => {
  it('lets a lawful clue pass', () => expect(judge({})).toBeNull());

  it('never shares an individual who is not grey industry, whatever is said about it', () => {
    const means = MEANS_CODES;
    for (const level of ['L1', 'L2', 'L3', 'L4']) {
      expect(judge({ category: 'INDIVIDUAL_NOT_GREY_INDUSTRY', level, means, approver: 'Li', authorityReference: 'No. 1' })).toEqual({ code: 'CATEGORY_NOT_SHAREABLE', field: 'category' });
    }
  });

  describe('guards lawful complainants', () => {
    const complaint = { category: 'MALICIOUS_COMPLAINT', means: ['AGENT_ACCOMPANIES'], role: 'AGENT' };
    it('takes a malicious complaint by an agent with a recognised means', () => expect(judge(complaint)).toBeNull());
    it.each(['SUSPECT', 'VICTIM', 'IMPERSONATED', 'COMPLAINANT'])('refuses one whose subject is a %s', (role) => {
      expect(judge({ ...complaint, role })).toEqual(insufficient('role'));
    });
    it.each([[[]], [['SOLICITATION_RECORDED']], [['DEVICE_CLUSTER', 'AUTHORITY_NOTICE']]])('refuses one without a means of its own: %j', (means) => {
      expect(judge({ ...complaint, means })).toEqual(insufficient('means'));
    });
    it('does not let an authority reference stand in for the means', () => {
      expect(judge({ ...complaint, means: [], level: 'L4', authorityReference: 'No. 1' })).toEqual(insufficient('means'));
    });
  });

  it('asks of each level what the level claims', () => {
    expect(judge({ level: 'L0' })).toEqual({ code: 'POLICY_FORBIDS', field: 'level' });
    expect(judge({ level: 'L1', means: [] })).toEqual(insufficient('means'));
    expect(judge({ level: 'L1', means: ['FORGERY_VERIFIED'] })).toEqual(insufficient('means'));
    expect(judge({ level: 'L2' })).toEqual(insufficient('means'));
    expect(judge({ level: 'L2', means: ['FEE_FOR_PROXY', 'COACHING_MATERIAL'] })).toBeNull();
    expect(judge({ level: 'L3', evidence: ['PROXY_AGREEMENT', 'CONSUMER_STATEMENT'] })).toEqual(insufficient('approver'));
    expect(judge({ level: 'L3', approver: '李四', evidence: ['PROXY_AGREEMENT'] })).toEqual(insufficient('evidence'));
    expect(judge({ level: 'L3', approver: '李四', evidence: ['PROXY_AGREEMENT', 'CONSUMER_STATEMENT'] })).toBeNull();
    expect(judge({ level: 'L4' })).toEqual(insufficient('authorityReference'));
    expect(judge({ level: 'L4', means: [], authorityReference: '〔2026〕12号' })).toBeNull();
  });

  it('checks the legal basis as a pair with the category', () => {
    const atfl = { code: 'STATUTORY_DUTY', law: '反电信网络诈骗法', article: '18' };
    for (const category of CATEGORY_CODES.filter((code) => CATEGORIES[code].shareable)) {
      const clue = { category, means: MEANS_CODES.filter((code) => recognisedMeans({ category, means: [code] }).length > 0) };
      const expected = (CATEGORIES[category] as Category).onlineFraud ? null : { code: 'BASIS_NOT_APPLICABLE', field: 'legalBasis.law' };
      expect(judge({ ...clue, legalBasis: atfl })).toEqual(expected);
      for (const code of ['CONSENT', 'OTHER_LAW', 'PUBLIC_INTEREST']) expect(judge({ ...clue, legalBasis: { ...atfl, code } })).toEqual(expected);
      expect(judge({ ...clue, legalBasis: { code: 'LAWFULLY_PUBLIC' } })).toBeNull();
    }
  });
  it.each(['STATUTORY_DUTY', 'OTHER_LAW'])('takes %s only with law and article', (code) => {
    const missing = { code: 'BASIS_NOT_APPLICABLE', field: 'legalBasis.article' };
    expect(judge({ legalBasis: { code } })).toEqual(missing);
    expect(judge({ legalBasis: { code, law: 'ANTI_MONEY_LAUNDERING_LAW' } })).toEqual(missing);
    expect(judge({ legalBasis: { code, article: '39' } })).toEqual(missing);
    expect(judge({ legalBasis: { code, law: 'ANTI_MONEY_LAUNDERING_LAW', article: '39' } })).toBeNull();
  });

  it('refuses what cannot be: public personal data, a last sighting before the first, one in the future', () => {
    expect(judge({ tlp: 'CLEAR' })).toEqual({ code: 'POLICY_FORBIDS', field: 'tlp' });
    expect(judge({ firstSeen: '2026-04-02' })).toEqual({ code: 'BAD_INPUT', field: 'firstSeen' });
    expect(judge({ lastSeen: '2026-06-03' })).toEqual({ code: 'BAD_INPUT', field: 'lastSeen' });
  });

  it('gives every shareable category a means that can raise it to L1', () => {
    for (const category of CATEGORY_CODES.filter((code) => CATEGORIES[code].shareable)) {
      expect(recognisedMeans({ category, means: MEANS_CODES } satisfies Pick<ClueStatement, 'category' | 'means'>).length).toBeGreaterThan(1);
    }
  });
});
