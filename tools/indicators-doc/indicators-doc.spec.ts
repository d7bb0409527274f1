import { readFileSync } from 'node:fs';
import path from 'node:path';
import { indicatorsDocument } from './indicators-doc.js';

describe(indicatorsDocument.name, () => {
  it('is what docs/indicators.md holds', () => {
    expect(readFileSync(path.resolve(import.meta.dirname, '../../docs/indicators.md'), 'utf8')).toBe(indicatorsDocument());
  });
});
