import { lawCodeOf } from './legal-bases.js';
import { CATEGORIES } from './taxonomy-categories.js';
import { MEANS, PROOF_FIELDS, type Means } from './taxonomy-means.js';
import { isCode, LEVELS, PURPOSES, ROLES } from './taxonomy.js';

describe('taxonomy', () => {
  it('is bilingual throughout', () => {
    for (const table of [CATEGORIES, MEANS, PROOF_FIELDS, LEVELS, PURPOSES, ROLES]) {
      for (const [code, { zh, en }] of Object.entries(table)) {
        expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/);
        expect(zh).toMatch(/\p{Script=Han}/u);
        expect(en).toMatch(/[a-z]/);
      }
    }
  });
  it('has no word for marketing, credit scoring, pricing or collection', () => {
    expect(Object.keys(PURPOSES).join(' ')).not.toMatch(/MARKET|SCOR|PRIC|COLLECT|ADVERT/);
    expect(isCode(PURPOSES, 'MARKETING')).toBe(false);
    expect(isCode(PURPOSES, '__proto__')).toBe(false);
  });
  it('gives every means evidence and a rule, and each guarded category a means of its own', () => {
    for (const means of Object.values(MEANS) as Means[]) {
      expect(means.evidence.length).toBeGreaterThan(0);
      expect(means.rule.zh.length * means.rule.en.length).toBeGreaterThan(0);
    }
    const guarded = Object.entries(CATEGORIES).filter(([, c]) => c.guarded).map(([code]) => code);
    expect(guarded).toEqual(['MALICIOUS_COMPLAINT']);
    expect((Object.values(MEANS) as Means[]).some((means) => means.categories?.includes('MALICIOUS_COMPLAINT'))).toBe(true);
  });
  it.each(['ANTI_TELECOM_FRAUD_LAW', '反电信网络诈骗法', '《中华人民共和国 反电信网络诈骗法》', 'Anti-Telecom and Online Fraud Law', 'anti telecom fraud law', '反 电 信 网 络 诈 骗 法', '反電信網絡詐騙法'])(
    'reads %s as the Anti-Telecom and Online Fraud Law', (law) => {
      expect(lawCodeOf(law)).toBe('ANTI_TELECOM_FRAUD_LAW');
    });
  it('leaves other laws to their citation', () => {
    expect(lawCodeOf('中华人民共和国民法典')).toBeNull();
  });
});
