import { changeAddresses, type KeyHolderAddress } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { collectKeyHolder } from './init.command.js';

export const connectCommand: CommandModule = {
  register(program, shell) {
    program.command('connect').description(shell.text('connect.description'))
      .option('--hub <url>', shell.text('init.hub'))
      .option('--auth <url>', shell.text('init.auth'))
      .option('--key-holder <id=url>', shell.text('init.keyHolder'), collectKeyHolder, [])
      .action((options: { hub?: string; auth?: string; keyHolder: readonly KeyHolderAddress[] }) => {
        const { hubUrl, authUrl, keyHolders } = changeAddresses(shell.home(), {
          ...(options.hub === undefined ? {} : { hubUrl: options.hub }),
          ...(options.auth === undefined ? {} : { authUrl: options.auth }),
          ...(options.keyHolder.length === 0 ? {} : { keyHolders: options.keyHolder }),
        }).party;
        shell.result({ hubUrl, authUrl, keyHolders }, shell.table(['', ''], [['hub', hubUrl], ['auth', authUrl], ...keyHolders.map(({ id, url }) => [id, url])]).slice(1));
      });
  },
};
