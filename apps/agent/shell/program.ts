/** The whole tree of commands, as commander holds it, with its help in the caller's language. */
import { Command, type Argument, type Help, type Option } from 'commander';
import type { MessageKey } from '../messages/messages.en.js';
import type { CommandModule } from './command-module.js';
import type { Shell } from './shell.js';

const TITLES: Readonly<Record<string, MessageKey>> = {
  'Usage:': 'help.usage', 'Arguments:': 'help.arguments', 'Options:': 'help.options', 'Global Options:': 'help.globalOptions', 'Commands:': 'help.commands',
};

export function programOf(shell: Shell, commands: readonly CommandModule[]): Command {
  const { stdout, stderr } = shell.streams;
  const program = new Command('tally')
    .description(shell.text('program.description'))
    .option('--home <dir>', shell.text('option.home'))
    .option('--json', shell.text('option.json'))
    .option('--lang <zh|en>', shell.text('option.lang'))
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text), outputError: () => undefined })
    .configureHelp(helpOf(shell))
    .helpOption('-h, --help', shell.text('option.help'))
    .helpCommand(false)
    .addHelpText('afterAll', `\n${shell.text('help.exits')}`)
    .exitOverride();
  for (const command of commands) command.register(program, shell);
  complete(program, shell);
  return program;
}

function helpOf(shell: Shell): Partial<Help> {
  const more = ({ defaultValue, argChoices }: Option): string[] => [
    ...(argChoices === undefined ? [] : [`${shell.text('help.choices')}: ${argChoices.join(', ')}`]),
    ...(typeof defaultValue === 'string' ? [`${shell.text('help.default')}: ${defaultValue}`] : []),
  ];
  return {
    showGlobalOptions: true,
    styleTitle: (title) => { const key = TITLES[title]; return key === undefined ? title : shell.text(key); },
    optionDescription: (option) => [option.description, ...(more(option).length === 0 ? [] : [`(${more(option).join('; ')})`])].join(' '),
    argumentDescription: ({ description }: Argument) => description,
  };
}

/** An argument of one name means the same in every command; groups have `--help` and no command of that name. */
function complete(command: Command, shell: Shell): void {
  command.helpCommand(false);
  for (const argument of command.registeredArguments) argument.description = shell.text(`argument.${argument.name()}` as MessageKey);
  for (const sub of command.commands) complete(sub, shell);
}
