import { fingerprintOf, type Pin } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { readPublicFile } from '../shell/input.js';
import type { Shell } from '../shell/shell.js';

export const trustCommand: CommandModule = {
  register(program, shell) {
    const trust = program.command('trust').description(shell.text('trust.description'));
    trust.command('add').description(shell.text('trust.addDescription'))
      .requiredOption('--file <public.json>', shell.text('trust.file'))
      .requiredOption('--fingerprint <groups>', shell.text('trust.fingerprint'))
      .option('--subject <subject>', shell.text('trust.subject'))
      .option('--replace', shell.text('trust.replace'))
      .action((options: { file: string; fingerprint: string; subject?: string; replace?: boolean }) => {
        const file = readPublicFile(options.file, options.subject);
        show(shell, shell.home().trust.add(file, options.fingerprint, new Date(), options.replace ?? false));
      });
    trust.command('list').description(shell.text('trust.listDescription')).action(() => show(shell, shell.home().trust.list()));
    trust.command('remove').description(shell.text('trust.removeDescription'))
      .requiredOption('--subject <subject>', shell.text('trust.subject'))
      .option('--kid <kid>', shell.text('trust.kid'))
      .action((options: { subject: string; kid?: string }) => show(shell, shell.home().trust.remove(options.subject, options.kid)));
    trust.command('show').description(shell.text('trust.showDescription'))
      .requiredOption('--file <public.json>', shell.text('trust.file'))
      .option('--subject <subject>', shell.text('trust.subject'))
      .action((options: { file: string; subject?: string }) => {
        const file = readPublicFile(options.file, options.subject);
        const fingerprint = fingerprintOf(file);
        const rows = [...file.keys.map(({ use, kid }) => [use, kid, file.name]), ...file.officers.map(({ kid, name }) => ['officer', kid, name])];
        shell.result({ subject: file.subject, name: file.name, fingerprint, keys: file.keys, officers: file.officers },
          [`${file.subject}  ${file.name}`, shell.text('keys.fingerprint', { fingerprint }), ...shell.table([shell.text('trust.use'), 'kid', shell.text('trust.name')], rows)]);
      });
  },
};

function show(shell: Shell, pins: readonly Pin[]): void {
  const rows = pins.map(({ subject, use, kid, name, pinnedAt }) => [subject, use, kid, name, pinnedAt]);
  shell.result(pins, shell.table([shell.text('trust.subjectHead'), shell.text('trust.use'), 'kid', shell.text('trust.name'), shell.text('trust.pinnedAt')], rows));
}
