import { fingerprintOf } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';

export const keysCommand: CommandModule = {
  register(program, shell) {
    const keys = program.command('keys').description(shell.text('keys.description'));
    keys.command('fingerprint').description(shell.text('keys.fingerprintDescription')).action(() => {
      const open = shell.home().publicFile();
      const fingerprint = fingerprintOf(open);
      shell.result({ subject: open.subject, name: open.name, fingerprint }, shell.text('keys.fingerprint', { fingerprint }));
    });
    keys.command('show').description(shell.text('keys.showDescription')).action(() => {
      const { subject, name, keys: own, officers } = shell.home().publicFile();
      const rows = [...own.map(({ use, kid }) => [use, kid, name]), ...officers.map(({ kid, name: officer }) => ['officer', kid, officer])];
      shell.result({ subject, name, keys: own, officers }, shell.table([shell.text('trust.use'), 'kid', shell.text('trust.name')], rows));
    });
  },
};
