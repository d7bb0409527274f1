/** Proofs, key manifest, blinds: what stands between a member and a lying key-holder; and what a key-holder asks before it evaluates. */
import type { Edit, Mutant, TestRun } from '../mutant.model.js';

const MEMBER_BATCH = 'libs/crypto/voprf/member-batch.ts';
const BATCH: TestRun = { project: 'unit', file: 'libs/crypto/voprf/member-batch.spec.ts' };
const EVALUATE = 'apps/keyholder/evaluate-batch.service.ts';
const ADMISSION = 'apps/keyholder/request-admission.ts';
const HOLDER: TestRun = { project: 'e2e', file: 'apps/keyholder/test/keyholder.e2e-spec.ts', only: 'key-holder refuses' };
const BUDGETS: TestRun = { project: 'e2e', file: 'apps/keyholder/test/budgets.e2e-spec.ts' };
const LEDGER = 'apps/keyholder/migrations/0002-budgets.ts';
const HOLDER_ROSTER: TestRun = { ...HOLDER, only: 'never goes back to an older one' };
const HOLDER_START: TestRun = { project: 'e2e', file: 'apps/keyholder/test/keyholder-start.e2e-spec.ts', only: 'off the committed polynomial' };

/** Both checks of the group key (each holder on the polynomial, each quorum's sum): one alone would still catch most. */
const NO_GROUP_KEY_CHECK: Edit = { file: 'libs/crypto/voprf/shamir.ts', find: '  checkQuorumFacts(holders.map((holder) => holder.index));\n', replace: '  if (holders.length > 0) return;\n' };

const CLIENT = 'libs/sdk/transport/key-holder-client.ts';
const client = (only: string): TestRun => ({ project: 'integration', file: 'libs/sdk/transport/key-holder-client.int-spec.ts', only });

