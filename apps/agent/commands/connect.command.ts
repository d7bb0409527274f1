import { Option } from 'commander';
import { EVALUATION_MODES } from '#protocol';
import { changeAddresses, COMBINERS, type EvaluationSetting, type KeyHolderAddress } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { collectKeyHolder } from './init.command.js';

interface ConnectOptions extends Partial<Pick<EvaluationSetting, 'combiner'>> {
  readonly hub?: string;
  readonly auth?: string;
  readonly keyHolder: readonly KeyHolderAddress[];
  readonly evaluation?: EvaluationSetting['mode'];
}

export const connectCommand: CommandModule = {
  register(program, shell) {
    program.command('connect').description(shell.text('connect.description'))
      .option('--hub <url>', shell.text('init.hub'))
      .option('--auth <url>', shell.text('init.auth'))
      .option('--key-holder <id=url>', shell.text('init.keyHolder'), collectKeyHolder, [])
      .addOption(new Option('--evaluation <mode>', shell.text('connect.evaluation')).choices(EVALUATION_MODES))
      .addOption(new Option('--combiner <who>', shell.text('connect.combiner')).choices(COMBINERS))
      .action((options: ConnectOptions) => {
        const home = shell.home();
        const before: EvaluationSetting = home.party.evaluation ?? { mode: 'baseline', combiner: 'member' };
        const evaluation = { mode: options.evaluation ?? before.mode, combiner: options.combiner ?? before.combiner };
        const { hubUrl, authUrl, keyHolders } = changeAddresses(home, {
          ...(options.hub === undefined ? {} : { hubUrl: options.hub }),
          ...(options.auth === undefined ? {} : { authUrl: options.auth }),
          ...(options.keyHolder.length === 0 ? {} : { keyHolders: options.keyHolder }),
          ...(options.evaluation === undefined && options.combiner === undefined ? {} : { evaluation }),
        }).party;
        if (options.evaluation === 'fast') shell.note('connect.fastUnreviewed');
        const rows = [['hub', hubUrl], ['auth', authUrl], ...keyHolders.map(({ id, url }) => [id, url]), ['evaluation', `${evaluation.mode}, ${evaluation.combiner}`]];
        shell.result({ hubUrl, authUrl, keyHolders, evaluation }, shell.table(['', ''], rows).slice(1));
      });
  },
};
