import { createSodiumEngine } from '#crypto';
import { verifyFastEvidence } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { readJsonFile } from '../shell/input.js';

export const evidenceCommand: CommandModule = {
  register(program, shell) {
    const evidence = program.command('evidence').description(shell.text('evidence.description'));
    evidence.command('check <evidence-file>').description(shell.text('evidence.checkDescription')).action(async (file: string) => {
      const conviction = verifyFastEvidence(readJsonFile(file, 'FILE_UNREADABLE'), shell.home().trust, await createSodiumEngine());
      const { lie, holder, federation, epoch, generation, points } = conviction;
      shell.result(conviction, shell.text('evidence.stands', { holder: holder.id, lie, federation, epoch, generation, points }));
    });
  },
};
