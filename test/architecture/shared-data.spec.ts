/**
 * Reference data beside the project belongs to others and is read in place. A copy of a file, or of a stretch of one, would
 * carry licences and age silently. Single figures (test vectors) may be written down anew: a stretch is 25 long lines.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './import-table.js';
import { filesBelow, SOURCE_FOLDERS } from './source-tree.js';

const DATA = path.resolve(ROOT, '../shared/data');
const LONG_LINE = 12;
const LINES_MIN = 25;

const longLines = (text: string): Set<string> =>
  new Set(text.split('\n').map((line) => line.trim()).filter((line) => line.length >= LONG_LINE && /[\p{L}\d].*[\p{L}\d]/u.test(line)));

const readable = (entry: { isFile(): boolean; name: string }): boolean => entry.isFile() && !/^(README|LICENSE)/.test(entry.name);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

(existsSync(DATA) ? describe : describe.skip)('reference data (skipped where ../shared/data is absent)', () => {
  const originals = !existsSync(DATA) ? [] : readdirSync(DATA, { recursive: true, withFileTypes: true }).filter(readable).map((entry) => path.join(entry.parentPath, entry.name));

  it('is not copied as files', () => {
    const hashes = new Set(originals.map((file) => sha256(readFileSync(file))));
    const ours = filesBelow([...SOURCE_FOLDERS, 'docs', 'docker'], /./);
    expect(originals.length).toBeGreaterThan(10);
    expect(ours.filter((file) => file.text !== '' && hashes.has(sha256(readFileSync(path.join(ROOT, file.name))))).map((file) => file.name)).toEqual([]);
  });

  it('is not copied as stretches of lines', () => {
    const lines = new Set<string>();
    for (const file of originals) for (const line of longLines(readFileSync(file, 'utf8'))) lines.add(line);
    const ours = filesBelow([...SOURCE_FOLDERS, 'docs'], /\.(ts|mjs|json|csv|tsv|txt|md|ndjson)$/);
    const copied = (text: string): number => [...longLines(text)].filter((line) => lines.has(line)).length;
    expect(copied([...lines].slice(0, LINES_MIN).join('\n'))).toBe(LINES_MIN);
    expect(ours.filter((file) => copied(file.text) >= LINES_MIN).map((file) => file.name)).toEqual([]);
  });
});
