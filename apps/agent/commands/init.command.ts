import { Option } from 'commander';
import { DomainError, type PartyId } from '#kernel';
import { PARTY_ROLES, type PartyRole } from '#protocol';
import { createHome, fingerprintOf, type KeyHolderAddress } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { repeated, uuidOf } from '../shell/option-values.js';

interface InitOptions {
  readonly name: string;
  readonly nameZh?: string;
  readonly role: PartyRole;
  readonly partyId?: string;
  readonly hub: string;
  readonly auth: string;
  readonly keyHolder: readonly KeyHolderAddress[];
  readonly federationId: string;
  readonly hubId: string;
  readonly officer: readonly string[];
  readonly federationPolicy: 'standard' | 'synthetic';
  readonly contactDesk?: string;
  readonly jurisdiction?: string;
}

export const initCommand: CommandModule = {
  register(program, shell) {
    program.command('init').description(shell.text('init.description'))
      .requiredOption('--name <name>', shell.text('init.name'))
      .option('--name-zh <name>', shell.text('init.nameZh'))
      .addOption(new Option('--role <role>', shell.text('init.role')).choices(PARTY_ROLES).default('member'))
      .option('--party-id <uuid>', shell.text('init.partyId'))
      .requiredOption('--hub <url>', shell.text('init.hub'))
      .requiredOption('--auth <url>', shell.text('init.auth'))
      .option('--key-holder <id=url>', shell.text('init.keyHolder'), collectKeyHolder, [])
      .requiredOption('--federation-id <id>', shell.text('init.federationId'))
      .requiredOption('--hub-id <id>', shell.text('init.hubId'))
      .option('--officer <name>', shell.text('init.officer'), repeated, [])
      .addOption(new Option('--federation-policy <policy>', shell.text('init.federationPolicy')).choices(['standard', 'synthetic']).default('standard'))
      .option('--contact-desk <text>', shell.text('init.contactDesk'))
      .option('--jurisdiction <code>', shell.text('init.jurisdiction'))
      .action((options: InitOptions) => {
        const home = createHome(shell.homeDirectory(), {
          name: options.name, nameZh: options.nameZh ?? options.name, role: options.role, hubUrl: options.hub, authUrl: options.auth,
          keyHolders: options.keyHolder, federationId: options.federationId, hubId: options.hubId, officers: options.officer,
          federationPolicy: options.federationPolicy,
          ...(options.partyId === undefined ? {} : { partyId: uuidOf('--party-id', options.partyId) as PartyId }),
          ...(options.contactDesk === undefined ? {} : { contactDesk: options.contactDesk }),
          ...(options.jurisdiction === undefined ? {} : { jurisdiction: options.jurisdiction }),
        });
        const open = home.publicFile();
        const fingerprint = fingerprintOf(open);
        const officers = open.officers.map(({ id, name }) => ({ id, name, keyFile: home.file('officers', `${id}.jwk.json`) }));
        shell.result(
          { partyId: home.party.partyId, home: home.directory, publicFile: home.file('public.json'), fingerprint, officers },
          [shell.text('init.done', { home: home.directory, partyId: home.party.partyId }), shell.text('keys.fingerprint', { fingerprint })],
        );
      });
  },
};

export function collectKeyHolder(value: string, all: readonly KeyHolderAddress[]): readonly KeyHolderAddress[] {
  const [, id, url] = /^([^=]+)=(.+)$/.exec(value) ?? [];
  if (id === undefined || url === undefined) throw new DomainError('BAD_INPUT', 'key-holder is ID=URL', { option: '--key-holder', expected: 'ID=URL' });
  return [...all, { id, url }];
}
