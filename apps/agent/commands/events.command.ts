import { HubClient, queryEvents } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';

export const eventsCommand: CommandModule = {
  register(program, shell) {
    program.command('events').description(shell.text('events.description')).action(async () => {
      const events = await queryEvents(new HubClient(shell.home()));
      shell.result(events, shell.table(['#', shell.text('events.kind'), shell.text('events.subject'), shell.text('events.at')], events.map(({ seq, kind, subjectId, at }) => [String(seq), kind, subjectId, at])));
    });
  },
};
