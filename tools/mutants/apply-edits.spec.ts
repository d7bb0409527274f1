import { applyEdits } from './apply-edits.js';

describe(applyEdits.name, () => {
  const read = (): string => 'if (!allowed) throw refused();\nreturn rows;\n';

  it('replaces the one place, taking the replacement literally', () => {
    const edits = [{ file: 'a.ts', find: 'if (!allowed) throw refused();', replace: "/* $& $' */" }];
    expect(applyEdits(edits, read).get('a.ts')).toBe("/* $& $' */\nreturn rows;\n");
  });
  it('applies several edits of a file one after the other', () => {
    const edits = [{ file: 'a.ts', find: '!allowed', replace: 'false' }, { file: 'a.ts', find: 'if (false)', replace: 'if (0)' }];
    expect(applyEdits(edits, read).get('a.ts')).toContain('if (0) throw');
  });
  it.each([['nowhere', 'x'], ['r', 'x'], ['', 'x'], ['rows', 'rows']])('refuses %j -> %j: not once, or no change', (find, replace) => {
    expect(() => applyEdits([{ file: 'a.ts', find, replace }], read)).toThrow('a.ts');
  });
});
