import type { Edit } from './mutant.model.js';

/**
 * The texts of the files after all edits, in order. Pure: the caller reads and writes.
 * @throws Error when an edit's text does not occur exactly once, or changes nothing.
 */
export function applyEdits(edits: readonly Edit[], read: (file: string) => string): Map<string, string> {
  const changed = new Map<string, string>();
  for (const { file, find, replace } of edits) {
    const text = changed.get(file) ?? read(file);
    const times = find === '' ? 0 : text.split(find).length - 1;
    if (times !== 1) throw new Error(`${file}: the text to replace occurs ${times} times, not once: ${find.slice(0, 60)}`);
    if (find === replace) throw new Error(`${file}: the edit changes nothing`);
    const at = text.indexOf(find);
    changed.set(file, text.slice(0, at) + replace + text.slice(at + find.length));
  }
  return changed;
}
