/**
 * A scenario folder: three bank files and, if known, truth/. The report compares what each bank was shown with the truth;
 * without truth it says null. Truth is read by the demo only: no process of the network sees it.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { DomainError } from '#kernel';
import { openSourceFile, readRows } from '#sdk';

export const BANKS = ['a', 'b', 'c'] as const;
export type Bank = (typeof BANKS)[number];
export const LEVELS = ['must', 'should'] as const;
type Level = (typeof LEVELS)[number];

export interface InputRow {
  readonly row: string;
  readonly type: string;
  readonly value: string;
}
interface TruthRow {
  readonly row: string;
  readonly entity: string;
  readonly level: string;
}
/** What a bank was shown about one of its rows. */
export interface OverlapRow {
  readonly row: string;
  readonly kind: string;
  readonly strength: 'exact' | 'weak';
}
export type PerBank<T> = Readonly<Record<Bank, T>>;

const readCsv = <T>(file: string): T[] => parse(readFileSync(file), { columns: true, bom: true, relax_quotes: true, skip_empty_lines: true });

export function bankFile(folder: string, bank: Bank): string {
  const file = path.join(folder, `bank-${bank}.csv`);
  if (!existsSync(file)) throw new DomainError('FILE_UNREADABLE', 'a scenario folder holds bank-a.csv, bank-b.csv and bank-c.csv', { file: path.basename(file) });
  return file;
}

/** As the agent reads it: any encoding and line ending that it takes. @throws FILE_UNREADABLE, HEADER_INVALID, PAYLOAD_TOO_LARGE */
export async function readBankFile(folder: string, bank: Bank): Promise<InputRow[]> {
  const rows: InputRow[] = [];
  for await (const { cells } of readRows(await openSourceFile(bankFile(folder, bank)))) {
    if (cells !== null) rows.push({ row: cells.row?.trim() ?? '', type: cells.type?.trim() ?? '', value: cells.value ?? '' });
  }
  return rows;
}

export interface OverlapFigures {
  readonly expected: number;
  readonly found: number;
}
export interface Judgement {
  readonly overlaps: Record<string, Record<string, OverlapFigures>> | null;
  readonly falseOverlaps: number | null;
}

export class ScenarioTruth {
  private constructor(private readonly rows: PerBank<Map<string, TruthRow>>, private readonly shared: ReadonlySet<string>) {}

  static read(folder: string): ScenarioTruth | null {
    const dir = path.join(folder, 'truth');
    if (!existsSync(path.join(dir, 'overlaps.csv'))) return null;
    const rowsOf = (bank: Bank): Map<string, TruthRow> => new Map(readCsv<TruthRow>(path.join(dir, `rows-${bank}.csv`)).map((row) => [row.row, row]));
    const overlaps = readCsv<{ entity: string }>(path.join(dir, 'overlaps.csv'));
    return new ScenarioTruth({ a: rowsOf('a'), b: rowsOf('b'), c: rowsOf('c') }, new Set(overlaps.map((row) => row.entity)));
  }

  /** A row is expected at its level when another bank holds the same entity in a row of level must or of that level. */
  judge(inputs: PerBank<readonly InputRow[]>, shown: PerBank<readonly OverlapRow[]>): Judgement {
    const levelsHeld = new Map<string, Set<string>>(); // entity -> "bank level"
    for (const bank of BANKS) {
      for (const { entity, level } of this.rows[bank].values()) {
        if (entity !== '' && !entity.startsWith('T:')) getOrAdd(levelsHeld, entity).add(`${bank} ${level}`);
      }
    }
    const overlaps: Record<string, Record<string, { expected: number; found: number }>> = {};
    let falseOverlaps = 0;
    for (const bank of BANKS) {
      const found = new Set(shown[bank].map((overlap) => overlap.row));
      for (const { row, type } of inputs[bank]) {
        const truth = this.rows[bank].get(row);
        if (truth === undefined || !(LEVELS as readonly string[]).includes(truth.level)) continue;
        if (!this.isExpected(levelsHeld.get(truth.entity), bank, truth.level as Level)) continue;
        const figures = ((overlaps[type] ??= {})[truth.level] ??= { expected: 0, found: 0 });
        figures.expected += 1;
        if (found.has(row)) figures.found += 1;
      }
      falseOverlaps += shown[bank].filter((overlap) => overlap.strength === 'exact' && !this.shared.has(this.rows[bank].get(overlap.row)?.entity ?? '')).length;
    }
    return { overlaps, falseOverlaps };
  }

  private isExpected(held: ReadonlySet<string> | undefined, bank: Bank, level: Level): boolean {
    return BANKS.some((other) => other !== bank && held !== undefined && (held.has(`${other} must`) || held.has(`${other} ${level}`)));
  }

  /** Rows that must never become a token, and were not refused. */
  unrefused(bank: Bank, refused: ReadonlySet<string>): number {
    return [...this.rows[bank].values()].filter((row) => row.level === 'reject' && !refused.has(row.row)).length;
  }
}

function getOrAdd(map: Map<string, Set<string>>, key: string): Set<string> {
  const known = map.get(key) ?? new Set<string>();
  map.set(key, known);
  return known;
}
