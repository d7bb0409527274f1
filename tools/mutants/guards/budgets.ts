/** Budgets beyond the ledger: what a roster may grant, and the codec of snapshots. */
import type { Mutant, TestRun } from '../mutant.model.js';

const SIGN = 'libs/sdk/roster/sign-roster.ts';
const ROSTER: TestRun = { project: 'unit', file: 'libs/sdk/roster/sign-roster.spec.ts' };
const MEMORY = 'libs/sdk/roster/roster-memory.ts';
const REMEMBERED: TestRun = { project: 'unit', file: 'libs/sdk/roster/roster-memory.spec.ts' };
const READ = 'libs/crypto/snapshot/snapshot.ts';
const SNAPSHOT: TestRun = { project: 'unit', file: 'libs/crypto/snapshot/snapshot.spec.ts', only: 'read from strangers' };

export const BUDGETS: readonly Mutant[] = [
  {
    name: 'roster/bounds-not-checked-by-holders',
    guard: 'no coordinator raises a budget beyond what the attested count allows',
    edits: [{ file: SIGN, find: '  if (entry !== null) checkBudgets(entry);\n', replace: '' }],
    test: ROSTER,
  },
  {
    name: 'roster/draft-signed-unseen',
    guard: 'a holder signs only the roster that it computed from the proposals',
    edits: [{ file: SIGN, find: 'if (draft !== null && canonical(draft) !== canonical(roster)) throw', replace: 'if (draft !== null && canonical(draft) === \'\') throw' }],
    test: ROSTER,
  },
  {
    name: 'roster/anybody-proposes',
    guard: 'a proposal counts only from a pinned officer of a coordinator',
    edits: [{ file: SIGN, find: "use === 'officer' && role === 'coordinator'", replace: "use === 'officer' && role !== ''" }],
    test: ROSTER,
  },
  {
    name: 'roster/serial-may-fall',
    guard: 'an older roster is not signed over a newer one',
    edits: [{ file: SIGN, find: "  if (standing !== null && roster.serial <= standing.serial) throw refused('serial');\n", replace: '' }],
    test: ROSTER,
  },
  {
    name: 'roster/key-swapped-unseen',
    guard: 'a member\'s key is not replaced on the word of an officer alone',
    edits: [{ file: SIGN, find: '  for (const change of keyChanges(changes)) assertCompared(change, input.trust);\n', replace: '' }],
    test: ROSTER,
  },
  {
    name: 'roster/goes-on-from-an-older-one',
    guard: 'a holder signs no roster that undoes what it signed before, whatever roster it is told stands',
    edits: [{ file: MEMORY, find: '    if (overridden === null) refuseForgotten(memory, proposals, roster);\n', replace: '' }],
    test: REMEMBERED,
  },
  {
    name: 'roster/undone-proposal-again',
    guard: 'a proposal that a later one undid is not signed on again',
    edits: [{ file: MEMORY, find: '    for (const proposal of proposals) refuseUndone(memory.members[proposal.memberId], proposal, overridden);\n', replace: '' }],
    test: REMEMBERED,
  },
  {
    name: 'roster/two-of-one-serial',
    guard: 'a roster other than the one that was signed under its serial is not gone on from',
    edits: [{ file: MEMORY, find: "    if (standing?.serial === memory.serial && digestOf(standing) !== memory.digest) throw conflict('current');\n", replace: '' }],
    test: REMEMBERED,
  },
  {
    name: 'snapshot/order-unchecked',
    guard: 'a snapshot has one spelling: lows ascend within their bucket',
    edits: [{ file: READ, find: '    checkOrder(starts, lows);\n', replace: '' }],
    test: SNAPSHOT,
  },
  {
    name: 'snapshot/ones-uncounted',
    guard: 'a snapshot of a stranger cannot point beyond its tokens',
    edits: [{ file: READ, find: "  if (seen !== n || bucket !== buckets) throw new CryptoInputError('snapshot upper bits');\n", replace: '' }],
    test: SNAPSHOT,
  },
  {
    name: 'agent/refill-time-of-any-holder',
    guard: 'the agent tells the time at which a quorum can answer again, not the first that any holder named',
    edits: [{ file: 'libs/sdk/transport/key-holder-client.ts', find: 'bySoonest[threshold - (holders - refusals.size) - 1]!', replace: 'bySoonest[0]!' }],
    test: { project: 'integration', file: 'libs/sdk/transport/key-holder-client.int-spec.ts', only: 'tells the earliest time' },
  },
];
