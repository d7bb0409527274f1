/** Writes docs/indicators.md below the working directory. */
import { writeFileSync } from 'node:fs';
import { indicatorsDocument } from './indicators-doc.js';

writeFileSync('docs/indicators.md', indicatorsDocument());
