/**
 * Rows of one sheet of an XLSX file, streamed. A cell becomes the text that a person sees, where that is what was typed: dates as YYYY-MM-DD,
 * integers in full. A number of more than 15 digits was cut off by the spreadsheet and stays in scientific notation, which no normaliser
 * takes. A formula is a fault of its cell unless it is a mere text (="138...").
 */
import { unreadable } from './input-errors.js';
import type { CellFault, SourceRecord } from './source-record.js';
import { XlsxContainer } from './xlsx-container.js';
import { workbookOf, type CellStyle, type Workbook } from './xlsx-workbook.js';

const COLUMNS_MAX = 512;
const CELL_CHARS_MAX = 32_767; // the format's own limit
const DAY_MS = 86_400_000;

/** @throws FILE_UNREADABLE, PAYLOAD_TOO_LARGE */
export async function* xlsxRecords({ file, name }: { readonly file: string; readonly name: string }, sheet: string | null): AsyncGenerator<readonly SourceRecord[]> {
  const container = await XlsxContainer.open(file, name);
  try {
    const workbook = await workbookOf(container, sheet, name);
    const rows = new SheetRows(workbook, name);
    for await (const _ of container.parse(workbook.sheetPart, rows)) yield rows.take();
  } finally {
    container.close();
  }
}

class SheetRows {
  private ready: SourceRecord[] = [];
  private line = 0;
  private cells: string[] = [];
  private faults = new Map<number, CellFault>();
  private place = -1;
  private type = 'n';
  private style = 0;
  private value = '';
  private formula: string | null = null;
  private into: 'value' | 'formula' | null = null;

  constructor(private readonly workbook: Workbook, private readonly name: string) {}

  take(): SourceRecord[] {
    const taken = this.ready;
    this.ready = [];
    return taken;
  }

  readonly open = (tag: string, attributes: Readonly<Record<string, string>>): void => {
    if (tag === 'row') {
      this.line = attributes['r'] === undefined ? this.line + 1 : Number(attributes['r']);
      this.cells = [];
      this.faults = new Map();
      this.place = -1;
    } else if (tag === 'c') {
      this.place = attributes['r'] === undefined ? this.place + 1 : placeOf(attributes['r']);
      this.type = attributes['t'] ?? 'n';
      this.style = Number(attributes['s'] ?? 0);
      this.value = '';
      this.formula = null;
    } else if (tag === 'v' || tag === 't') this.into = 'value';
    else if (tag === 'rPh') this.into = null;
    else if (tag === 'f') {
      this.into = 'formula';
      this.formula = '';
    }
  };

  readonly text = (text: string): void => {
    if (this.into === 'value') this.value += text;
    else if (this.into === 'formula') this.formula = (this.formula ?? '') + text;
    if (this.value.length > CELL_CHARS_MAX) throw unreadable(this.name, { reason: 'a cell is too long', line: this.line });
  };

  readonly close = (tag: string): void => {
    if (tag === 'v' || tag === 't' || tag === 'f') this.into = null;
    else if (tag === 'c') this.endCell();
    else if (tag === 'row' && this.cells.some((cell) => cell !== '')) this.ready.push({ line: this.line, cells: this.cells, faults: this.faults });
  };

  private endCell(): void {
    if (this.place < 0 || this.place >= COLUMNS_MAX) return;
    while (this.cells.length < this.place) this.cells.push('');
    const literal = this.formula === null ? null : /^"((?:[^"]|"")*)"$/.exec(this.formula)?.[1]?.replaceAll('""', '"');
    this.cells[this.place] = literal ?? this.shown();
    if (literal === undefined) this.faults.set(this.place, 'FORMULA_CELL');
    else if (this.type === 's' && this.workbook.strings[Number(this.value)] === undefined) this.faults.set(this.place, 'CELL_UNREADABLE');
  }

  private shown(): string {
    const { value, type } = this;
    if (type === 's') return this.workbook.strings[Number(value)] ?? '';
    if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
    return type === 'n' && value !== '' ? numberText(value, this.workbook.styles[this.style] ?? { shows: 'number' }, this.workbook.date1904) : value;
  }
}

/** Place from 0 of a reference such as AB12. */
function placeOf(reference: string): number {
  let place = 0;
  for (const char of reference) {
    const letter = char.charCodeAt(0) - 64;
    if (letter < 1 || letter > 26) break;
    place = place * 26 + letter;
  }
  return place - 1;
}

/** ECMA-376 part 1, 18.17.4.1: days since 1899-12-30 (or 1904-01-01); a double, so 15 digits are sure. */
export function numberText(value: string, style: CellStyle, date1904: boolean): string {
  const number = Number(value);
  if (!Number.isFinite(number)) return value;
  if (style.shows === 'date') return number >= 1 && number < 2_958_466 ? new Date(Date.UTC(date1904 ? 1904 : 1899, date1904 ? 0 : 11, date1904 ? 1 : 30) + Math.floor(number) * DAY_MS).toISOString().slice(0, 10) : value;
  if (!Number.isInteger(number)) return String(number);
  if (Math.abs(number) >= 1e15) return number.toExponential();
  return style.shows === 'digits' ? String(number).padStart(style.width, '0') : String(number);
}
