/** Every command, called as people call it by mistake: one line, a stable code, never an internal error and never a stack trace. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { Command } from 'commander';
import { COMMANDS } from '../commands/index.js';
import { programOf } from '../shell/program.js';
import { runTally } from '../shell/run-tally.js';
import { Shell, type ShellStreams } from '../shell/shell.js';

class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void { this.text += chunk.toString(); done(); }
}
interface Answer { readonly exit: number; readonly out: string; readonly err: string }
interface Leaf { readonly words: readonly string[]; readonly command: Command }

function leavesOf(command: Command, before: readonly string[] = []): Leaf[] {
  const here = [...before, command.name()];
  return command.commands.length === 0 ? [{ words: here.slice(1), command }] : command.commands.flatMap((sub) => leavesOf(sub, here));
}
const LEAVES = leavesOf(programOf(new Shell({ env: {} } as ShellStreams, 'en', false, undefined), COMMANDS));
const named = LEAVES.map((leaf) => [leaf.words.join(' '), leaf] as const);
/** What writes: a bad place to write to is another case than a bad file to read. */
const WRITTEN = new Set(['--out', '--rejects']);
const isFile = (flags: string): boolean => /<(?:[\w.-]*(?:file|json|csv|folder|dir)|source|document|rosters)/.test(flags);
const INIT = ['init', '--name', 'Bank', '--hub', 'http://127.0.0.1:1', '--auth', 'http://127.0.0.1:1', '--federation-id', 'fed', '--hub-id', 'hub', '--officer', 'Li'];
const UUID = '0b8f6f0e-4f5a-4d8e-9c3b-2a1d5e7f9a10';
const PLAUSIBLE: Readonly<Record<string, string>> = {
  '--liaison': UUID, '--epoch': '1', '--threshold': '2', '--holders': '3', '--holder': 'holder-1', '--kind': 'RECEIVED', '--category': 'PHISHING', '--reason': 'FALSE_POSITIVE', '--row': 'A1', '--overlap': UUID,
  '--purpose': 'FRAUD_PREVENTION', '--legal-basis': 'CONTRACT', '--hub': 'http://127.0.0.1:1', '--auth': 'http://127.0.0.1:1', '--fingerprint': '0000 1111', '--attested': '5', '--federation-id': 'fed', '--name': 'x', '--hub-id': 'h', '--holder-id': 'h',
};

