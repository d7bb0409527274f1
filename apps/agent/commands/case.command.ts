/** `tally case`: a joint case from proposal to outcome, on the side of members and coordinators. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Command } from 'commander';
import { DomainError, isUuid } from '#kernel';
import { CATEGORIES, HANDLING_LADDER, isCode, type CaseBasis, type Handling } from '#protocol';
import { CasesClient, HubClient, contribute, evidenceRows, followCase, readPrivateJwk, type FollowedCase, type HubCase } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { repeated, uuidOf } from '../shell/option-values.js';
import { printable } from '../shell/output.js';
import type { Shell } from '../shell/shell.js';
import { statedPurposeOf, type StatedOptions } from '../shell/stated-purpose.js';
import { withVault } from '../shell/with-vault.js';

interface ProposeOptions extends StatedOptions { readonly liaison: string; readonly category: string; readonly overlap: readonly string[]; readonly overlaps?: string; readonly officerKey: string }
interface ContributeOptions { readonly file: readonly string[]; readonly rows: boolean; readonly handling: string; readonly limitation: readonly string[]; readonly officerKey: string }

export const caseCommand: CommandModule = {
  register(program, shell) {
    const group = program.command('case').description(shell.text('case.description'));
    const signed = (command: Command): Command => command.requiredOption('--officer-key <file>', shell.text('case.officerKey'));
    signed(group.command('propose').description(shell.text('case.proposeDescription')))
      .requiredOption('--liaison <party>', shell.text('case.liaison')).requiredOption('--category <code>', shell.text('case.category'))
      .option('--overlap <id>', shell.text('case.overlap'), repeated, []).option('--overlaps <file.csv>', shell.text('case.overlapsFile'))
      .option('--purpose <code>', shell.text('overlaps.purpose')).option('--legal-basis <code[:law:article]>', shell.text('overlaps.legalBasis'))
      .action((options: ProposeOptions) => propose(shell, options));
    group.command('list').description(shell.text('case.listDescription')).action(() => list(shell));
    group.command('show <case>').description(shell.text('case.showDescription')).action((id: string) => show(shell, id));
    group.command('join <case>').description(shell.text('case.joinDescription')).action((id: string) => answer(shell, id, 'JOIN'));
    group.command('decline <case>').description(shell.text('case.declineDescription')).action((id: string) => answer(shell, id, 'DECLINE'));
    signed(group.command('contribute <case>').description(shell.text('case.contributeDescription')))
      .option('--file <file>', shell.text('case.file'), repeated, []).option('--no-rows', shell.text('case.noRows'))
      .option('--handling <code>', shell.text('case.handling', { codes: HANDLING_LADDER.join(', ') }), 'AMBER_STRICT')
      .option('--limitation <text>', shell.text('case.limitation'), repeated, [])
      .action((id: string, options: ContributeOptions) => contributeTo(shell, id, options));
    signed(group.command('approve <case>').description(shell.text('case.approveDescription')))
      .action((id: string, options: { officerKey: string }) => approve(shell, id, options.officerKey));
    group.command('withdraw <case>').description(shell.text('case.withdrawDescription')).action((id: string) => withdraw(shell, id));
    group.command('send-test').description(shell.text('case.testDescription')).requiredOption('--liaison <party>', shell.text('case.liaison'))
      .action((options: { liaison: string }) => sendTest(shell, options.liaison));
  },
};

function clientOf(shell: Shell): CasesClient {
  const home = shell.home();
  return new CasesClient(home, new HubClient(home));
}

async function propose(shell: Shell, options: ProposeOptions): Promise<void> {
  const { purpose, legalBasis: stated } = statedPurposeOf(shell, options);
  if (!isCode(CATEGORIES, options.category)) throw new DomainError('BAD_INPUT', 'unknown category', { option: '--category' });
  const overlapIds = [...new Set([...options.overlap, ...(options.overlaps === undefined ? [] : overlapColumn(options.overlaps))])];
  if (overlapIds.length === 0 || !overlapIds.every(isUuid)) throw new DomainError('BAD_INPUT', 'overlap ids', { option: '--overlap', expected: 'UUID' });
  const legalBasis: CaseBasis = { code: stated.code, law: stated.law ?? '', article: stated.article ?? '' };
  const { caseId } = await clientOf(shell).propose({ liaisonId: uuidOf('--liaison', options.liaison), category: options.category, purpose, legalBasis, overlapIds }, readPrivateJwk(options.officerKey));
  shell.result({ caseId }, shell.text('case.proposed', { case: caseId }));
}

async function list(shell: Shell): Promise<void> {
  const cases = await clientOf(shell).list();
  const head = [shell.text('case.id'), shell.text('case.state'), shell.text('case.part'), shell.text('case.categoryHead'), shell.text('case.package')];
  shell.result(cases, shell.table(head, cases.map((one) => [one.id, one.state, partOf(one), one.category, one.package?.state ?? '-'])));
}

async function show(shell: Shell, id: string): Promise<void> {
  const home = shell.home();
  const one = await new CasesClient(home, new HubClient(home)).show(uuidOf('case', id));
  const followed = await followCase(home, one);
  shell.result({ ...one, ...followed }, lines(shell, one, followed));
}

async function answer(shell: Shell, id: string, word: 'JOIN' | 'DECLINE'): Promise<void> {
  const { caseId } = await clientOf(shell).answer(uuidOf('case', id), word);
  shell.result({ caseId, answer: word }, shell.text(word === 'JOIN' ? 'case.joined' : 'case.declined', { case: caseId }));
}

async function contributeTo(shell: Shell, id: string, options: ContributeOptions): Promise<void> {
  if (!(HANDLING_LADDER as readonly string[]).includes(options.handling)) throw new DomainError('BAD_INPUT', 'unknown handling', { option: '--handling', allowed: HANDLING_LADDER });
  const officer = readPrivateJwk(options.officerKey);
  const sealed = await withVault(shell, async (home, vault) => {
    const hub = new HubClient(home);
    const one = await new CasesClient(home, hub).show(uuidOf('case', id));
    const rows = options.rows ? await evidenceRows(hub, vault, one) : [];
    return contribute(home, hub, one, { rows, files: options.file, handlingFloor: options.handling as Handling, limitations: options.limitation }, officer);
  });
  shell.result(sealed, shell.text('case.contributed', { rows: sealed.rows, files: sealed.files, size: sealed.size }));
}

async function approve(shell: Shell, id: string, keyFile: string): Promise<void> {
  const done = await clientOf(shell).approve(uuidOf('case', id), readPrivateJwk(keyFile));
  shell.result(done, [shell.text('case.approved', { digest: done.digest, approvals: done.approvals }), ...(done.packageId === null ? [] : [shell.text('case.complete', { package: done.packageId })])]);
}

async function withdraw(shell: Shell, id: string): Promise<void> {
  const { caseId } = await clientOf(shell).withdraw(uuidOf('case', id));
  shell.result({ caseId }, shell.text('case.withdrawn', { case: caseId }));
}

async function sendTest(shell: Shell, liaison: string): Promise<void> {
  const { packageId } = await clientOf(shell).sendTestPackage(uuidOf('--liaison', liaison));
  shell.result({ packageId }, shell.text('case.testSent', { package: packageId }));
}

function lines(shell: Shell, one: HubCase, followed: FollowedCase): string[] {
  return [
    `${one.id}  ${one.state}  ${partOf(one)}  ${one.category}`,
    shell.text('case.liaisonLine', { name: one.liaisonName, party: one.liaisonId }),
    shell.text('case.asked', { asked: one.asked, joined: one.joined }),
    ...one.participants.map(({ name, part }) => shell.text('case.participant', { name, part })),
    ...one.ownContributions.map(({ id, size }) => shell.text('case.contributionLine', { id, size, opened: followed.opened.includes(id) ? '✓' : '-' })),
    ...(one.package ? [`${shell.text('case.package')}: ${one.package.id}  ${one.package.state}`] : []),
    ...followed.receipts.map(({ kind, time, officerReference, reason }) =>
      shell.text('case.receiptLine', { kind, time, reference: [officerReference, reason].filter((text) => text !== '').map(printable).join('; ') })),
    ...followed.outcomes.map(({ kind, time, reference }) => shell.text('case.outcomeLine', { kind, time, reference: printable(reference) })),
  ];
}

function partOf({ part, invitation }: HubCase): string {
  return part === null ? '-' : part === 'LEAD' ? 'LEAD' : (invitation ?? '-');
}

function overlapColumn(file: string): string[] {
  try {
    const rows = parse(readFileSync(file, 'utf8'), { columns: true, bom: true }) as { overlap?: string }[];
    return rows.map(({ overlap }) => overlap ?? '');
  } catch (cause) {
    throw new DomainError('FILE_UNREADABLE', 'overlaps file', { file: path.basename(file), reason: (cause as NodeJS.ErrnoException).code ?? 'not CSV' }, { cause });
  }
}
