/** Fast mode: what a check must catch, and in what order things must happen (docs/protocol/fast-mode.md). */
import type { Mutant, TestRun } from '../mutant.model.js';

const FAST_BATCH = 'libs/crypto/voprf/fast-batch.ts';
const EVALUATION = 'libs/sdk/tokenise/fast/fast-evaluation.ts';
const LIARS = 'libs/sdk/tokenise/fast/find-liars.ts';
const TRANSPORT = 'libs/sdk/tokenise/fast/fast-transport.ts';
const EVIDENCE = 'libs/sdk/evidence/fast-evidence.ts';
const UNIT: TestRun = { project: 'unit', file: 'libs/crypto/voprf/fast-batch.spec.ts' };
const JOURNAL: TestRun = { project: 'unit', file: 'libs/sdk/tokenise/batch-journal.spec.ts' };
const HOLDER: TestRun = { project: 'e2e', file: 'apps/keyholder/test/fast-mode.e2e-spec.ts' };
const among = (only: string): TestRun => ({ project: 'federation', file: 'test/contract/fast-mode.spec.ts', only });

export const FAST_MODE: readonly Mutant[] = [
  {
    name: 'fast/sum-not-compared',
    guard: 'a combiner that lies is caught before any token is used',
    edits: [{ file: FAST_BATCH, find: '  return { held: sameBytes(engine.combineDoubled(values), check.expected), unproven };', replace: '  return { held: engine.combineDoubled(values).length === check.expected.length, unproven };' }],
    test: UNIT,
  },
  {
    name: 'fast/check-proof-not-verified',
    guard: 'a holder cannot answer the check with another key',
    edits: [{ file: FAST_BATCH, find: '    verifyAnswer(engine, challenge, answer, underKey);\n    return true;', replace: '    if (answer.proof.length === 0) verifyAnswer(engine, challenge, answer, underKey);\n    return true;' }],
    test: UNIT,
  },
  {
    name: 'fast/tokens-before-the-verdict',
    guard: 'nothing is finalised of a batch whose check does not hold',
    edits: [{ file: FAST_BATCH, find: '  if (!verdict.held) throw new CheckFailedError(verdict.unproven);\n', replace: '' }],
    test: UNIT,
  },
  {
    name: 'fast/weights-from-what-is-known',
    guard: 'nobody can know the weights of a check before it is drawn',
    edits: [{ file: FAST_BATCH, find: 'new Uint8Array(randomBytes(countElements(points) * WEIGHT_BYTES))', replace: 'new Uint8Array(randomBytes(0).length + countElements(points) * WEIGHT_BYTES).fill(7)' }],
    test: UNIT,
  },
  {
    name: 'fast/check-before-the-journal',
    guard: 'weights are drawn for points that are on disk, so that no later answer can fit them',
    edits: [{ file: 'libs/sdk/tokenise/fast/fixed-points.ts', find: '    await journal.write(fixed);\n', replace: '    void journal.write(fixed).catch(() => undefined);\n' }],
    test: among('cannot be journalled'),
  },
  {
    name: 'fast/points-not-journalled',
    guard: 'a run that goes on takes the points that it had, not new ones',
    edits: [{ file: 'libs/sdk/tokenise/fast/fixed-points.ts', find: '    await journal.write(fixed);\n', replace: '    await journal.write(record);\n' }],
    test: among('are on disk, and anew'),
  },
  {
    name: 'fast/verdict-not-recorded',
    guard: 'a check that failed is not tried again after a crash: the same points take proofs',
    edits: [{ file: EVALUATION, find: '    await this.parts.journal.write(failed);\n', replace: '' }],
    test: among('killed after a check had failed'),
  },
  {
    name: 'fast/one-blind-for-both-modes',
    guard: 'a blind is used additively or multiplicatively, never both',
    edits: [{ file: 'libs/sdk/tokenise/batch-journal.ts', find: "record?.state === 'unverified' && sameMode && ", replace: "record?.state === 'unverified' && (sameMode || true) && " }],
    test: JOURNAL,
  },
  {
    name: 'fast/vector-signature-not-verified',
    guard: 'a vector that its holder did not sign convicts nobody, so it is not taken',
    edits: [{ file: TRANSPORT, find: '    if (!this.isReceipt(signed, quorum, batch)) throw new UnsignedAnswerError(index);\n', replace: '' }, { file: TRANSPORT, find: '    if (!this.signed(index, CHECK_ANSWER_TYP, statement, answer.signature)) throw new UnsignedAnswerError(index);\n', replace: '' }],
    test: among('names a holder whose answer'),
  },
  {
    name: 'fast/receipts-not-verified',
    guard: 'a combiner cannot make up what the holders answered',
    edits: [{ file: TRANSPORT, find: "    if (!combined.receipts.every((receipt) => this.isReceipt(receipt, quorum, batch))) return 'false' as const;\n", replace: '' }],
    test: among('makes receipts up'),
  },
  {
    name: 'fast/two-answers-not-noticed',
    guard: 'a holder that lies to the combiner and not to the member does not pass for honest',
    edits: [{ file: LIARS, find: '  return !sameBytes(receiptOf(dispute, signed.holderIndex).answerSha256, signed.answerSha256);', replace: '  return sameBytes(receiptOf(dispute, signed.holderIndex).answerSha256, new Uint8Array(1));' }],
    test: among('signed two answers'),
  },
  {
    name: 'fast/combiner-blamed-for-holders',
    guard: 'the combiner is accused only of sums that are not those of the vectors',
    edits: [{ file: LIARS, find: '  return !sameBytes(await runner', replace: '  return dispute.check.weights.length > 0 || !sameBytes(await runner' }, { file: LIARS, find: 'async function combinedFalsely({ answer }: Dispute,', replace: 'async function combinedFalsely(dispute: Dispute,' }, { file: LIARS, find: '  if (vectors.length !== answer.quorum.length) return false;', replace: '  const { answer } = dispute;\n  if (vectors.length !== answer.quorum.length) return false;' }],
    test: among('convicts a holder that gives'),
  },
  {
    name: 'evidence/signature-not-verified',
    guard: 'a holder is convicted by what it signed only',
    edits: [{ file: EVIDENCE, find: '    if (!signedByHolder(trust, holder.id,', replace: '    if (holder.id === \'\' && !signedByHolder(trust, holder.id,' }],
    test: among('when it is changed, turned'),
  },
  {
    name: 'evidence/check-proof-not-verified',
    guard: 'an accuser cannot choose the answer that a vector is measured by',
    edits: [{ file: EVIDENCE, find: 'return isProven(trial.engine, challenge, answer, trial.underKey) && judgeVector', replace: 'return (challenge.length > 0 || isProven(trial.engine, challenge, answer, trial.underKey)) && judgeVector' }],
    test: among('honest holder'),
  },
  {
    name: 'keyholder/fast-mode-by-default',
    guard: 'a mode that was not reviewed outside is off until an operator allows it',
    edits: [{ file: 'apps/keyholder/evaluate-batch.service.ts', find: "    if (mode === 'fast') this.parts.fast.assertAllowed();\n", replace: '' }],
    test: { ...HOLDER, only: 'unless its operator' },
  },
  {
    name: 'keyholder/any-element-checked',
    guard: 'a check is answered for a batch that this holder evaluated for this member, manifest and quorum',
    edits: [{ file: 'apps/keyholder/check-batch.service.ts', find: '    await fast.assertRemembered(request);\n', replace: '' }],
    test: { ...HOLDER, only: 'did not evaluate' },
  },
  {
    name: 'keyholder/check-not-charged',
    guard: 'a check element is an evaluation like any other',
    edits: [{ file: 'apps/keyholder/check-batch.service.ts', find: 'const outcome = await ledger.charge(charge);', replace: "const outcome = charge.n > 0 ? 'REPEAT' : await ledger.charge(charge);" }],
    test: { ...HOLDER, only: 'for one unit' },
  },
  {
    name: 'keyholder/fast-batches-for-ever',
    guard: 'who asked for what in fast mode is not kept longer than a check can be asked of it',
    edits: [{ file: 'apps/keyholder/keyholder.app.ts', find: '    await retention.start();\n', replace: '' }],
    test: { ...HOLDER, only: 'forgets batches' },
  },
  {
    name: 'keyholder/fast-batches-forgotten-early',
    guard: 'a batch is remembered as long as a member may come back to its check',
    edits: [{ file: 'apps/keyholder/fast-batch-retention.ts', find: 'FAST_BATCH_DAYS = 30', replace: 'FAST_BATCH_DAYS = 20' }],
    test: { ...HOLDER, only: 'forgets batches' },
  },
  {
    name: 'member/mode-not-signed',
    guard: 'a relay cannot turn a batch of one mode into the other',
    edits: [{ file: 'libs/protocol/oprf-wire.ts', find: "    ...(mode === 'fast' ? { mode } : {}),\n", replace: '' }],
    test: { ...HOLDER, only: 'a relay turned' },
  },
  {
    name: 'hub/combines-for-anybody',
    guard: 'a member has its own batches combined only',
    edits: [{ file: 'libs/flows/combine-batch/combine-batch.flow.ts', find: "    if (request.memberId !== actor.partyId) throw new DomainError('FORBIDDEN', 'a batch of another member');\n", replace: '' }],
    test: among('through the hub'),
  },
];