describe('every command of tally', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tally-every-'));
  const at = (name: string): string => path.join(folder, name);
  const file = (name: string, text: string, mode = 0o600): string => { writeFileSync(at(name), text, { mode }); return at(name); };
  const run = async (argv: readonly string[], env: Record<string, string> = {}): Promise<Answer> => {
    const [stdout, stderr] = [new Sink(), new Sink()];
    const home = argv[0] === 'ceremony' ? at('holder') : argv[1] === 'rekey' ? at('rekeyed') : at('home');
    const streams = { stdin: Readable.from([Buffer.from('{"a":')]), stdout, stderr, env: { TALLY_HOME: home, TALLY_PATIENCE_SECONDS: '0.01', LANG: 'en', ...env } };
    return { exit: await runTally(argv, streams, COMMANDS), out: stdout.text, err: stderr.text };
  };
  const good = (): Record<string, string> => ({ key: at('home/keys/evidence.jwk.json'), json: at('home/public.json') });

  /** The call with everything that is needed, files being `given`, or good ones where it is null. */
  function callOf({ words, command }: Leaf, given: string | null): string[] {
    const { key, json } = good();
    const fileFor = (flags: string): string => given ?? (/key/.test(flags) ? key! : json!);
    const options = command.options.filter((option) => !WRITTEN.has(option.long ?? '') && (option.mandatory || isFile(option.flags) || ['--row', '--overlap', '--purpose', '--legal-basis', '--attested', '--yes'].includes(option.long ?? '')));
    const written = command.options.filter((option) => WRITTEN.has(option.long ?? '') && option.mandatory);
    return [
      ...words, ...command.registeredArguments.map((argument) => (isFile(`<${argument.name()}>`) ? fileFor('') : UUID)),
      ...options.flatMap((option) => (!option.required ? [option.long!] : [option.long!, isFile(option.flags) ? fileFor(option.flags) : (option.argChoices?.[0] ?? PLAUSIBLE[option.long!] ?? '1')])),
      ...written.flatMap((option) => [option.long!, at('written')]),
    ];
  }
  function expectRefusal(answer: Answer): void {
    expect(answer.err).not.toMatch(/^\s+at |INTERNAL/m);
    expect(answer.exit).not.toBe(1);
    if (answer.exit !== 0) expect(answer.err.trim().split('\n').at(-1)).toMatch(/^[A-Z_]+: \S/);
  }

  beforeAll(async () => {
    for (const home of ['home', 'rekeyed']) expect(await run(INIT, { TALLY_HOME: at(home) })).toMatchObject({ exit: 0 });
    expect(await run(['ceremony', 'init', '--holder-id', 'holder-1', '--name', 'One', '--federation-id', 'fed', '--passphrase-file', file('passphrase', 'sixteen characters')])).toMatchObject({ exit: 0 });
    mkdirSync(at('directory'));
    file('half.json', '{"threshold": 2, "holders": [');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(named)('%s: --help in both languages', async (_name, { words }) => {
    const [english, chinese] = [await run([...words, '--help']), await run([...words, '--help', '--lang', 'zh'])];
    expect([english.exit, chinese.exit, english.err, chinese.err]).toEqual([0, 0, '', '']);
    expect(english.out).toMatch(/^Usage: tally /);
    expect(chinese.out).toMatch(/^用法： tally /);
    expect(chinese.out).not.toMatch(/Options|Commands|Arguments|display help|default|choices/);
  });

  it.each(named)('%s: an option that does not exist', async (_name, { words }) => {
    const answer = await run([...words, '--no-such-option-13320826779']);
    expect(answer).toMatchObject({ exit: 2, out: '' });
    expect(answer.err).toMatch(/^BAD_INPUT: [^\n]+\n$/);
  });

  it.each(named.filter(([, { command }]) => command.options.some((option) => option.mandatory) || command.registeredArguments.some((argument) => argument.required)))(
    '%s: without what it needs', async (_name, { words }) => {
      expect(await run(words)).toMatchObject({ exit: 2, out: '', err: expect.stringMatching(/^BAD_INPUT: [^\n]+\n$/) as string });
    });

  const reading = named.filter(([, { command }]) => command.options.some((option) => isFile(option.flags)) || command.registeredArguments.some((argument) => isFile(`<${argument.name()}>`)));
  it.each(reading)('%s: files that are missing, folders, not JSON, of another kind', async (_name, leaf) => {
    const bad = [at('missing'), at('directory'), at('half.json'), file('null.json', 'null'), file('list.json', '[]'), file('number.json', '7'), file('object.json', '{"payload":1,"signatures":[1],"holders":[null],"keys":[{}]}')];
    for (const given of bad) expectRefusal(await run(callOf(leaf, given)));
  });

  it.each(named)('%s: as it should be called, but nobody answers', async (_name, leaf) => {
    const answer = await run([...callOf(leaf, null), '--json']);
    expectRefusal(answer);
    if (answer.exit === 0) expect(() => { JSON.parse(answer.out); }).not.toThrow();
    else expect(answer.out).toBe('');
  });

  it.each(named.filter(([, { command }]) => command.options.some((option) => WRITTEN.has(option.long ?? ''))))('%s: a place where nothing can be written', async (_name, leaf) => {
    const call = callOf(leaf, null);
    for (const place of [at('missing/place'), at('directory')]) expectRefusal(await run([...call.filter((word, i) => !WRITTEN.has(word) && !WRITTEN.has(call[i - 1] ?? '')), ...leaf.command.options.filter((option) => WRITTEN.has(option.long ?? '')).flatMap((option) => [option.long!, place])]));
  });

  it('no home, somebody else\'s folder, a home that is damaged', async () => {
    mkdirSync(at('damaged'));
    file('damaged/party.json', '{');
    for (const [words] of named.map(([, leaf]) => [leaf.words] as const)) {
      for (const home of ['', at('missing'), at('directory'), at('damaged'), at('half.json')]) expectRefusal(await run(words, { TALLY_HOME: home }));
    }
  });

  it('a home where no folder can be made, a passphrase that is none', async () => {
    const holder = ['ceremony', 'init', '--holder-id', 'holder-2', '--name', 'Two', '--federation-id', 'fed', '--passphrase-file'];
    for (const call of [INIT, [...holder, at('passphrase')]]) {
      for (const home of [at('half.json'), at('half.json/below')]) expect(await run(call, { TALLY_HOME: home })).toMatchObject({ exit: 2, out: '', err: expect.stringMatching(/^CONFIG_INVALID: [^\n]+\n$/) as string });
    }
    for (const given of ['missing', 'directory', 'null.json']) expectRefusal(await run([...holder, at(given)], { TALLY_HOME: at('second') }));
  });

  it('nothing, a group without its command, a command that does not exist', async () => {
    expect(await run([])).toMatchObject({ exit: 0, err: '' });
    expect(await run(['vault'])).toMatchObject({ exit: 2, out: '', err: expect.stringMatching(/\nBAD_INPUT: [^\n]+\n$/) as string });
    expect(await run(['vault', 'fly'])).toMatchObject({ exit: 2, out: '' });
  });
});
