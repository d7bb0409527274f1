/** Every guard whose removal a test must notice, a file a part of the house. */
import type { Mutant } from './mutant.model.js';
import { HOUSE } from './guards/house.js';

export const MUTANTS: readonly Mutant[] = [...HOUSE];
