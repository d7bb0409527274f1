/** docs/generated/commands.md: every command of `tally` with its arguments and options, in English and Chinese, from the commands themselves. */
import type { Command } from 'commander';
import { COMMANDS } from '../../apps/agent/commands/index.js';
import { programOf } from '../../apps/agent/shell/program.js';
import { Shell, type ShellStreams } from '../../apps/agent/shell/shell.js';

const programIn = (language: 'zh' | 'en'): Command => programOf(new Shell({ env: {} } as ShellStreams, language, false, undefined), COMMANDS);
const cell = (text: string): string => text.replace(/\|/g, '\\|');

function sectionOf(names: readonly string[], en: Command, zh: Command): string[] {
  const here = [...names, en.name()];
  if (en.commands.length > 0) return en.commands.flatMap((sub, i) => sectionOf(here, sub, zh.commands[i]!));
  const call = [...here, ...en.registeredArguments.map((argument) => (argument.variadic ? `<${argument.name()}...>` : `<${argument.name()}>`))].join(' ');
  const rows = [
    ...en.registeredArguments.map((argument, i) => [argument.name(), argument.description, zh.registeredArguments[i]!.description]),
    ...en.options.map((option, i) => [`${option.flags}${option.mandatory ? ' (needed)' : ''}`, en.createHelp().optionDescription(option), zh.createHelp().optionDescription(zh.options[i]!)]),
  ];
  const table = rows.length === 0 ? [] : ['', '| | | |', '| --- | --- | --- |', ...rows.map(([flags, text, textZh]) => `| \`${cell(flags!)}\` | ${cell(text!)} | ${cell(textZh!)} |`.replace(' (needed)`', '` needed'))];
  return ['', `## \`${call}\``, '', `${en.description()}. ${zh.description()}。`, ...table];
}

export function commandReference(): string {
  const [en, zh] = [programIn('en'), programIn('zh')];
  return `${[
    '# Commands', '', 'Made by `npm run doc:commands` from the commands themselves. Each understands `--home DIR`, `--json`, `--lang zh|en` and `--help`.',
    ...en.commands.flatMap((command, i) => sectionOf(['tally'], command, zh.commands[i]!)),
  ].join('\n')}\n`;
}
