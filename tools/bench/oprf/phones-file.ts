/** A clue file of any length, never held in memory: new mobile numbers, with rows that say an earlier one again and rows that are none. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

const BLOCK_ROWS = 10_000;
const [REPEAT_EACH, FAULT_EACH] = [20, 100];
const FIRST = 11_000_000;

export async function writePhonesFile(file: string, rows: number): Promise<void> {
  const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const out = createWriteStream(file);
  out.write('row,type,value,first_seen,channel\n');
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    const block = Array.from({ length: Math.min(BLOCK_ROWS, rows - from) }, (_, i) => `r${String(from + i)},phone,${phoneOf(from + i)},${day},call\n`);
    if (!out.write(block.join(''))) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

/** A repeat stands half the file back: far behind every window that is still in memory. */
function phoneOf(row: number): string {
  if (row % FAULT_EACH === FAULT_EACH - 1) return '139';
  const said = row % REPEAT_EACH === REPEAT_EACH - 1 ? Math.floor(row / (2 * REPEAT_EACH)) * REPEAT_EACH : row;
  return `139${String(FIRST + said).padStart(8, '0')}`;
}
