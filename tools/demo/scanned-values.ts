/** Every value that a bank handed to its agent and that was not refused: as it stood in the file, and in canonical form. */
import { normalise } from '#indicators';
import { BANKS, type Bank, type InputRow, type PerBank } from './scenario-truth.js';

export function* scannedValues(inputs: PerBank<readonly InputRow[]>, refused: (bank: Bank) => ReadonlySet<string>): Generator<string> {
  for (const bank of BANKS) {
    const skip = refused(bank);
    for (const { row, type, value } of inputs[bank]) {
      if (skip.has(row)) continue;
      yield value;
      if (value.trim() !== value) yield value.trim();
      const result = normalise(type, value);
      if ('forms' in result) for (const form of result.forms) yield form.value;
    }
  }
}
