/** What a person or a harness needs to talk to the running network: parties, key files, commands to paste. */
import { keyFilesOf, type DemoParties } from './demo-parties.js';
import { STATED } from './journey-publish.js';
import { compiled } from './run-folder.js';

export function readyParties(parties: DemoParties): object[] {
  return parties.all.map((party) => ({
    name: party.name, title: party.title, role: party.role, partyId: party.partyId, clientId: party.partyId, home: party.home,
    keyFiles: keyFilesOf(party), officers: party.officers, publicFile: party.publicFile,
  }));
}

export function readyCommands(parties: DemoParties): string[] {
  const command = `node ${compiled('apps', 'agent', 'main.js')}`;
  return [
    `${command} overlaps ${STATED.join(' ')} --home ${parties.bank('a').home}`,
    `${command} events --home ${parties.bank('b').home}`,
    `${command} admin list --home ${parties.get('coordinator').home}`,
    `${command} liaison inbox --home ${parties.get('liaison').home}`,
  ];
}
