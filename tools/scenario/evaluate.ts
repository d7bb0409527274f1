/**
 * Judges the normalisers against a scenario folder with truth, without a network: all banks "publish" by canonical form.
 * A row is expected at its level when another bank holds the same entity in a row of level must or of that level.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { normalise, warningFor } from '#indicators';

type Row = Record<string, string>;
export function readCsv(file: string): Row[] {
  return parse(readFileSync(file), { columns: true, bom: true, relax_quotes: false });
}

interface JudgedRow {
  readonly bank: string;
  readonly row: string;
  readonly type: string;
  readonly entity: string;
  readonly level: string;
  readonly noise: string;
  readonly exact: string | null;
  readonly forms: readonly string[];
}
export interface LevelFigures { expected: number; exact: number; weak: number }
export interface ScenarioFigures {
  readonly overlaps: Record<string, Record<string, LevelFigures>>;
  /** Exact overlaps between rows of different entities, in one bank or across banks. */
  readonly falseOverlaps: string[];
  readonly rejectRows: { expected: number; rejected: number; byCode: Record<string, number> };
  readonly keptLocal: number;
  readonly problems: string[];
  readonly seconds: number;
  readonly rows: number;
}

function judge(bank: string, raw: Row, truth: Row, into: ScenarioFigures): JudgedRow {
  const type = raw.type ?? '';
  const level = truth.level ?? '';
  const result = normalise(type, raw.value ?? '');
  const base = { bank, row: truth.row ?? '', type, entity: truth.entity ?? '', level, noise: truth.noise ?? '' };
  if ('reject' in result) {
    into.rejectRows.byCode[result.reject.code] = (into.rejectRows.byCode[result.reject.code] ?? 0) + 1;
    if (level === 'reject') into.rejectRows.rejected++;
    else into.problems.push(`rejected ${base.row} ${type} ${base.noise}: ${result.reject.code} ${JSON.stringify(raw.value)}`);
    return { ...base, exact: null, forms: [] };
  }
  if (level === 'reject') into.problems.push(`accepted ${base.row} ${type}: ${JSON.stringify(raw.value)}`);
  // A member's own: what texts meet by are bands (npm run bench -- complaints).
  if (result.bands) return { ...base, exact: null, forms: [] };
  const [first] = result.forms;
  if (warningFor(first, 'agent', 'synthetic')?.refuse === true) into.problems.push(`refused ${base.row} ${type}`);
  return { ...base, exact: `${first.kind}\n${first.value}`, forms: result.forms.map((form) => `${form.kind}\n${form.value}`) };
}

function addOverlaps(rows: readonly JudgedRow[], figures: ScenarioFigures): void {
  const holders = new Map<string, JudgedRow[]>();
  const byEntity = new Map<string, JudgedRow[]>();
  const push = (map: Map<string, JudgedRow[]>, key: string, row: JudgedRow): void => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [row]); else list.push(row);
  };
  for (const row of rows) {
    if (row.entity !== '' && !row.entity.startsWith('T:')) push(byEntity, row.entity, row);
    for (const form of row.forms) push(holders, form, row);
  }
  for (const row of rows) {
    const others = (byEntity.get(row.entity) ?? []).filter((other) => other.bank !== row.bank);
    if (!others.some((other) => other.level === 'must' || other.level === row.level)) continue;
    const kind = (figures.overlaps[row.type] ??= {});
    const cell = (kind[row.level] ??= { expected: 0, exact: 0, weak: 0 });
    cell.expected++;
    const meets = (form: string): boolean => (holders.get(form) ?? []).some((o) => o.bank !== row.bank && o.entity === row.entity);
    if (row.exact !== null && (holders.get(row.exact) ?? []).some((o) => o.bank !== row.bank && o.entity === row.entity && o.exact === row.exact)) cell.exact++;
    else if (row.forms.some(meets)) cell.weak++;
    else figures.problems.push(`not found ${row.row} ${row.type} ${row.level} ${row.noise} ${row.entity}: ${String(row.exact)}`);
  }
  for (const [form, list] of holders) {
    const exact = list.filter((row) => row.exact === form);
    const entities = new Set(exact.map((row) => row.entity));
    if (entities.size > 1) figures.falseOverlaps.push(`${form.replace('\n', ' ')}: ${[...entities].join(' ')}`);
  }
}

/** @throws when truth/ is absent: without it nothing can be judged. */
export function evaluateScenario(directory: string): ScenarioFigures {
  const figures: ScenarioFigures = {
    overlaps: {}, falseOverlaps: [], rejectRows: { expected: 0, rejected: 0, byCode: {} }, keptLocal: 0, problems: [], seconds: 0, rows: 0,
  };
  const judged: JudgedRow[] = [];
  let seconds = 0;
  let keptLocal = 0;
  for (const bank of ['a', 'b', 'c'].filter((b) => existsSync(path.join(directory, `bank-${b}.csv`)))) {
    const raws = readCsv(path.join(directory, `bank-${bank}.csv`));
    const truth = new Map(readCsv(path.join(directory, 'truth', `rows-${bank}.csv`)).map((row) => [row.row, row]));
    const start = performance.now();
    for (const raw of raws) {
      const row = judge(bank, raw, truth.get(raw.row) ?? {}, figures);
      if (row.level === 'reject') figures.rejectRows.expected++;
      if (row.level === 'similarity') keptLocal++;
      judged.push(row);
    }
    seconds += (performance.now() - start) / 1000;
  }
  addOverlaps(judged, figures);
  return { ...figures, keptLocal, seconds, rows: judged.length };
}
