/** Before anything else: the first coordinator is entered once by the operator; every other party is admitted by two officers. */
import { readFileSync } from 'node:fs';
import { bootstrapFederation } from '../bootstrap/bootstrap.js';
import type { DemoDatabase } from './demo-database.js';
import type { DemoNetwork } from './demo-network.js';
import type { DemoParties, DemoParty } from './demo-parties.js';
import { tally } from './tally-command.js';

/** Customers each bank attests to; its budgets follow (docs/threat-model.md). */
const ATTESTED = 1_000_000;

/** @param publishBudget evaluations for publishing, each member and epoch; default: the dealer's */
export async function admitEverybody(database: DemoDatabase, network: DemoNetwork, parties: DemoParties, publishBudget?: number): Promise<void> {
  const coordinator = parties.get('coordinator');
  await bootstrapFederation(database.migrateUrl(), readFileSync(coordinator.publicFile, 'utf8'));
  await Promise.all(parties.all.filter((party) => party !== coordinator).map((party) => admit(coordinator, party)));
  await network.signRoster(parties.banks.map((bank) => ({
    memberId: bank.partyId, attested: ATTESTED,
    ...(publishBudget === undefined ? {} : { budgets: { publish: publishBudget, enrolment: ATTESTED, daily: 10_000 } }),
    evidenceKeys: parties.publicOf(bank.name).keys.filter((key) => key.use === 'evidence').map((key) => key.jwk as never),
  })));
}

async function admit(coordinator: DemoParty, party: DemoParty): Promise<void> {
  const [first, second] = coordinator.officers;
  await tally(coordinator.home, ['admin', 'admit', '--file', party.publicFile, '--officer-key', first!.keyFile]);
  await tally(coordinator.home, ['admin', 'approve', '--file', party.publicFile, '--officer-key', second!.keyFile]);
}

