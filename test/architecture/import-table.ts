import { readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');

export type Cell = 'yes' | 'own' | 'own room' | 'no' | readonly string[];

/** The import table as a reader of docs/architecture.md sees it: row name to column name to cell. */
export function importTableOfTheDocument(): Map<string, Map<string, Cell>> {
  const lines = readFileSync(path.join(ROOT, 'docs/architecture.md'), 'utf8').split('\n');
  const start = lines.findIndex((line) => line.startsWith('| from / to |'));
  if (start < 0) throw new Error('docs/architecture.md: no import table');
  const cells = (line: string): string[] => line.split('|').slice(1, -1).map((cell) => cell.trim());
  const columns = cells(lines[start] ?? '').slice(1);
  const table = new Map<string, Map<string, Cell>>();
  for (const line of lines.slice(start + 2)) {
    if (!line.startsWith('|')) break;
    const [row = '', ...marks] = cells(line);
    table.set(row, new Map(columns.map((column, i) => [column, read(marks[i] ?? '')])));
  }
  return table;
}

function read(mark: string): Cell {
  if (mark === '' || mark === '**never**') return 'no';
  if (mark === 'yes' || mark === 'own' || mark === 'own room') return mark;
  return mark.split(',').map((room) => room.trim());
}
