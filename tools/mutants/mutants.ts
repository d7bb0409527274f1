/** Every guard whose removal a test must notice, a file a part of the house. */
import { HOUSE } from './guards/house.js';
import { PACKAGES } from './guards/packages.js';
import { PLATFORM } from './guards/platform.js';
import { TOKENS } from './guards/tokens.js';
import type { Mutant } from './mutant.model.js';

export const MUTANTS: readonly Mutant[] = [...HOUSE, ...PLATFORM, ...TOKENS, ...PACKAGES];
