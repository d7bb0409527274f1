import { readFileSync } from 'node:fs';
import path from 'node:path';
import { recognitionCodesDocument } from './recognition-codes.js';

describe(recognitionCodesDocument.name, () => {
  it('is what docs/recognition-codes.md holds', () => {
    expect(readFileSync(path.resolve(import.meta.dirname, '../../docs/recognition-codes.md'), 'utf8')).toBe(recognitionCodesDocument());
  });
});
