/** Writes docs/recognition-codes.md below the working directory. */
import { writeFileSync } from 'node:fs';
import { recognitionCodesDocument } from './recognition-codes.js';

writeFileSync('docs/recognition-codes.md', recognitionCodesDocument());
