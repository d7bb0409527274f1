import { BRANDS_CELLS } from './brands.cells.js';
import { CASES_CELLS } from './cases.cells.js';
import type { CellRegistry } from './cell.js';
import { CLUES_CELLS } from './clues.cells.js';
import { EPOCHS_CELLS } from './epochs.cells.js';
import { MEMBERS_CELLS } from './members.cells.js';
import { OPRF_CELLS } from './oprf.cells.js';

export * from './cell.js';
/** Add a room's cells here; an operation without one fails the suite. */
export const REFUSAL_CELLS: CellRegistry = { ...MEMBERS_CELLS, ...CLUES_CELLS, ...CASES_CELLS, ...EPOCHS_CELLS, ...OPRF_CELLS, ...BRANDS_CELLS };
