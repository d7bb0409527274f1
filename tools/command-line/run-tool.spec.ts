import { readFileSync } from 'node:fs';
import { DomainError } from '#kernel';
import { statusOf, UsageError, wholeNumber, type Tool } from './run-tool.js';

describe(statusOf.name, () => {
  const answer = async (argv: readonly string[], more: Partial<Tool<{ size: { type: 'string' } }>> = {}): Promise<[number, string, string]> => {
    let [out, err] = ['', ''];
    const tool: Tool<{ size: { type: 'string' } }> = {
      usage: 'npm run thing -- [--size N]', options: { size: { type: 'string' } }, run: ({ size }) => { out += `size ${String(wholeNumber('--size', size, 3, 1, 9))}\n`; }, ...more,
    };
    return [await statusOf(tool, argv, { out: (text) => { out += text; }, err: (text) => { err += text; } }), out, err];
  };

  it('gives the options to the tool and takes its status', async () => {
    expect(await answer(['--size', '7'])).toEqual([0, 'size 7\n', '']);
    expect(await answer([], { run: () => 1 })).toEqual([1, '', '']);
  });
  it('answers --help on standard output', async () => {
    expect(await answer(['--help'])).toEqual([0, 'usage: npm run thing -- [--size N]\n', '']);
  });
  it.each([[['--sise', '7']], [['--size']], [['--size', '0']], [['--size', 'x']], [['stray']]])('refuses %j with the usage and status 2', async (argv) => {
    const [status, out, err] = await answer(argv);
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(/^BAD_INPUT: [^\n]+\nusage: npm run thing -- \[--size N\]\n$/);
  });
  it('tells what went wrong in one line, never by a stack trace', async () => {
    expect(await answer([], { run: () => { throw new DomainError('POLICY_FORBIDS', 'not here'); } })).toEqual([3, '', 'POLICY_FORBIDS: not here\n']);
    expect(await answer([], { run: () => { readFileSync('/nowhere/at/all'); } })).toEqual([2, '', "FILE_UNREADABLE: ENOENT: no such file or directory, open '/nowhere/at/all'\n"]);
    expect(await answer([], { run: () => { throw new Error('it broke'); } })).toEqual([1, '', 'INTERNAL: it broke\n']);
    expect(await answer([], { run: () => { throw new UsageError('which?'); } })).toEqual([2, '', 'BAD_INPUT: which?\nusage: npm run thing -- [--size N]\n']);
  });
  it('is silent about messages that may hold values, where told', async () => {
    const driver = Object.assign(new TypeError('duplicate key (13320826779)'), { code: '23505' });
    expect(await answer([], { discreet: true, run: () => { throw driver; } })).toEqual([1, '', 'INTERNAL: TypeError 23505\n']);
  });
});
