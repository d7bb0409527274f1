/** Every command line of the documents, and every one that the agent itself names, against the tree of its commands. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command, Option } from 'commander';
import { ERROR_REGISTRY } from '#protocol';
import { COMMANDS } from '../../apps/agent/commands/index.js';
import { en } from '../../apps/agent/messages/messages.en.js';
import { zh } from '../../apps/agent/messages/messages.zh.js';
import { programOf } from '../../apps/agent/shell/program.js';
import { Shell, type ShellStreams } from '../../apps/agent/shell/shell.js';
import { commandReference } from '../../tools/command-reference/command-reference.js';
import { ROOT } from './import-table.js';
import { filesBelow } from './source-tree.js';

const programIn = (language: 'zh' | 'en'): Command => programOf(new Shell({ env: {} } as ShellStreams, language, false, undefined), COMMANDS);
const program = programIn('en');

interface Line {
  readonly text: string;
  /** As it would be typed: nothing may be missing. In running text a command may stand without its options. */
  readonly whole: boolean;
}

function linesOf(markdown: string): Line[] {
  const blocks = [...markdown.matchAll(/^ *```\w*\n([\s\S]*?)^ *```/gm)].flatMap((block) => (block[1] ?? '').replace(/\\\n\s*/g, ' ').split('\n'));
  const prose = markdown.replace(/^ *```[\s\S]*?^ *```/gm, '');
  return [
    ...blocks.filter((text) => /^\s*tally\s/.test(text)).map((text) => ({ text: text.trim().replace(/\s#.*$/, ''), whole: true })),
    ...[...prose.matchAll(/`(tally [^`]+)`/g)].map((match) => ({ text: (match[1] ?? '').replace(/\s+/g, ' '), whole: false })),
  ];
}

/** Words as a shell would part them, up to a pipe or a redirection; brackets of a synopsis are taken off. */
function wordsOf(text: string): string[] {
  const words = [...text.replace(/[[\]]|,? or:.*$/g, '').matchAll(/"[^"]*"|'[^']*'|\S+/g)].map(([word]) => word);
  const end = words.findIndex((word) => ['|', '<', '>', '&&', ';'].includes(word));
  return (end < 0 ? words : words.slice(0, end)).slice(1);
}

function faultsOf({ text, whole }: Line): string[] {
  const words = wordsOf(text);
  let command = program;
  while (words.length > 0) {
    const sub = command.commands.find((one) => one.name() === words[0] || one.aliases().includes(words[0] ?? ''));
    if (sub === undefined) break;
    command = sub;
    words.shift();
  }
  if (command.commands.length > 0 && (whole || words.length > 0) && words[0]?.startsWith('--') !== true) return [`${text}: no command ${words[0] ?? ''}`];
  const { given, free, faults } = parsed(command, words);
  if (!whole) return faults.map((fault) => `${text}: ${fault}`);
  const missing = command.options.filter((option) => option.mandatory && !given.has(option)).map((option) => `${option.long ?? ''} is missing`);
  const { registeredArguments: declared } = command;
  const needed = declared.filter((argument) => argument.required).length;
  const most = declared.some((argument) => argument.variadic) ? Infinity : declared.length;
  const count = free < needed || free > most ? [`${free} arguments`] : [];
  return [...faults, ...missing, ...count].map((fault) => `${text}: ${fault}`);
}

function parsed(command: Command, words: readonly string[]): { given: Set<Option>; free: number; faults: string[] } {
  const [given, faults] = [new Set<Option>(), [] as string[]];
  let free = 0;
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    if (!word.startsWith('--')) { free += 1; continue; }
    const option = [...command.options, ...program.options].find((one) => one.long === word.replace(/=.*$/s, ''));
    if (option === undefined && word !== '--help') faults.push(`no option ${word}`);
    if (option === undefined) continue;
    given.add(option);
    if (!option.required || word.includes('=')) continue;
    i += 1;
    if (words[i] === undefined || (words[i] ?? '').startsWith('--')) faults.push(`${word} without its value`);
  }
  return { given, free, faults };
}

/** Commands that do something, with the words that call them. */
function leavesOf(command: Command, before: readonly string[] = []): { name: string; command: Command }[] {
  const here = [...before, command.name()];
  return command.commands.length === 0 ? [{ name: here.join(' '), command }] : command.commands.flatMap((one) => leavesOf(one, here));
}

describe('tally commands', () => {
  const documents = [{ name: 'README.md', text: readFileSync(path.join(ROOT, 'README.md'), 'utf8') }, ...filesBelow(['docs', 'apps', 'libs'], /\.md$/)];
  const shown = documents.flatMap(({ name, text }) => linesOf(text).map((line) => ({ name, line })));

  it('of the documents exist, with these options, and lack nothing', () => {
    const bad = 'Say `tally vault status --loud`.\n```\ntally fly\ntally trust sell\ntally publish a.csv --profil p.json \\\n  --profile p.json\ntally keys show more # --quiet\ntally trust add --file --fingerprint "a b"\n```';
    const faults = linesOf(bad).flatMap(faultsOf);
    for (const fault of ['no command fly', 'no command sell', 'no option --profil', '2 arguments', 'show more: 1 arguments', '--file without its value', '--fingerprint is missing', 'no option --loud']) {
      expect(faults).toContainEqual(expect.stringContaining(fault));
    }
    expect(faults.filter((fault) => fault.includes('--quiet'))).toEqual([]);
    expect(shown.length).toBeGreaterThan(100);
    expect(shown.flatMap(({ name, line }) => faultsOf(line).map((fault) => `${name}: ${fault}`))).toEqual([]);
  });

  it('that the agent names in its messages exist', () => {
    const texts = [...Object.values(en), ...Object.values(zh), ...Object.values(ERROR_REGISTRY).flatMap((entry) => [entry.en, entry.zh])];
    const named = texts.flatMap((text) => [...text.matchAll(/`(tally [^`]+)`/g)].map((match) => ({ text: match[1] ?? '', whole: false })));
    expect(named.length).toBeGreaterThan(0);
    expect(named.flatMap(faultsOf)).toEqual([]);
  });

  it('are all in the reference, which is what the commands say of themselves', () => {
    expect(readFileSync(path.join(ROOT, 'docs/generated/commands.md'), 'utf8')).toBe(commandReference());
  });

  it.each(['en', 'zh'] as const)('describe themselves, their options and their arguments (%s)', (language) => {
    const mute = leavesOf(programIn(language)).flatMap(({ name, command }) => [
      ...(command.description() === '' ? [name] : []), ...command.options.filter((option) => !option.description).map((option) => `${name} ${option.flags}`),
      ...command.registeredArguments.filter((argument) => !argument.description).map((argument) => `${name} <${argument.name()}>`),
    ]);
    expect(mute).toEqual([]);
  });
});
