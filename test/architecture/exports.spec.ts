/** What is exported is used by another file: a door to nothing hides that the room behind it is empty. */
import { filesBelow, SOURCE_FOLDERS, type SourceFile } from './source-tree.js';

const DECLARED = /^export (?:async )?(?:const|function) (\w+)/gm;
/** Read by name: what the compiler, AssemblyScript's host or a framework takes from a file. */
const READ_BY_OTHERS = /^(libs\/crypto\/kernel\/assembly\/|test\/setup\/|.*\.config\.mjs$|.*\.fixture\.mjs$)/;
/** Fails to compile when it does not hold, and is needed by nobody. */
const ASSERTIONS = new Set(['everyJobIsNamed']);

function unused(files: readonly SourceFile[]): string[] {
  const readers = new Map<string, Set<string>>();
  for (const { name, text } of files) for (const [word] of text.matchAll(/[A-Za-z_$][\w$]*/g)) readers.set(word, (readers.get(word) ?? new Set()).add(name));
  return files.filter(({ name }) => !READ_BY_OTHERS.test(name)).flatMap(({ name, text }) => (
    [...text.matchAll(DECLARED)].map((match) => match[1] ?? '').filter((word) => !ASSERTIONS.has(word) && readers.get(word)?.size === 1).map((word) => `${name}: ${word}`)));
}

describe('exports', () => {
  it('are used by another file', () => {
    expect(unused([{ name: 'a.ts', text: 'export const A = 1;\nexport function b() {}' }, { name: 'c.ts', text: 'b();' }])).toEqual(['a.ts: A']);
    expect(unused(filesBelow(SOURCE_FOLDERS, /\.(ts|mts|mjs)$/))).toEqual([]);
  });
});
