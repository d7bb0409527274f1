/** What the agent takes from a file: pinned spellings, refused identity numbers, sheets that lie or explode. */
import type { Mutant, TestRun } from '../mutant.model.js';

const INPUT = 'libs/sdk/input/source-file.spec.ts';
const XLSX: TestRun = { project: 'unit', file: INPUT, only: 'XLSX' };

export const INDICATORS: readonly Mutant[] = [
  {
    name: 'indicators/answers-change-without-a-version',
    guard: 'two members on one version have one spelling for one value',
    edits: [{ file: 'libs/indicators/kinds/url.normaliser.ts', find: "  url.hash = '';\n", replace: '' }],
    test: { project: 'unit', file: 'libs/indicators/version-pins.spec.ts', only: 'has the answers that its pin stands for' },
  },
  {
    name: 'indicators/north-american-number-as-mobile',
    guard: '1-385-555-0143 is not read as the Chinese mobile number of a stranger',
    edits: [{ file: 'libs/indicators/kinds/phone.normaliser.ts', find: "  if (NORTH_AMERICAN.test(number)) return refused('PHONE_COUNTRY_MISSING');\n", replace: '' }],
    test: { project: 'unit', file: 'libs/indicators/kinds/kinds.spec.ts', only: 'guesses nothing from' },
  },
  {
    name: 'indicators/anonymous-name-taken',
    guard: 'a name of which a part was left out stands for many firms and never becomes a token',
    edits: [{ file: 'libs/indicators/kinds/org-name.normaliser.ts', find: "  if (HAS_HAN.test(name) && ANONYMOUS.test(name)) return rejection('MASKED');\n", replace: '' }],
    test: { project: 'unit', file: 'libs/indicators/kinds/kinds.spec.ts', only: 'knows nobody in' },
  },
  {
    name: 'indicators/length-before-folding-only',
    guard: 'text that grows by compatibility folding is judged by its length again, and piled marks are refused, so that no rule works on more than it is made for',
    edits: [
      { file: 'libs/indicators/screen.ts', find: " || hasPiledMarks(raw)) return rejection('MALFORMED_TEXT');", replace: ") return rejection('MALFORMED_TEXT');" },
      { file: 'libs/indicators/screen.ts', find: "      if (text.length > normaliser.maxLength) return rejection('TOO_LONG'); // one compatibility character can be eighteen\n", replace: '' },
    ],
    test: { project: 'unit', file: 'libs/indicators/registry.spec.ts', only: 'takes no longer than it may' },
  },
  {
    name: 'indicators/identity-number-as-card',
    guard: 'an identity number in a column of cards becomes no token',
    edits: [{ file: 'libs/indicators/kinds/bank-card.normaliser.ts', find: "  if (isResidentId(digits)) return rejection('RAW_ID_REFUSED'); // one identity number in ten passes the Luhn check as well\n", replace: '  isResidentId(digits);\n' }],
    test: { project: 'unit', file: 'libs/indicators/registry.spec.ts', only: 'rejects ' },
  },
  {
    name: 'indicators/hash-of-identity-number-printed',
    guard: 'tally normalise never prints the hash of an identity number',
    edits: [{ file: 'libs/sdk/input/normalise-file.ts', find: "kind === 'id_hash' ? pseudonymOf(value, key) : value", replace: "kind === 'id_hash' && pseudonymOf(value, key) === '' ? '' : value" }],
    test: { project: 'unit', file: INPUT, only: 'never prints' },
  },
  {
    name: 'indicators/formula-read',
    guard: 'what a formula showed to somebody is not what was typed',
    edits: [{ file: 'libs/sdk/input/xlsx-reader.ts', find: "    if (literal === undefined) this.faults.set(this.place, 'FORMULA_CELL');\n    else if", replace: '    if' }],
    test: XLSX,
  },
  {
    name: 'indicators/no-limit-of-unpacking',
    guard: 'a workbook that unpacks to far more than it holds ends with an error',
    edits: [{ file: 'libs/sdk/input/xlsx-container.ts', find: ' || (bytes > RATIO_FROM_BYTES && bytes > entry.compressedSize * RATIO_MAX)', replace: ' || bytes < RATIO_FROM_BYTES - RATIO_FROM_BYTES * RATIO_MAX' }],
    test: XLSX,
  },
  {
    name: 'indicators/misspelt-column-ignored',
    guard: 'a misspelt column of a publication is refused, so that its default is not published instead',
    edits: [{ file: 'libs/sdk/input/header-map.ts', find: "rules.purpose === 'clues' && !rules.ignoreUnknown ? unknown : 0", replace: "rules.purpose === 'clues' && !rules.ignoreUnknown && unknown < 0 ? unknown : 0" }],
    test: { project: 'unit', file: INPUT, only: 'columns' },
  },
  {
    name: 'indicators/publication-guesses-kinds',
    guard: 'what a clue accuses of is said, not guessed',
    edits: [{ file: 'libs/sdk/publish/row-intake.ts', find: 'detect: false', replace: 'detect: true' }],
    test: { project: 'unit', file: 'libs/sdk/publish/row-intake.spec.ts' },
  },
];
