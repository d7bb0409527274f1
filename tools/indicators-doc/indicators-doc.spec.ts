import { readFileSync } from 'node:fs';
import path from 'node:path';
import { INDICATOR_KINDS, normalisers, WEAK_FORMS, type WeakFormKind } from '#indicators';
import { TOKEN_KINDS, WEAK_TOKEN_KINDS } from '#protocol';
import { indicatorsDocument } from './indicators-doc.js';

describe(indicatorsDocument.name, () => {
  it('is what docs/indicators.md holds', () => {
    expect(readFileSync(path.resolve(import.meta.dirname, '../../docs/indicators.md'), 'utf8')).toBe(indicatorsDocument());
  });
});

describe('kinds as the hub knows them', () => {
  it('are those of the normalisers, derived from the same kinds under the same names', () => {
    expect(Object.keys(TOKEN_KINDS).sort()).toEqual([...INDICATOR_KINDS].sort());
    expect(Object.keys(WEAK_TOKEN_KINDS).sort()).toEqual(Object.keys(WEAK_FORMS).sort());
    for (const [weak, { of, variant }] of Object.entries(WEAK_TOKEN_KINDS)) {
      expect([...of].sort()).toEqual(INDICATOR_KINDS.filter((kind) => normalisers[kind].weakForms.includes(weak as WeakFormKind)).sort());
      expect(variant).toBe(WEAK_FORMS[weak as WeakFormKind].variant);
    }
  });
});
