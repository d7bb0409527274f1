/** Journey three: an overlap becomes a joint case, the case a sealed package, the package a receipt and an outcome. Then a clue is taken back. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '#kernel';
import type { PackageVerdict } from './demo-report.js';
import type { DemoParties, DemoParty } from './demo-parties.js';
import { PROFILE, STATED, type BankFiles } from './journey-publish.js';
import type { Narrator } from './narrator.js';
import { compiled, type RunFolder } from './run-folder.js';
import { BANKS, type OverlapRow, type PerBank } from './scenario-truth.js';
import { tally } from './tally-command.js';

export interface CaseSetting {
  readonly run: RunFolder;
  readonly parties: DemoParties;
  readonly files: BankFiles;
  readonly narrator: Narrator;
  readonly shown: PerBank<OverlapRow[]>;
}
export interface CaseStory {
  readonly verdict: PackageVerdict;
}

interface InboxEntry {
  readonly packageId: string;
  readonly kind: string;
  readonly packageKind: string;
}
interface CaseEntry {
  readonly id: string;
  readonly invitation: string | null;
  readonly state: string;
}

const OFFER_WAIT_MS = 60_000;
const officerKey = (party: DemoParty, index: number): string[] => ['--officer-key', party.officers[index]!.keyFile];

/** Long polls until the package is there: building and offering are the worker's, in its own time. */
async function waitForPackage(liaison: DemoParty, packageKind: string, known: ReadonlySet<string>): Promise<string> {
  for (const end = Date.now() + OFFER_WAIT_MS; Date.now() < end; await sleep(200)) {
    const entries = await tally<InboxEntry[]>(liaison.home, ['liaison', 'inbox', '--all', '--wait', '10']);
    const entry = entries.find((one) => one.packageKind === packageKind && !known.has(one.packageId));
    if (entry !== undefined) return entry.packageId;
  }
  throw new DomainError('STATE_CONFLICT', 'no package was offered in time');
}

async function takeIn(setting: CaseSetting, id: string, file: string): Promise<{ contributors: number; handling: string }> {
  const { home } = setting.parties.get('liaison');
  const folder = file.replace(/\.json$/, '');
  for (const earlier of [file, folder]) rmSync(earlier, { recursive: true, force: true }); // of a run before, into the same export folder
  await tally(home, ['liaison', 'fetch', id, '--out', file]);
  await tally(home, ['liaison', 'receipt', id, '--kind', 'RECEIVED', '--reference', 'intake desk']);
  const opened = await tally<{ contributors: number; handling: string }>(home, ['liaison', 'open', file, '--out', folder]);
  await tally(home, ['liaison', 'receipt', id, '--kind', 'OPENED', '--reference', 'intake desk']);
  await tally(home, ['liaison', 'receipt', id, '--kind', 'ACCEPTED', '--reference', 'DEMO-2026-001']);
  return opened;
}

async function knownPackages(liaison: DemoParty): Promise<Set<string>> {
  return new Set((await tally<InboxEntry[]>(liaison.home, ['liaison', 'inbox', '--all'])).map((entry) => entry.packageId));
}

async function proveLiaison(setting: CaseSetting): Promise<void> {
  const { parties, run, narrator } = setting;
  const liaison = parties.get('liaison');
  const known = await knownPackages(liaison);
  await tally(parties.get('coordinator').home, ['case', 'send-test', '--liaison', liaison.partyId]);
  const test = await waitForPackage(liaison, 'TEST', known);
  await takeIn(setting, test, path.join(run.folder('liaison'), `${test}.json`));
  narrator.say(`${liaison.title} opened and accepted a test package; before that nothing real is sent.`);
}

/** The first overlap that at least two others hold; else the first one. */
function leadOverlap(rows: readonly OverlapRow[]): OverlapRow & { overlap: string } {
  const candidates = rows.filter((row) => row.strength === 'exact') as (OverlapRow & { overlap: string; members: string })[];
  const chosen = candidates.find((row) => row.members === '2+') ?? candidates[0];
  if (chosen === undefined) throw new DomainError('NOT_FOUND', 'bank a has no overlap to open a case from');
  return chosen;
}

