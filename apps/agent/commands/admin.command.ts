/**
 * What a coordinator's officers do to the directory. The client of the home carries the request; what counts at the hub is
 * the officer's statement, signed here with the key given by --officer-key, which the hub never sees.
 */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { signStatement } from '#crypto';
import { DomainError } from '#kernel';
import { admissionDigest, parseAdmittedParty, statementTypeOf, type DirectoryAct } from '#protocol';
import { DOCUMENTS, fingerprintOf, HubClient, parsePublicFile, readPrivateJwk } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { readJsonFile } from '../shell/input.js';
import { uuidOf } from '../shell/option-values.js';
import type { Shell } from '../shell/shell.js';

interface Party {
  readonly id: string;
  readonly role: string;
  readonly name: string;
  readonly nameZh: string;
  readonly status: string;
  readonly policyVersion: number;
  readonly openAct: { readonly action: string; readonly digest: string; readonly signatures: number } | null;
}

interface FileOptions { readonly file: string; readonly officerKey: string }
interface PartyOptions { readonly officerKey: string }

export const adminCommand: CommandModule = {
  register(program, shell) {
    const admin = program.command('admin').description(shell.text('admin.description'));
    const officerKey = (command: Command): Command => command.requiredOption('--officer-key <file>', shell.text('admin.officerKey'));
    officerKey(admin.command('admit').description(shell.text('admin.admitDescription')).requiredOption('--file <public.json>', shell.text('admin.file')))
      .action((options: FileOptions) => admit(shell, options, DOCUMENTS.proposeAdmission, true));
    officerKey(admin.command('approve').description(shell.text('admin.approveDescription')).requiredOption('--file <public.json>', shell.text('admin.file')))
      .action((options: FileOptions) => admit(shell, options, DOCUMENTS.approveAdmission, false));
    admin.command('list').description(shell.text('admin.listDescription')).action(async () => show(shell, await list(new HubClient(shell.home()))));
    officerKey(admin.command('suspend <party>').description(shell.text('admin.suspendDescription')))
      .action((party: string, options: PartyOptions) => change(shell, party, options, 'SUSPEND', DOCUMENTS.suspendParty));
    officerKey(admin.command('lift <party>').description(shell.text('admin.liftDescription')))
      .action((party: string, options: PartyOptions) => change(shell, party, options, 'LIFT', DOCUMENTS.liftSuspension));
  },
};

async function admit(shell: Shell, options: FileOptions, document: string, proposing: boolean): Promise<void> {
  const value = readJsonFile(options.file, 'FILE_UNREADABLE');
  // Both readings: the pins' own checks (kid against key) and what the hub will store.
  const fingerprint = fingerprintOf(parsePublicFile(value));
  const party = parseAdmittedParty(value);
  const jws = await statement(shell, { action: 'ADMIT', party: party.partyId, digest: admissionDigest(party), policyVersion: 1 }, options.officerKey);
  const changed = await send(shell, document, { jws, ...(proposing ? { publicFile: JSON.stringify(party) } : {}) });
  shell.result({ ...changed, fingerprint }, [line(shell, changed), shell.text('keys.fingerprint', { fingerprint })]);
}

async function change(shell: Shell, id: string, { officerKey }: PartyOptions, action: 'SUSPEND' | 'LIFT', document: string): Promise<void> {
  uuidOf('party', id);
  const party = (await list(new HubClient(shell.home()))).find((one) => one.id === id);
  if (party === undefined) throw new DomainError('NOT_FOUND', 'party');
  const jws = await statement(shell, { action, party: id, digest: null, policyVersion: party.policyVersion }, officerKey);
  const changed = await send(shell, document, { jws });
  shell.result(changed, line(shell, changed));
}

function statement(shell: Shell, act: Pick<DirectoryAct, 'action' | 'party' | 'digest' | 'policyVersion'>, keyFile: string): Promise<string> {
  const whole: DirectoryAct = { v: 1, federation: shell.home().party.federationId, time: new Date().toISOString(), ...act };
  return signStatement(statementTypeOf(act.action), { ...whole }, readPrivateJwk(keyFile));
}

async function send(shell: Shell, document: string, input: object): Promise<Party> {
  const { party } = await new HubClient(shell.home()).graphql<{ party: Party }>(document, { input: { idempotencyKey: randomUUID(), ...input } });
  return party;
}

async function list(hub: HubClient): Promise<Party[]> {
  const found: Party[] = [];
  for (let after: string | null = null; ;) {
    const { parties }: { parties: { edges: { node: Party }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } = await hub.graphql(DOCUMENTS.parties, { after });
    found.push(...parties.edges.map(({ node }) => node));
    if (!parties.pageInfo.hasNextPage) return found;
    after = parties.pageInfo.endCursor;
  }
}

function show(shell: Shell, parties: readonly Party[]): void {
  const head = [shell.text('admin.party'), shell.text('admin.role'), shell.text('admin.status'), shell.text('admin.waiting'), shell.text('admin.name')];
  const rows = parties.map((party) => [party.id, party.role, party.status, party.openAct === null ? '-' : `${party.openAct.action} ${party.openAct.signatures}/2`, `${party.name} ${party.nameZh}`]);
  shell.result(parties, shell.table(head, rows));
}

function line(shell: Shell, party: Party): string {
  return shell.text(party.openAct === null ? 'admin.done' : 'admin.waits', { party: party.id, name: party.name, status: party.status });
}
