/** docs/threat-model.md: each threat ends in a test that exists or in an accepted risk that is stated; figures are computed anew. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './import-table.js';

const page = readFileSync(path.join(ROOT, 'docs/threat-model.md'), 'utf8');
const cellsOf = (line: string): string[] => line.split('|').slice(1, -1).map((cell) => cell.trim());
const threats = page.split('\n').filter((line) => /^\| T\d+ \|/.test(line)).map(cellsOf);
const risks = new Set(page.split('\n').filter((line) => /^\| A\d+ \|/.test(line)).map((line) => cellsOf(line)[0] ?? ''));
const TEST = /\.(spec|int-spec|e2e-spec)\.ts$/;

/** Evidence that is neither an existing test nor a stated risk; "nothing" when the cell is empty. */
function faultsOf(evidence: string): string[] {
  const items = evidence.split(',').map((item) => item.trim().replaceAll('`', '')).filter((item) => item !== '');
  if (items.length === 0) return ['nothing'];
  return items.filter((item) => !(risks.has(item) || (TEST.test(item) && existsSync(path.join(ROOT, item)))));
}

describe('docs/threat-model.md', () => {
  it('numbers its threats, with class, answer and evidence', () => {
    expect(threats.length).toBeGreaterThan(30);
    // A number is given once and never again; new threats stand where they belong.
    expect(new Set(threats.map(([id]) => id)).size).toBe(threats.length);
    for (const cells of threats) expect([cells[0], cells.length, cells.every((cell) => cell !== '')]).toEqual([cells[0], 5, true]);
    for (const [id, , kind = ''] of threats) expect([id, kind]).toEqual([id, expect.stringMatching(/^(S|T|R|I|D|E|L|Id|N|De|Dd|U|Nc)(, (S|T|R|I|D|E|L|Id|N|De|Dd|U|Nc))*$/)]);
  });

  it('ends each threat in a test that exists or in an accepted risk', () => {
    expect([faultsOf(''), faultsOf('A99'), faultsOf('`libs/nowhere.spec.ts`'), faultsOf('A1')]).toEqual([['nothing'], ['A99'], ['libs/nowhere.spec.ts'], []]);
    expect(threats.flatMap(([id, , , , evidence = '']) => faultsOf(evidence).map((fault) => `${id}: ${fault}`))).toEqual([]);
  });

  it('names every accepted risk from a threat or from the arithmetic', () => {
    const named = new Set([...page.split('## Accepted risks')[0]?.matchAll(/\bA\d+\b/g) ?? []].map(([risk]) => risk));
    expect([...risks].filter((risk) => !named.has(risk))).toEqual([]);
  });

  it('states what budgets leave open in figures that add up', () => {
    const allocated = 1e8;
    const rows = page.split('\n').filter((line) => /^\| [\d,]+ \| \d+ \| \d+ \| [\d.]+ % \|$/.test(line)).map(cellsOf);
    expect(rows.length).toBeGreaterThanOrEqual(5);
    for (const [attested = '', colluders = '', days = '', covered] of rows) {
      const n = Number(attested.replaceAll(',', ''));
      const d = Number(days);
      const share = Math.min(1, Number(colluders) * (Math.max(200_000, n / 10) + 1.1 * n * Math.min(1, d / 30) + Math.max(10_000, n / 1000) * d) / allocated);
      expect([attested, colluders, days, covered]).toEqual([attested, colluders, days, `${(share * 100).toFixed(2)} %`]);
    }
  });
});
