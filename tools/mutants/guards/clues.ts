/** What may be shared, who may appear in a match, and that matches, retractions and answers do not slip past each other. */
import type { Mutant, TestRun } from '../mutant.model.js';

const POLICY = 'libs/domain/clues/clue.policy.ts';
const MATCH = 'migrations/match-functions.ts';
const EPOCHS = 'migrations/epoch-functions.ts';
const CHECK = 'migrations/1760000000018-check-over-epochs.ts';
const RULES: TestRun = { project: 'unit', file: 'libs/domain/clues/clue.policy.spec.ts' };
const MATCHING: TestRun = { project: 'integration', file: 'libs/domain/overlaps/matching.int-spec.ts' };

export const CLUES: readonly Mutant[] = [
  {
    name: 'publish/one-member-takes-every-place',
    guard: 'a member that uploads slowly does not keep the others from publishing',
    edits: [{ file: 'libs/flows/publish-clues/upload-gate.ts', find: 'this.ofOne = Math.max(1, Math.floor(places / 2));', replace: 'this.ofOne = places;' }],
    test: { project: 'unit', file: 'libs/flows/publish-clues/upload-gate.spec.ts' },
  },
  {
    name: 'clues/individuals-shared',
    guard: 'an individual who is not grey industry is never shared',
    edits: [{ file: POLICY, find: "  if (!category.shareable) return { code: 'CATEGORY_NOT_SHAREABLE', field: 'category' };\n", replace: '' }],
    test: RULES,
  },
  {
    name: 'clues/complainants-unguarded',
    guard: 'a malicious complaint needs a subject that trades in it',
    edits: [{ file: POLICY, find: "  if (clue.role !== 'AGENT') return { code: 'EVIDENCE_INSUFFICIENT', field: 'role' };\n", replace: '' }],
    test: RULES,
  },
  {
    name: 'clues/law-stretched',
    guard: 'the law of telecom fraud is cited for telecom and online fraud only',
    edits: [{ file: POLICY, find: ' && category !== null && !category.onlineFraud)', replace: ' && category === null)' }],
    test: RULES,
  },
  {
    name: 'match/victims-appear',
    guard: 'victims and complainants never appear in a match',
    edits: [{ file: EPOCHS, find: " and c.role in ('AGENT', 'SUSPECT', 'IMPERSONATED')", replace: '' }],
    test: { ...MATCHING, only: 'never lets a' },
  },
  {
    name: 'match/expired-counts',
    guard: 'an expired clue matches nothing',
    edits: [{ file: EPOCHS, find: ' and c.expires_at > now() and', replace: ' and' }],
    test: { ...MATCHING, only: 'leaves out what has expired' },
  },
  {
    name: 'match/band-names-the-other',
    guard: 'in a group of two only yes or no is said',
    edits: [{ file: MATCH, find: 'select count(*) >= (select r.value', replace: 'select count(*) >= 0 * (select r.value' }],
    test: { ...MATCHING, only: 'only yes or no' },
  },
  {
    name: 'match/retraction-not-awaited',
    guard: 'a retraction and a match of one clue follow one another',
    edits: [{ file: MATCH, find: 'where h.party_id = any (parties) order by h.party_id for update;', replace: 'where h.party_id = any (parties);' }],
    test: { ...MATCHING, only: 'a retraction meets a match' },
  },
  {
    name: 'match/answered-not-told',
    guard: 'whoever was answered about a clue learns of its retraction',
    edits: [{ file: CHECK, find: 'order by ct.bucket, ct.token, ct.member_id, ct.clue_id, ct.form for share;', replace: ';' }],
    test: { ...MATCHING, only: 'a retraction meets a check' },
  },
  {
    name: 'check/quota-not-debited',
    guard: 'the quota of checks counts tokens and stops',
    edits: [{ file: CHECK, find: '    if spent > allowance then', replace: '    if spent < 0 then' }],
    test: { ...MATCHING, only: 'quota of the day' },
  },
  {
    name: 'match/plans-by-chance',
    guard: 'a match reads what it matches, whatever the planner knows of the tables',
    edits: [{ file: EPOCHS, find: 'and k.clue_id = ct.clue_id offset 0) c', replace: "and k.clue_id = ct.clue_id and k.state = 'LIVE') c" }],
    test: { project: 'integration', file: 'libs/domain/overlaps/matching-plans.int-spec.ts' },
  },
];
