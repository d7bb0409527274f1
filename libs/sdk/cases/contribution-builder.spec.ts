import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type { ClueId } from '#kernel';
import { parseContribution } from '#protocol';
import type { PartyHome } from '../keys/index.js';
import type { HubCase } from './case-view.js';
import { contributionOf, rowsCsv, type EvidenceRow } from './contribution-builder.js';

const id = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;
const row = (over: Partial<EvidenceRow> = {}): EvidenceRow => ({ row: '1', kind: 'phone', value: '138 0000 0000', canonical: '+8613800000000', firstSeen: '2026-01-01T00:00:00.000Z', clueId: id(9) as ClueId, ...over });
const home = (contactDesk: unknown): PartyHome => ({ party: { partyId: id(1) }, publicFile: () => ({ name: 'Bank', nameZh: '银行', contactDesk }) }) as unknown as PartyHome;
const one = { id: id(2), purpose: 'CRIME_REPORTING', legalBasis: { code: 'CONTRACT', law: '', article: '' }, recipients: [{ agency: id(3), key: 'k'.repeat(43) }] } as unknown as HubCase;
const parts = { rows: [row()], files: [] as string[], handlingFloor: 'AMBER' as const, limitations: [] };

describe(rowsCsv.name, () => {
  it('is read back as it was, whatever the value holds', () => {
    const hard = ['a,b', 'say "hi"', 'two\nlines', '=1+1', '张三，李四', ''];
    const read = parse(rowsCsv(hard.map((value) => row({ value }))), { columns: true }) as { value: string }[];
    expect(read.map(({ value }) => value)).toEqual(hard);
  });
});

describe(contributionOf.name, () => {
  it('makes a payload that the protocol takes, with one object an indicator and a fresh opening', () => {
    const [first, second] = [contributionOf(home('Fraud desk'), one, { ...parts, rows: [row(), row({ row: '2' }), row({ row: '3', kind: 'url', canonical: 'https://x.example/' })] }), contributionOf(home(null), one, parts)];
    expect(parseContribution(JSON.parse(JSON.stringify(first)))).toMatchObject({ facets: { kinds: ['phone', 'url'], evidence: ['INDICATORS'], items: 1 }, contactDesk: { name: 'Fraud desk' } });
    expect(first.objects).toHaveLength(2);
    expect(first.opening).not.toBe(second.opening);
    expect(second.contactDesk).toEqual({ name: 'Bank', nameZh: '银行', phone: '', email: '' });
  });

  it('gives a file a name that the protocol takes', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'tally-evidence-'));
    try {
      for (const [name, plain] of [['录音 1 (副本).mp3', '录音_1__副本_.mp3'], ['.hidden', 'hidden'], ['...', 'file'], [`${'_'.repeat(120)}.pdf`, 'pdf']] as const) {
        writeFileSync(path.join(folder, name), 'x');
        const made = contributionOf(home(null), one, { ...parts, files: [path.join(folder, name)] });
        expect(parseContribution(JSON.parse(JSON.stringify(made))).contents.at(-1)!.path).toBe(plain);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('refuses nothing at all, two files of one name, and a file that is not there', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'tally-evidence-'));
    try {
      writeFileSync(path.join(folder, 'rows.csv'), 'x');
      expect(() => contributionOf(home(null), one, { ...parts, rows: [] })).toThrow(expect.objectContaining({ code: 'EVIDENCE_INSUFFICIENT' }));
      expect(() => contributionOf(home(null), one, { ...parts, files: [path.join(folder, 'rows.csv')] })).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
      expect(() => contributionOf(home(null), one, { ...parts, files: [path.join(folder, 'none.pdf')] })).toThrow(expect.objectContaining({ code: 'FILE_UNREADABLE' }));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
