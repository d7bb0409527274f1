/**
 * Every file of a data folder through the same reading as `tally normalise`, judged against what the file says it expects: a canonical form,
 * or a group (rows of one group share one form of their own, rows of two do not), or a refusal.
 */
import path from 'node:path';
import { domainToASCII } from 'node:url';
import { readCsv } from '../scenario/evaluate.js';
import { normaliseRows, openSourceFile, type ColumnMap, type NormalisedRow, type SourceFile } from '#sdk';

type Cells = Record<string, string>;
type Expectation = { readonly canonical: (row: Cells) => string } | { readonly group: string } | { readonly accepted: true } | { readonly refused: true };
const TIMED_ROWS = 3_000;
interface FileCase {
  readonly file: string;
  readonly map?: ColumnMap;
  readonly kind?: string;
  readonly expect: Expectation;
  /** Column of levels; without it each row is `must`. */
  readonly level?: string;
}

const of = (column: string) => (row: Cells): string => row[column] ?? '';
/** Lists hold names as people write them; a host has one ASCII spelling. */
const asHost = (row: Cells): string => domainToASCII(row['domain'] ?? '');
export const FILE_CASES: readonly FileCase[] = [
  { file: 'phones/normalisation-cases.csv', expect: { canonical: of('canonical') }, level: 'level' },
  { file: 'phones/cn-service-numbers.csv', expect: { canonical: of('group') } },
  { file: 'phones/intl-examples.csv', expect: { canonical: of('e164') } },
  { file: 'phones/stale-metadata-cases.csv', expect: { canonical: of('e164') } },
  { file: 'phones/ftc-dnc-format-synthetic.csv', expect: { refused: true } },
  { file: 'names/cn-listed-companies.csv', expect: { accepted: true } },
  { file: 'names/cn-listed-companies.csv', map: { value: 'short_name' }, kind: 'org_name', expect: { accepted: true } },
  { file: 'names/cn-short-names.csv', expect: { accepted: true } },
  { file: 'names/cn-service-orgs.csv', expect: { accepted: true } },
  { file: 'devices/device-ids.csv', expect: { group: 'group' }, level: 'level' },
  { file: 'web/url-variants.csv', expect: { canonical: of('canonical') }, level: 'level' },
  { file: 'web/email-variants.csv', expect: { canonical: of('canonical') }, level: 'level' },
  { file: 'web/social-accounts.csv', expect: { canonical: (row) => `${row['platform'] ?? ''}:${row['account'] ?? ''}` } },
  { file: 'web/phishing-domains.csv', expect: { canonical: asHost } },
  { file: 'web/benign-domains.csv', expect: { canonical: asHost } },
  { file: 'web/bank-websites.csv', expect: { canonical: asHost } },
  { file: 'web/disposable-email-domains.csv', expect: { canonical: asHost } },
  { file: 'accounts/cards.csv', expect: { group: 'group' }, level: 'level' },
  { file: 'accounts/ibans.csv', expect: { group: 'group' }, level: 'level' },
  { file: 'accounts/synthetic-ids.csv', expect: { group: 'group' } },
  { file: 'accounts/synthetic-ids.csv', map: { value: 'id_number_synthetic' }, kind: 'bank_card', expect: { refused: true } },
  { file: 'complaints/cfpb-narratives.csv', expect: { accepted: true } },
  { file: 'complaints/zh-synthetic.csv', expect: { accepted: true } },
];

export interface FileFigures {
  readonly file: string;
  readonly rows: number;
  /** Level -> rows, and how many came out as expected. */
  readonly levels: Readonly<Record<string, { readonly rows: number; readonly right: number }>>;
  /** Line numbers, levels and codes; values stay where they are. */
  readonly misses: readonly string[];
  readonly rowsPerSecond: number;
}

export async function judgeFile(shared: string, { file, map = {}, kind, expect, level }: FileCase): Promise<FileFigures> {
  const full = path.join(shared, file);
  const source = await openSourceFile(full, { purpose: 'values', map, kind: kind ?? null, ignoreUnknown: true, sheet: null });
  const rows: NormalisedRow[] = [];
  for await (const row of normaliseRows(source)) rows.push(row);
  const expected = readCsv(full);
  const judge = judgeOf(expect, expected, rows);
  const levels: Record<string, { rows: number; right: number }> = {};
  const misses: string[] = [];
  for (const [i, row] of rows.entries()) {
    const cells = expected[i] ?? {};
    const word = level === undefined ? 'must' : cells[level] ?? 'must';
    if ('canonical' in expect && expect.canonical(cells) === '' && word !== 'reject') continue; // the file expects nothing of this row
    const cell = (levels[word] ??= { rows: 0, right: 0 });
    const right = word === 'reject' ? row.reject !== null : judge(row, cells);
    cell.rows += 1;
    if (right) cell.right += 1;
    else misses.push(`line ${String(row.line)} ${word} ${row.reject?.code ?? row.forms[0]?.kind ?? ''}`);
  }
  return { file: map.value === undefined ? file : `${file} ${map.value}`, rows: rows.length, levels, misses, rowsPerSecond: await speedOf(source) };
}

/** Reading and normalising, warm: what a long file sees. Seconds of CPU, so that a busy machine does not matter. */
async function speedOf(source: SourceFile): Promise<number> {
  let rows = 0;
  const start = process.cpuUsage();
  while (rows < TIMED_ROWS) for await (const _ of normaliseRows(source)) rows += 1;
  const { user, system } = process.cpuUsage(start);
  return rows / ((user + system) / 1e6);
}

function judgeOf(expect: Expectation, expected: readonly Cells[], rows: readonly NormalisedRow[]): (row: NormalisedRow, cells: Cells) => boolean {
  const exact = (row: NormalisedRow): string | null => row.forms[0]?.canonical ?? null;
  if ('canonical' in expect) return (row, cells) => exact(row) === expect.canonical(cells);
  if ('accepted' in expect) return (row) => row.forms.length > 0;
  if ('refused' in expect) return (row) => row.reject !== null;
  const ownersOf = new Map<string, Set<string>>();
  const formsOf = new Map<string, Map<string, number>>();
  rows.forEach((row, i) => {
    const form = exact(row);
    const group = expected[i]?.[expect.group] ?? '';
    if (form === null) return;
    ownersOf.set(form, (ownersOf.get(form) ?? new Set()).add(group));
    const forms = formsOf.get(group) ?? new Map<string, number>();
    formsOf.set(group, forms.set(form, (forms.get(form) ?? 0) + 1));
  });
  return (row, cells) => {
    const form = exact(row);
    const best = [...(formsOf.get(cells[expect.group] ?? '') ?? [])].sort((a, b) => b[1] - a[1])[0]?.[0];
    return form !== null && form === best && ownersOf.get(form)?.size === 1;
  };
}
