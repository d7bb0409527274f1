export { redacted } from './redact.js';
export { shinglesOf } from './shingles.js';
export { bandsOf, textBandsOf } from './text-bands.js';