export const TOKENS: readonly Mutant[] = [
  {
    name: 'member/unproven-answers-added',
    guard: 'nothing is computed from answers of which one has no proof that holds',
    edits: [{ file: 'libs/crypto/voprf/member-batch.ts', find: '  if (refused.length > 0) throw new AnswersRefusedError(refused);\n', replace: '' }],
    test: { project: 'unit', file: 'libs/sdk/tokenise/crypto-task.spec.ts', only: 'gives nothing' },
  },
  {
    name: 'member/one-liar-stops-all',
    guard: 'a holder that lies is left out, and the others do the work',
    edits: [{ file: CLIENT, find: '    if (error instanceof FalseAnswerError) {\n', replace: '    if (error instanceof FalseAnswerError && index < 0) {\n' }],
    test: client('leaves out a holder without a proof'),
  },
  {
    name: 'member/liar-not-named',
    guard: 'a holder that lies is named to whoever runs the agent',
    edits: [{ file: CLIENT, find: '      this.falseHolders.note(index, idOf(trusted, index), error.lie);\n', replace: '' }],
    test: client('leaves out a holder without a proof'),
  },
  {
    name: 'member/answer-of-another-generation',
    guard: 'an answer is one to the batch, quorum and generation that were asked for',
    edits: [{ file: CLIENT, find: 'if (answer.holderIndex !== index || !answersTo(answer, request)) throw', replace: 'if (answer.holderIndex !== index) throw' }],
    test: client('leaves out a holder that answers for'),
  },
  {
    name: 'member/false-manifest-unnoticed',
    guard: 'who serves a manifest with a key off the polynomial is named',
    edits: [{ file: 'libs/sdk/trust/trusted-manifest.ts', find: "error.code === 'MANIFEST_INVALID' && error.fields.check !== 'validity'", replace: "error.code === 'MANIFEST_INVALID' && error.fields.check === 'validity'" }],
    test: { project: 'unit', file: 'libs/sdk/trust/trusted-manifest.spec.ts', only: 'who served' },
  },
  {
    name: 'member/proof-not-verified',
    guard: 'no answer of a key-holder is used before its proof was verified',
    edits: [{ file: MEMBER_BATCH, find: '    if (engine.verify(underKey, points, answer.evaluated, answer.proof)) return;', replace: '    return;' }],
    test: BATCH,
  },
  {
    name: 'member/proof-under-any-key',
    guard: 'a proof counts under the key of the manifest only',
    edits: [{ file: MEMBER_BATCH, find: "    verifyAnswer(engine, batch.points, answer, partialPublicKey(engine, holder.publicKey, index, quorum));\n", replace: '    if (!answer.proof.length) verifyAnswer(engine, batch.points, answer, holder.publicKey);\n' }],
    test: BATCH,
  },
  {
    name: 'member/manifest-polynomial-unchecked',
    guard: 'a key off the committed polynomial passes every proof and silently yields wrong tokens',
    edits: [NO_GROUP_KEY_CHECK],
    test: BATCH,
  },
  {
    name: 'member/blind-without-input',
    guard: 'an edited journal row never reuses the blind of another input',
    edits: [{ file: 'libs/crypto/voprf/derivation.ts', find: 'secrets.batchId, u32(i), x);', replace: 'secrets.batchId, u32(i));' }],
    test: BATCH,
  },
  {
    name: 'keyholder/roster-not-asked',
    guard: 'a hub-minted identity without a roster entry gets no evaluation',
    edits: [{ file: 'apps/keyholder/signed-roster.ts', find: '    if (loaded === null || entry === undefined || key === undefined) throw refused();', replace: "    if (loaded === null) throw refused();\n    const [first] = loaded.members.values();\n    if (entry === undefined || key === undefined) return { member: first!.member, key: [...first!.keys.values()][0]! };" }],
    test: HOLDER,
  },
  {
    name: 'keyholder/member-signature-not-verified',
    guard: 'a relayed batch without the member\'s signature is refused',
    edits: [{ file: ADMISSION, find: 'if (!verifyDetached(', replace: 'if (false && !verifyDetached(' }],
    test: HOLDER,
  },
  {
    name: 'keyholder/status-list-not-asked',
    guard: 'a suspended member is out within five seconds',
    edits: [{ file: ADMISSION, find: '    this.parts.status.check(request.memberId);\n', replace: '' }],
    test: HOLDER,
  },
  {
    name: 'keyholder/stale-status-accepted',
    guard: 'a hub that withholds its list stops evaluations instead of letting a suspended member go on',
    edits: [{ file: 'apps/keyholder/status-watch.ts', find: "    if (!this.isFresh(now)) throw new DomainError('STATUS_STALE', 'no fresh status list of the hub');\n", replace: '' }],
    test: HOLDER,
  },
  {
    name: 'keyholder/budget-not-charged',
    guard: 'guessing is counted and ends',
    edits: [{ file: EVALUATE, find: 'const outcome = await this.parts.ledger.charge(chargeOf(request, passed, pointsSha256));', replace: "const outcome = await Promise.resolve(chargeOf(request, passed, pointsSha256).n > 0 ? 'CHARGED' : 'REPEAT');" }],
    test: { ...BUDGETS, only: 'grants t/n and not one more' },
  },
  {
    name: 'keyholder/budget-checked-then-added',
    guard: 'clients in parallel, in several processes, never exceed a budget by one',
    edits: [{ file: LEDGER, find: 'budget = p_budget and period = period_now for update;', replace: 'budget = p_budget and period = period_now;' }],
    test: { ...BUDGETS, only: 'fifty clients' },
  },
  {
    name: 'keyholder/recorded-batch-answered-again',
    guard: 'who recorded a batch cannot spend the member\'s free repeats or budget',
    edits: [{ file: LEDGER, find: '  if p_signed_ms = any(answered) then', replace: '  if false then' }],
    test: { ...BUDGETS, only: 'by somebody who recorded' },
  },
  {
    name: 'keyholder/old-signature-accepted',
    guard: 'a recorded batch is worth nothing minutes later',
    edits: [{ file: ADMISSION, find: '    checkTime(request.signedAtMs, Date.now());\n', replace: '' }],
    test: { ...BUDGETS, only: 'are refused, with the holder' },
  },
  {
    name: 'member/quorum-not-signed',
    guard: 'a relay cannot turn a batch to holders that the member did not ask, and have the member charged there',
    edits: [{ file: 'libs/protocol/oprf-wire.ts', find: '    quorum: [...request.quorum],\n', replace: '' }],
    test: { ...BUDGETS, only: 'by a relay to another quorum' },
  },
  {
    name: 'keyholder/enrolment-clock-rewound',
    guard: 'a later roster cannot release the enrolment budget earlier',
    edits: [{ file: LEDGER, find: 'order by 1\n    on conflict do nothing;', replace: 'order by 1\n    on conflict (member_id, epoch) do update set started_at = excluded.started_at;' }],
    test: { ...BUDGETS, only: 'keeps its clock' },
  },
  {
    name: 'keyholder/enrolment-released-at-once',
    guard: 'a stolen key or a new member cannot ask for everything on its first day',
    edits: [{ file: LEDGER, find: "  if p_budget = 'enrolment' then\n    select", replace: "  if false then\n    select" }],
    test: { ...BUDGETS, only: 'is released over 30 days' },
  },
  {
    name: 'keyholder/points-not-checked',
    guard: 'identity and non-canonical points are refused before they are charged',
    edits: [{ file: EVALUATE, find: '    await passed.epoch.pool.check(points);\n', replace: '' }],
    test: HOLDER,
  },
  {
    name: 'keyholder/old-roster-accepted',
    guard: 'an older roster cannot bring back an expelled member',
    edits: [{ file: 'apps/keyholder/signed-roster.ts', find: "    if (!(await guard.acceptRoster(roster))) throw", replace: "    if (!(await guard.acceptRoster(roster)) && false) throw" }],
    test: HOLDER_ROSTER,
  },
  {
    name: 'keyholder/manifest-polynomial-unchecked',
    guard: 'a holder does not serve a manifest with a key off the polynomial',
    edits: [NO_GROUP_KEY_CHECK],
    test: HOLDER_START,
  },
];