export async function carryCase(setting: CaseSetting): Promise<CaseStory> {
  const { parties, narrator, shown, files } = setting;
  await proveLiaison(setting);
  const lead = parties.bank('a');
  const liaison = parties.get('liaison');
  const overlap = leadOverlap(shown.a);
  const { caseId } = await tally<{ caseId: string }>(lead.home, ['case', 'propose', '--overlap', overlap.overlap, '--liaison', liaison.partyId,
    '--category', PROFILE.category, ...STATED, ...officerKey(lead, 0)]);
  narrator.say(`${lead.title} proposes a case from its row ${overlap.row} (${overlap.kind}).`);
  const joined = [lead];
  for (const bank of BANKS.filter((one) => one !== 'a')) {
    const party = parties.bank(bank);
    const asked = (await tally<CaseEntry[]>(party.home, ['case', 'list'])).find((one) => one.id === caseId);
    if (asked === undefined) continue;
    await tally(party.home, ['case', 'join', caseId]);
    joined.push(party);
  }
  for (const party of joined) await tally(party.home, ['case', 'contribute', caseId, ...officerKey(party, 0)]);
  narrator.say(`${joined.length} members joined and contributed, each sealed by its own agent to the liaison's pinned keys.`);
  const known = await knownPackages(liaison);
  const coordinator = parties.get('coordinator');
  await tally(lead.home, ['case', 'approve', caseId, ...officerKey(lead, 1)]);
  await tally(coordinator.home, ['case', 'approve', caseId, ...officerKey(coordinator, 0)]);
  narrator.say(`Approved by ${lead.officers[1]!.name} (${lead.title}) and ${coordinator.officers[0]!.name} (${coordinator.title}).`);

  const packageId = await waitForPackage(liaison, 'CASE', known);
  const opened = await takeIn(setting, packageId, files.packageFile);
  await tally(liaison.home, ['liaison', 'outcome', packageId, '--kind', 'CRIMINAL_CASE_FILED', '--reference', 'DEMO-2026-001']);
  narrator.say(`${liaison.title} fetched, verified and opened the package (${opened.contributors} contributions, handling ${opened.handling}), acknowledged it and filed a case.`);
  const seen = await tally<{ receipts: unknown[]; outcomes: unknown[] }>(joined.at(-1)!.home, ['case', 'show', caseId]);
  narrator.say(`${joined.at(-1)!.title} sees ${seen.receipts.length} receipts and ${seen.outcomes.length} outcome.`);
  await retractOne(setting, overlap);
  return { verdict: await verifyAlone(setting, files.packageFile) };
}

/** A wrong record can be taken back: the clue stops matching at once, and whoever was answered is told. */
async function retractOne({ parties, narrator, shown }: CaseSetting, used: OverlapRow): Promise<void> {
  const bank = parties.bank('a');
  const row = shown.a.find((one) => one.strength === 'exact' && one.row !== used.row);
  if (row === undefined) return;
  await tally(bank.home, ['retract', '--row', row.row, '--reason', 'FALSE_POSITIVE']);
  const told: string[] = [];
  for (const party of parties.banks.slice(1)) {
    const events = await tally<{ kind: string }[]>(party.home, ['events']);
    if (events.some((event) => event.kind === 'CLUE_RETRACTED')) told.push(party.title);
  }
  narrator.say(`${bank.title} retracts its row ${row.row}: it matches no more, and ${told.join(', ') || 'nobody'} was told.`);
}

/** The last word belongs to a process that shares no code with the network: jose, the file and the pinned keys. */
async function verifyAlone({ parties }: CaseSetting, file: string): Promise<PackageVerdict> {
  const liaison = parties.get('liaison');
  const child = spawn(process.execPath, [compiled('tools', 'package-verifier', 'main.js'), '--pins', path.join(liaison.home, 'trust.json'), '--file', file,
    '--seal-key', path.join(liaison.home, 'keys', 'seal.jwk.json'), '--agency', liaison.partyId], { env: { PATH: process.env['PATH'] ?? '' }, stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => { text += chunk.toString('utf8'); });
  const exit = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const verdict = JSON.parse(text || '{}') as Partial<PackageVerdict>;
  return { verified: exit === 0 && verdict.verified === true, contributors: verdict.contributors ?? 0 };
}
