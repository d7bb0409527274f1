/** Case packages: whose keys count, who approved, and what was delivered together. */
import type { Mutant, TestRun } from '../mutant.model.js';

const VERIFIER = 'libs/sdk/verify/verify-package.ts';
const VERIFY: TestRun = { project: 'unit', file: 'libs/sdk/verify/verify-package.spec.ts' };

export const PACKAGES: readonly Mutant[] = [
  {
    name: 'liaison/any-hub-key',
    guard: 'a package is the hub\'s only under the pinned key',
    edits: [{ file: VERIFIER, find: "  const statement = await verifyWithPins('tally-package+1', envelopeJws, verifier.trusted.keysOf('hub', 'package'));\n  const envelope = parseEnvelope(statement.payload);", replace: "  const envelope = parseEnvelope(JSON.parse(Buffer.from(envelopeJws.split('.')[1] ?? '', 'base64url').toString('utf8')));" }],
    test: VERIFY,
  },
  {
    name: 'liaison/approver-not-pinned',
    guard: 'an approval counts only under an officer\'s pinned key',
    edits: [
      { file: VERIFIER, find: "  if (!pin) throw new DomainError('KEY_NOT_TRUSTED', 'approval by a key that is not pinned');\n", replace: "  if (!pin) return { kid: claimedKid(jws), name: '', side: 'COORDINATOR', time: '' };\n" },
    ],
    test: VERIFY,
  },
  {
    name: 'liaison/one-officer-suffices',
    guard: 'two different officers of the two parties approve',
    edits: [{ file: VERIFIER, find: "  if (!byLead || !byCoordinator || byLead.kid === byCoordinator.kid) throw new DomainError('FOUR_EYES_REQUIRED', 'two officers, one of the lead and one of the coordinator');\n  return [byLead, byCoordinator];", replace: '  return found.slice(0, byLead && byCoordinator ? 2 : 1);' }],
    test: VERIFY,
  },
  {
    name: 'liaison/proposer-may-approve',
    guard: 'who proposed the case does not approve it',
    edits: [{ file: VERIFIER, find: "one.side === 'LEAD' && one.kid !== proposal.kid", replace: "one.side === 'LEAD'" }],
    test: VERIFY,
  },
  {
    name: 'liaison/approval-of-another-digest',
    guard: 'an approval is of this package and of no other',
    edits: [{ file: VERIFIER, find: "  if (approval.digest !== approvalDigest(envelope as unknown as Record<string, Json>)) throw new DomainError('DIGEST_MISMATCH', 'approval of another digest');\n", replace: '' }],
    test: VERIFY,
  },
  {
    name: 'liaison/delivered-together-unchecked',
    guard: 'no contribution is swapped or left out',
    edits: [{ file: VERIFIER, find: '  assertDelivered(envelope, source);\n', replace: '' }],
    test: VERIFY,
  },
  {
    name: 'liaison/weaker-handling-accepted',
    guard: 'handling is not weaker than a contributor\'s floor',
    edits: [{ file: VERIFIER, find: "  if (isWeaker(envelope.handling, payload.handlingFloor)) throw new DomainError('HANDLING_TOO_WEAK', 'envelope is weaker than a contributor allows');\n", replace: '' }],
    test: VERIFY,
  },
];
