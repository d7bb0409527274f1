import { DomainError } from '#kernel';
import { budgetAdvice } from './run-tally.js';

const exhausted = (refillsAt: string | null) => new DomainError('BUDGET_EXHAUSTED', 'x', { budget: 'daily', left: 3, refillsAt });

describe(budgetAdvice.name, () => {
  it('names the moment in both languages', () => {
    expect(budgetAdvice(exhausted('2026-11-23T00:00:00.000Z'), 'en')).toContain('2026-11-23T00:00:00.000Z');
    expect(budgetAdvice(exhausted('2026-11-23T00:00:00.000Z'), 'zh')).toContain('恢复');
  });
  it('says so when no time helps, or when what a key-holder sent is no time', () => {
    expect(budgetAdvice(exhausted(null), 'en')).toContain('no time refills it');
    expect(budgetAdvice(exhausted('\u001b[2Jsoon'), 'zh')).toContain('不会自动恢复');
  });
  it('is silent about every other error', () => {
    expect(budgetAdvice(new DomainError('QUOTA_EXHAUSTED', 'x'), 'en')).toBeNull();
  });
});
