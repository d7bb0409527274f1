/** What every reader gives: the header as the first record, then the rows as text, cell by cell. */
export interface SourceRecord {
  /** Line of the file (row of the sheet), from 1; the header counts. */
  readonly line: number;
  readonly cells: readonly string[];
  /** Places of cells whose text is not what somebody typed, with why. */
  readonly faults?: ReadonlyMap<number, CellFault>;
}
/** A formula shows what other cells hold, and what they held when somebody last opened the file. */
export type CellFault = 'FORMULA_CELL' | 'CELL_UNREADABLE';
