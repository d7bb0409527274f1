/** The truth files: rows, overlaps, decoys and counts, in the layout that every scenario folder has. */
import { BANKS, type Bank, type Entity, type Plan, type PlannedRow } from './plan.js';

const PAIRS = ['ab', 'ac', 'bc', 'abc'] as const;

export const rowId = (bank: Bank, index: number): string => bank.toUpperCase() + String(index + 1).padStart(6, '0');

export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;
}

export function* truthRows(bank: Bank, rows: readonly PlannedRow[]): Generator<string> {
  yield csvLine(['row', 'entity', 'noise', 'level']);
  for (const [i, row] of rows.entries()) yield csvLine([rowId(bank, i), row.entity, row.noise, row.level]);
}

interface Held {
  readonly rows: Record<Bank, string[]>;
  readonly must: Set<Bank>;
}

function holdings(plan: Plan): Map<string, Held> {
  const held = new Map<string, Held>();
  for (const bank of BANKS) {
    for (const [i, row] of plan.rows[bank].entries()) {
      if (!('maker' in row.of)) continue;
      const entry = held.get(row.entity) ?? { rows: { a: [], b: [], c: [] }, must: new Set<Bank>() };
      held.set(row.entity, entry);
      entry.rows[bank].push(rowId(bank, i));
      if (row.level === 'must') entry.must.add(bank);
    }
  }
  return held;
}

export function* truthOverlaps(plan: Plan): Generator<string> {
  yield csvLine(['entity', 'type', 'canonical', 'banks', 'rows_a', 'rows_b', 'rows_c']);
  const held = holdings(plan);
  for (const entity of plan.entities) {
    if (entity.banks.length < 2) continue;
    const rows = BANKS.map((bank) => held.get(entity.id)?.rows[bank].join(' ') ?? '');
    yield csvLine([entity.id, entity.maker.type, entity.value.canonical, entity.banks.join(''), ...rows]);
  }
}

export function* truthDecoys(plan: Plan): Generator<string> {
  yield csvLine(['entity', 'lookalike_entity', 'how']);
  for (const decoy of plan.decoys) yield csvLine([decoy.entity, decoy.lookalike, decoy.how]);
}

const holds = (banks: Iterable<string>, pair: string): boolean => [...pair].every((bank) => [...banks].includes(bank));

function byType(plan: Plan, count: (entity: Entity, into: Record<string, number>) => void): Record<string, Record<string, number>> {
  const types: Record<string, Record<string, number>> = {};
  for (const entity of plan.entities) count(entity, (types[entity.maker.type] ??= {}));
  return types;
}
const bump = (into: Record<string, number>, key: string): void => { into[key] = (into[key] ?? 0) + 1; };

/** Exact distinct and intersection sizes; pair numbers include the triples. */
export function truthCounts(plan: Plan): object {
  const levels: Record<string, number> = {};
  for (const bank of BANKS) for (const row of plan.rows[bank]) bump(levels, `${row.type}/${row.level}`);
  return {
    seed: plan.seed,
    phones_per_bank: plan.entities.filter((entity) => entity.maker.type === 'phone' && entity.banks.includes('a')).length,
    by_type: byType(plan, (entity, into) => {
      for (const bank of entity.banks) bump(into, `distinct_${bank}`);
      for (const pair of PAIRS) if (holds(entity.banks, pair)) bump(into, `in_${pair}`);
    }),
    rows_per_bank: Object.fromEntries(BANKS.map((bank) => [bank, plan.rows[bank].length])),
    rows_by_type_and_level: levels,
  };
}

/** How many of the overlaps can be reached through rows of level must alone. */
export function truthCountsByLevel(plan: Plan): object {
  const held = holdings(plan);
  return byType(plan, (entity, into) => {
    for (const pair of PAIRS) {
      if (holds(entity.banks, pair)) bump(into, `${pair}_all`);
      if (holds(held.get(entity.id)?.must ?? [], pair)) bump(into, `${pair}_must`);
    }
  });
}
