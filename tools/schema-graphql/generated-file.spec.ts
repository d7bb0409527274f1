import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeOrCheck } from './generated-file.js';

describe(writeOrCheck.name, () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'tally-generated-'));
  const file = path.join(dir, 'sub', 'a.txt');
  const argv = process.argv;
  const checked = (content: string): unknown => {
    process.argv = [...argv, '--check'];
    process.exitCode = 7;
    try {
      writeOrCheck({ [file]: content }, 'x');
      return process.exitCode;
    } finally {
      process.argv = argv;
      process.exitCode = undefined;
    }
  };
  afterAll(() => rmSync(dir, { recursive: true }));

  it('finds a missing file, and writes nothing while it checks', () => {
    expect(checked('one')).toBe(1);
    expect(existsSync(file)).toBe(false);
  });
  it('writes, and then finds nothing', () => {
    writeOrCheck({ [file]: 'one' }, 'x');
    expect([readFileSync(file, 'utf8'), checked('one')]).toEqual(['one', 0]);
  });
  it('finds a difference on either side', () => {
    expect(checked('two')).toBe(1);
    writeFileSync(file, 'edited by hand');
    expect(checked('one')).toBe(1);
  });
});
