import type { ClueId } from '#kernel';
import { strongestOf, type HubOverlap } from './overlaps.js';

const overlap = (more: Partial<HubOverlap>): HubOverlap => ({
  id: 'o1', clueId: 'c1' as ClueId, kind: 'org_name', strength: 'EXACT', others: 'ONE', categories: ['PHISHING'], levels: ['L1'], impersonated: false,
  firstSeen: '2026-03-02T00:00:00.000Z', lastSeen: '2026-03-05T00:00:00.000Z', state: 'OPEN', openedAt: '2026-04-01T00:00:00.000Z', changedAt: '2026-04-01T00:00:00.000Z', ...more,
});

describe(strongestOf.name, () => {
  it('lets the exact form speak for the clue', () => {
    expect(strongestOf([overlap({ strength: 'WEAK', kind: 'org_core', others: 'TWO_OR_MORE', categories: ['TROJAN'] }), overlap({})]))
      .toMatchObject({ strength: 'exact', variants: ['canonical'], members: '1', categories: ['PHISHING'] });
  });
  it('names the variants that met', () => {
    expect(strongestOf([overlap({ strength: 'WEAK', kind: 'url_host' }), overlap({ strength: 'WEAK', kind: 'registrable_domain' })])).toMatchObject({ strength: 'weak', variants: ['host', 'registrable-domain'] });
  });
  it('tells a weak match as weak', () => {
    expect(strongestOf([overlap({ strength: 'WEAK', others: 'TWO_OR_MORE' })])).toMatchObject({ strength: 'weak', members: '2+' });
  });
  it('does not let a withdrawn exact overlap hide an open weak one', () => {
    expect(strongestOf([overlap({ state: 'WITHDRAWN' }), overlap({ strength: 'WEAK' })])).toMatchObject({ strength: 'weak', state: 'OPEN' });
    expect(strongestOf([overlap({ state: 'WITHDRAWN' })])).toMatchObject({ strength: 'exact', state: 'WITHDRAWN' });
  });
});
