/** Every guard whose removal a test must notice, a file a part of the house. */
import { ACCESS } from './guards/access.js';
import { ANSWERS } from './guards/answers.js';
import { BUDGETS } from './guards/budgets.js';
import { BRAND_MUTANTS } from './guards/brands.js';
import { CASES } from './guards/cases.js';
import { CEREMONIES } from './guards/ceremonies.js';
import { CLUES } from './guards/clues.js';
import { DATABASE } from './guards/database.js';
import { EPOCHS } from './guards/epochs.js';
import { FAST_MODE } from './guards/fast-mode.js';
import { HOUSE } from './guards/house.js';
import { HUB } from './guards/hub.js';
import { INDICATORS } from './guards/indicators.js';
import { KERNEL } from './guards/kernel.js';
import { PACKAGES } from './guards/packages.js';
import { PLATFORM } from './guards/platform.js';
import { TOKENS } from './guards/tokens.js';
import type { Mutant } from './mutant.model.js';

export const MUTANTS: readonly Mutant[] = [...HOUSE, ...PLATFORM, ...DATABASE, ...ACCESS, ...HUB, ...TOKENS, ...FAST_MODE, ...BUDGETS, ...KERNEL, ...PACKAGES, ...CASES, ...CLUES, ...CEREMONIES, ...EPOCHS, ...INDICATORS, ...BRAND_MUTANTS, ...ANSWERS];
