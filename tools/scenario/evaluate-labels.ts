/** Judges the normalisers against the labelled case files of a data folder (phones/, devices/, web/, accounts/, names/). */
import path from 'node:path';
import { normalise } from '#indicators';
import { readCsv } from './evaluate.js';

export interface LabelFigures {
  readonly file: string;
  /** Per level: cases and how many came out as the label says. A group is right when all its rows share one form of their own. */
  readonly levels: Record<string, { cases: number; exact: number; weak: number }>;
  readonly wrong: string[];
}

const FILES = [
  { file: 'phones/normalisation-cases.csv', kind: 'phone' },
  { file: 'devices/device-ids.csv', kind: 'device_id' },
  { file: 'web/url-variants.csv', kind: 'url' },
  { file: 'web/email-variants.csv', kind: 'email' },
  { file: 'web/social-accounts.csv', kind: 'social' },
  { file: 'accounts/cards.csv', kind: 'bank_card' },
] as const;

function exactOf(kind: string, raw: string): string | null {
  const result = normalise(kind, raw);
  return 'forms' in result ? result.forms[0].value : null;
}

/** Each row is compared with the most frequent form of its group; two groups on one form are wrong in both. */
function evaluateGroups(directory: string, file: string, kind: string): LabelFigures {
  const figures: LabelFigures = { file, levels: {}, wrong: [] };
  const rows = readCsv(path.join(directory, file)).map((row) => ({ ...row, level: row.level ?? 'must', exact: exactOf(kind, row.raw ?? '') }));
  const groupsOf = new Map<string, Map<string, number>>();
  const ownersOf = new Map<string, Set<string>>();
  for (const row of rows as (typeof rows[number] & Record<string, string>)[]) {
    if (row.exact === null || row.level === 'reject') continue;
    const forms = groupsOf.get(row.group ?? '') ?? new Map<string, number>();
    groupsOf.set(row.group ?? '', forms.set(row.exact, (forms.get(row.exact) ?? 0) + 1));
    ownersOf.set(row.exact, (ownersOf.get(row.exact) ?? new Set()).add(row.group ?? ''));
  }
  for (const row of rows as (typeof rows[number] & Record<string, string>)[]) {
    const cell = (figures.levels[row.level] ??= { cases: 0, exact: 0, weak: 0 });
    cell.cases++;
    const best = [...(groupsOf.get(row.group ?? '') ?? [])].sort((a, b) => b[1] - a[1])[0]?.[0];
    const right = row.level === 'reject' ? row.exact === null : row.exact !== null && row.exact === best && ownersOf.get(row.exact)?.size === 1;
    if (right) cell.exact++;
    else figures.wrong.push(`${row.level} ${row.noise ?? ''} ${JSON.stringify(row.raw)} -> ${String(row.exact)} (group: ${String(best)})`);
  }
  return figures;
}

/** `different` pairs must not share an exact form; `same` pairs should, or at least a weak one. */
function evaluatePairs(directory: string): LabelFigures {
  const file = 'names/name-pairs-cn.csv';
  const figures: LabelFigures = { file, levels: {}, wrong: [] };
  for (const row of readCsv(path.join(directory, file))) {
    const [a, b] = [normalise('org_name', row.name_a ?? ''), normalise('org_name', row.name_b ?? '')];
    const forms = (r: typeof a): string[] => ('forms' in r ? r.forms.map((f) => `${f.kind} ${f.value}`) : []);
    const exact = forms(a)[0] !== undefined && forms(a)[0] === forms(b)[0];
    const weak = !exact && forms(a).some((form) => forms(b).includes(form));
    const cell = (figures.levels[`${row.label ?? ''}/${row.level ?? ''}`] ??= { cases: 0, exact: 0, weak: 0 });
    cell.cases++;
    if (row.label === 'same') {
      if (exact) cell.exact++;
      else if (weak) cell.weak++;
    } else if (!exact) cell.exact++;
    if (row.level !== 'info' && exact !== (row.label === 'same')) figures.wrong.push(`${row.level ?? ''} ${row.relation ?? ''} ${row.name_a ?? ''} | ${row.name_b ?? ''}${weak ? ' (weak)' : ''}`);
  }
  return figures;
}

export function evaluateLabels(directory: string): LabelFigures[] {
  return [...FILES.map(({ file, kind }) => evaluateGroups(directory, file, kind)), evaluatePairs(directory)];
}
