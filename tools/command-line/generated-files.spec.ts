import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeOrCheck } from './generated-files.js';

describe(writeOrCheck.name, () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'tally-generated-'));
  const file = path.join(dir, 'sub', 'a.txt');
  let said = '';
  const streams = { out: (text: string) => { said += text; }, err: (text: string) => { said += text; } };
  const checked = (content: string): number => writeOrCheck({ [file]: content }, true, 'x', streams);
  beforeEach(() => { said = ''; });
  afterAll(() => rmSync(dir, { recursive: true }));

  it('finds a missing file, and writes nothing while it checks', () => {
    expect(checked('one')).toBe(1);
    expect([existsSync(file), said]).toEqual([false, `drift: ${file} is not what the code says; run \`npm run x\`\n`]);
  });
  it('writes, and then finds nothing', () => {
    expect(writeOrCheck({ [file]: 'one' }, false, 'x', streams)).toBe(0);
    expect([readFileSync(file, 'utf8'), said, checked('one')]).toEqual(['one', `wrote ${file}\n`, 0]);
  });
  it('finds a difference on either side', () => {
    expect(checked('two')).toBe(1);
    writeFileSync(file, 'edited by hand');
    expect(checked('one')).toBe(1);
  });
});
